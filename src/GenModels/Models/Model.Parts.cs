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
    private WeightAverage? _average;

    /// <inheritdoc cref="IOwnNetworks.OwnNetworks"/>
    internal IReadOnlyList<string> OwnNetworks => _ownNetworks;

    IReadOnlyList<string> IOwnNetworks.OwnNetworks => _ownNetworks;

    /// <summary>The state, for what is added to it or taken away after construction.</summary>
    private protected Dictionary<string, Tensor> Entries => _state;

    /// <summary>The source of what training draws.</summary>
    private protected RandomGenerator Noise { get; }

    /// <summary>Takes over a network: moves it to the model's device, and adds its weights and buffers to the state as <c>name.…</c>.</summary>
    /// <param name="name">Its name, which files keep.</param>
    /// <param name="network">The network, which the model disposes.</param>
    /// <param name="isCallers">Whether it is, or holds, a network of the caller's own, which no settings describe.</param>
    private protected nn.Module<Tensor, Tensor> AddNetwork(string name, nn.Module<Tensor, Tensor> network, bool isCallers = false)
    {
        network.OnDevice(Device).AddState(_state, name);
        _networks.Add(network);
        if (isCallers) _ownNetworks.Add(name);
        return network;
    }

    /// <summary>Adds weights that stand beside the networks to the state.</summary>
    private protected void AddWeights(string name, IEnumerable<(string Name, Parameter Parameter)> parameters)
    {
        foreach (var (parameter, tensor) in parameters) _state.Add($"{name}.{parameter}", tensor);
    }

    /// <summary>Makes an optimizer, whose state checkpoints keep under its name.</summary>
    private protected Optimizer AddOptimizer(string name, OptimizerOptions options, IReadOnlyList<Tensor> parameters)
    {
        var optimizer = options.Create(parameters);
        _optimizers.Add((name, optimizer));
        return optimizer;
    }

    /// <summary>Takes over what is to be disposed with the model.</summary>
    private protected T Owned<T>(T part) where T : IDisposable
    {
        _parts.Add(part);
        return part;
    }

    /// <summary>Keeps averages of the weights that are in the state by now, where <paramref name="decay"/> is above 0.</summary>
    /// <param name="decay">The decay of a step, in [0, 1).</param>
    /// <param name="network">The network whose weights are averaged; null takes all.</param>
    private protected void KeepAverages(double decay, string? network = null) => _average = new WeightAverage(
        decay, _state,
        [.. _state.Keys.Where(name => _state[name] is Parameter && (network is null || name.StartsWith($"{network}.", StringComparison.Ordinal)))]);

    /// <summary>Updates the weights that are averaged, and their averages.</summary>
    private protected void Update(Optimizer optimizer, IReadOnlyList<Tensor?> gradients)
    {
        optimizer.Step(gradients);
        _average?.Follow(optimizer.Steps);
    }

    private void ExchangeAverages() => _average?.Exchange();

    private void DisposeParts()
    {
        _average?.Dispose();
        foreach (var (_, optimizer) in _optimizers) optimizer.Dispose();
        foreach (var part in Enumerable.Reverse(_parts)) part.Dispose();
        foreach (var network in _networks) network.Dispose();
    }
}
