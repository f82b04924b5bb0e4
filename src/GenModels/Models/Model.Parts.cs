using GenModels.Kernels;
using GenModels.Networks;
using GenModels.Optimization;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace GenModels;

// What a model's constructor puts together.
public abstract partial class Model<TOptions, TMetrics>
{
    private readonly Dictionary<string, Tensor> _state = [];
    private readonly List<nn.Module<Tensor, Tensor>> _networks = [];
    private readonly List<string> _ownNetworks = [];
    private readonly List<(string Name, Optimizer Optimizer)> _optimizers = [];
    private readonly List<IDisposable> _parts = [];
    private (Optimizer Optimizer, WeightAverage Average)? _averaged;

    /// <inheritdoc cref="IOwnNetworks.OwnNetworks"/>
    internal IReadOnlyList<string> OwnNetworks => _ownNetworks;

    IReadOnlyList<string> IOwnNetworks.OwnNetworks => _ownNetworks;

    /// <summary>The state, for what is added to it or taken away after construction.</summary>
    private protected Dictionary<string, Tensor> Entries => _state;

    /// <summary>The source of what training draws; checkpoints keep where it is.</summary>
    protected RandomGenerator Noise { get; }

    /// <summary>Takes over a network: moves it to the model's device, and adds its weights and buffers to the state as <c>name.…</c>.</summary>
    /// <param name="name">Its name, which files keep.</param>
    /// <param name="network">The network, which the model disposes.</param>
    /// <param name="isCallers">Whether it is, or holds, a network of the caller's own, which no settings describe.</param>
    /// <returns>The network.</returns>
    protected nn.Module<Tensor, Tensor> AddNetwork(string name, nn.Module<Tensor, Tensor> network, bool isCallers = false)
    {
        network.OnDevice(Device).AddState(_state, name);
        _networks.Add(network);
        if (isCallers) _ownNetworks.Add(name);
        return network;
    }

    /// <summary>A way to train a network: forward passes, and gradients by its parameters and its input. The model disposes it.</summary>
    /// <param name="network">The network, which was added before.</param>
    /// <returns>The pass, which holds one forward pass at a time.</returns>
    protected Backpropagation PassThrough(nn.Module<Tensor, Tensor> network) => Owned(Backpropagation.Of(network));

    /// <summary>Adds weights that stand beside the networks to the state.</summary>
    /// <param name="name">What the state's names begin with.</param>
    /// <param name="parameters">The weights, which stay their owner's.</param>
    protected void AddWeights(string name, IEnumerable<(string Name, Parameter Parameter)> parameters)
    {
        foreach (var (parameter, tensor) in parameters) _state.Add($"{name}.{parameter}", tensor);
    }

    /// <summary>Makes an optimizer, whose state checkpoints keep under its name. The model disposes it.</summary>
    /// <param name="name">Its name, which checkpoints keep.</param>
    /// <param name="options">Its settings.</param>
    /// <param name="parameters">What it updates: weights that are in the state by now.</param>
    /// <returns>The optimizer, for <see cref="Update"/>.</returns>
    protected Optimizer AddOptimizer(string name, OptimizerOptions options, IReadOnlyList<Tensor> parameters)
    {
        var optimizer = options.Create(parameters);
        _optimizers.Add((name, optimizer));
        return optimizer;
    }

    /// <summary>Takes over what is to be disposed with the model.</summary>
    /// <param name="part">What is to be disposed.</param>
    /// <returns>The same.</returns>
    protected T Owned<T>(T part) where T : IDisposable
    {
        _parts.Add(part);
        return part;
    }

    /// <summary>Keeps averages of the weights that an optimizer updates, where <paramref name="decay"/> is above 0.</summary>
    /// <param name="decay">The decay of a step, in [0, 1).</param>
    /// <param name="optimizer">The optimizer, whose weights are in the state by now.</param>
    protected void KeepAverages(double decay, Optimizer optimizer) => _averaged = (
        optimizer, new WeightAverage(decay, _state, [.. optimizer.Parameters.Select(NameOf)]));

    /// <summary>Updates weights, and their averages where there are any. Nothing is changed unless loss and gradients are finite.</summary>
    /// <param name="loss">The loss that the gradients are of.</param>
    /// <param name="optimizer">The optimizer of the weights.</param>
    /// <param name="gradients">One for each of its weights, in order; null leaves a weight as it is.</param>
    /// <returns>The norm of all gradients together, before they are clipped.</returns>
    /// <exception cref="ArgumentException">There is another number of gradients than of weights.</exception>
    /// <exception cref="NotFiniteUpdateException">The loss or a gradient is not finite.</exception>
    protected double Update(double loss, Optimizer optimizer, IReadOnlyList<Tensor?> gradients)
    {
        Guard.SameLength(gradients.Count, optimizer.Parameters.Count, nameof(gradients), nameof(optimizer.Parameters));
        if (!double.IsFinite(loss)) throw new NotFiniteUpdateException("loss", loss);
        double squares = 0;
        for (int i = 0; i < gradients.Count; i++)
        {
            if (gradients[i] is { } gradient) squares += SquaredNorm.Of(gradient);
            // A number whose square is infinite is of no more use to an optimizer than one that is infinite itself.
            if (!double.IsFinite(squares)) throw new NotFiniteUpdateException($"gradient of {NameOf(optimizer.Parameters[i])}", double.NaN);
        }
        optimizer.Step(gradients);
        if (_averaged is var (averaged, average) && averaged == optimizer) average.Follow(optimizer.Steps);
        return Math.Sqrt(squares);
    }

    private string NameOf(Tensor weight) => _state.First(s => ReferenceEquals(s.Value, weight)).Key;

    private void ExchangeAverages() => _averaged?.Average.Exchange();

    private void DisposeParts()
    {
        _averaged?.Average.Dispose();
        foreach (var (_, optimizer) in _optimizers) optimizer.Dispose();
        foreach (var part in Enumerable.Reverse(_parts)) part.Dispose();
        foreach (var network in _networks) network.Dispose();
    }
}
