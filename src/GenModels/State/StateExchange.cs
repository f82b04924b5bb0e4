using GenModels.Networks;
using static TorchSharp.torch;

namespace GenModels.State;

/// <summary>
/// Goes through what a training step depends on, to save it or to restore it: each part of a model says once what it consists of, and both
/// ways follow from that. A model or an optimizer is given one; it is not to be derived from.
/// </summary>
public abstract class StateExchange
{
    private protected StateExchange() { }

    /// <summary>A tensor that is changed in place.</summary>
    public abstract void Tensor(string name, Tensor live);

    /// <summary>A source of random numbers.</summary>
    public abstract void Generator(string name, Generator generator);

    /// <summary>Numbers in double precision.</summary>
    /// <param name="name">Their name.</param>
    /// <param name="values">The numbers, which a restored state replaces.</param>
    /// <param name="earlier">How many of them earlier versions kept, where that was fewer. From such a state the first are restored, and the others stay.</param>
    public abstract void Numbers(string name, Span<double> values, int? earlier = null);

    /// <summary>A count; the caller keeps what is returned.</summary>
    public abstract long Count(string name, long value);

    /// <summary>Tensors that are changed in place, under the name and their numbers from 0.</summary>
    public void Tensors(string name, IReadOnlyList<Tensor> live)
    {
        for (int i = 0; i < live.Count; i++) Tensor($"{name}.{Guard.Text(i)}", live[i]);
    }

    /// <summary>A number in double precision; the caller keeps what is returned.</summary>
    public double Number(string name, double value)
    {
        Numbers(name, new Span<double>(ref value));
        return value;
    }

    /// <summary>What the dropout layers of networks draw from, each source once.</summary>
    internal void Dropouts(params IEnumerable<nn.Module<Tensor, Tensor>> networks)
    {
        var layers = networks.SelectMany(network => network.named_modules().Select(m => m.module).Prepend(network)).OfType<Dropout>();
        foreach (var (i, generator) in layers.Select(d => d.Generator).Distinct().Index()) Generator($"dropout.{Guard.Text(i)}", generator);
    }

    /// <summary>Copies of what a description goes through, owned by the caller.</summary>
    internal static Dictionary<string, Tensor> Save(Action<StateExchange> describe)
    {
        using var scope = NewDisposeScope();
        var saved = new Saved();
        describe(saved);
        foreach (var tensor in saved.State.Values) tensor.MoveToOuterDisposeScope();
        return saved.State;
    }

    /// <summary>Puts back what <see cref="Save"/> gave; where it does not fit, nothing is changed.</summary>
    /// <exception cref="ArgumentException">A name is missing or unknown, or a tensor has another shape or type.</exception>
    internal static void Restore(Action<StateExchange> describe, IReadOnlyDictionary<string, Tensor> state)
    {
        Guard.NotNull(state);
        using var scope = NewDisposeScope();
        var expected = new Saved();
        describe(expected);
        Check(expected, state);
        if (expected.Generators.FirstOrDefault(name => !GeneratorState.IsUsable(state[name])) is { } bad)
            throw new ArgumentException($"'{bad}' of the training state is no state that a generator can have.", nameof(state));
        describe(new Restored(state));
    }

    private static void Check(Saved expected, IReadOnlyDictionary<string, Tensor> state)
    {
        if (state.Keys.FirstOrDefault(name => !expected.State.ContainsKey(name)) is { } unknown)
            throw new ArgumentException($"The training state has '{unknown}', which this model does not keep: was it made with other settings?", nameof(state));
        foreach (var (name, tensor) in expected.State)
        {
            if (!state.TryGetValue(name, out var given))
                throw new ArgumentException($"The training state lacks '{name}': was it made with other settings?", nameof(state));
            bool fits = given.shape.SequenceEqual(tensor.shape) || expected.Earlier.TryGetValue(name, out int earlier) && given.shape is [var count] && count == earlier;
            if (given.dtype != tensor.dtype || !fits)
                throw new ArgumentException(
                    $"'{name}' of the training state is {given.dtype} {Guard.Shape(given.shape)}, expected {tensor.dtype} {Guard.Shape(tensor.shape)}.", nameof(state));
        }
    }

    private sealed class Saved : StateExchange
    {
        public Dictionary<string, Tensor> State { get; } = [];

        public List<string> Generators { get; } = [];

        /// <summary>How many numbers earlier versions kept, by name.</summary>
        public Dictionary<string, int> Earlier { get; } = [];

        public override void Tensor(string name, Tensor live) => State.Add(name, live.detach().clone());

        public override void Generator(string name, Generator generator)
        {
            State.Add(name, generator.get_state());
            Generators.Add(name);
        }

        public override void Numbers(string name, Span<double> values, int? earlier)
        {
            State.Add(name, tensor(values.ToArray()));
            if (earlier is { } count) Earlier.Add(name, count);
        }

        public override long Count(string name, long value)
        {
            State.Add(name, tensor([value]));
            return value;
        }
    }

    private sealed class Restored(IReadOnlyDictionary<string, Tensor> state) : StateExchange
    {
        public override void Tensor(string name, Tensor live)
        {
            using var noGrad = no_grad();
            live.copy_(state[name]);
        }

        public override void Generator(string name, Generator generator) => generator.set_state(state[name].cpu());

        public override void Numbers(string name, Span<double> values, int? earlier) => state[name].cpu().data<double>().ToArray().CopyTo(values);

        public override long Count(string name, long value) => state[name].cpu().data<long>()[0];
    }
}
