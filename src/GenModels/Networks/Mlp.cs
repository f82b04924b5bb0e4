using static TorchSharp.torch;

namespace GenModels.Networks;

/// <summary>A multilayer perceptron: fully connected layers with an activation after each but, unless one is named, the last.</summary>
/// <remarks>
/// Its parameters are named <c>0.weight</c>, <c>0.bias</c>, <c>1.weight</c> and so on, those of batch norm <c>norm0.weight</c> and so on.
/// </remarks>
public sealed class Mlp : nn.Module<Tensor, Tensor>, INetworkChain, IEncoderNetwork
{
    private readonly HiddenLayers _hidden;
    private readonly Dense[] _layers;
    private readonly BatchNorm[] _norms;
    private readonly Dropout[] _dropouts;

    /// <summary>Makes a network with random weights.</summary>
    /// <param name="inputs">The number of inputs; inputs of more dimensions are flattened.</param>
    /// <param name="hidden">The widths of the hidden layers, from input to output; none makes a linear map.</param>
    /// <param name="outputs">The number of outputs.</param>
    /// <param name="activation">Applied after each hidden layer.</param>
    /// <param name="outputActivation">Applied after the last layer.</param>
    /// <param name="initialization">Where the weights start.</param>
    /// <param name="generator">The source of the weights.</param>
    public Mlp(
        long inputs, IReadOnlyList<int> hidden, long outputs, Activation activation, Activation outputActivation,
        Initialization initialization, RandomGenerator generator)
        : this(
            inputs, new HiddenLayers { Widths = [.. Guard.NotNull(hidden)], Activation = activation }, outputs, outputActivation,
            initialization, generator)
    { }

    /// <summary>Makes a network with random weights, of hidden layers that may have maxout, dropout or batch norm.</summary>
    /// <param name="inputs">The number of inputs; inputs of more dimensions are flattened.</param>
    /// <param name="hidden">The hidden layers.</param>
    /// <param name="outputs">The number of outputs.</param>
    /// <param name="outputActivation">Applied after the last layer.</param>
    /// <param name="initialization">Where the weights start.</param>
    /// <param name="generator">The source of the weights.</param>
    /// <param name="dropout">The source of what dropout drops; needed where a rate is above 0.</param>
    public Mlp(
        long inputs, HiddenLayers hidden, long outputs, Activation outputActivation, Initialization initialization, RandomGenerator generator,
        RandomGenerator? dropout = null) : base(nameof(Mlp))
    {
        Guard.NotNull(hidden).Validate();
        _hidden = hidden;
        OutputActivation = Guard.Defined(outputActivation);
        long[] widths = [inputs, .. hidden.Widths, outputs];
        _layers = [.. widths.Zip(widths.Skip(1), (from, to) => (from, to)).Select((w, i) => Layer(i, w.from, w.to, initialization, generator))];
        _norms = hidden.BatchNorm ? [.. hidden.Widths.Select(width => new BatchNorm((long)width * hidden.MaxoutPieces))] : [];
        _dropouts = hidden.HasDropout ? [.. _layers.Select((_, i) => new Dropout(i == 0 ? hidden.InputDropout : hidden.Dropout, Guard.NotNull(dropout)))] : [];
        for (int i = 0; i < _layers.Length; i++) register_module(LayerNames.Of("", i), _layers[i]);
        for (int i = 0; i < _norms.Length; i++) register_module(LayerNames.Of("norm", i), _norms[i]);
        for (int i = 0; i < _dropouts.Length; i++) register_module(LayerNames.Of("dropout", i), _dropouts[i]);
    }

    /// <summary>The parameters and buffers that a network of these settings has.</summary>
    internal static IEnumerable<StateShape> Shapes(long inputs, HiddenLayers hidden, long outputs)
    {
        for (int i = 0; i <= hidden.Widths.Count; i++)
        {
            bool isHidden = i < hidden.Widths.Count;
            long width = isHidden ? (long)hidden.Widths[i] * hidden.MaxoutPieces : outputs;
            yield return new(LayerNames.Of("", i) + ".weight", width, inputs);
            if (!isHidden || !hidden.BatchNorm) yield return new(LayerNames.Of("", i) + ".bias", width);
            else foreach (var shape in Networks.BatchNorm.Shapes(width).Under(LayerNames.Of("norm", i))) yield return shape;
            if (isHidden) inputs = hidden.Widths[i];
        }
    }

    /// <summary>The same of a network whose hidden layers are nothing but maps and activations.</summary>
    internal static IEnumerable<StateShape> Shapes(long inputs, ValueList<int> hidden, long outputs) =>
        Shapes(inputs, new HiddenLayers { Widths = hidden }, outputs);

    internal IReadOnlyList<Dense> Layers => _layers;

    internal Activation HiddenActivation => _hidden.Activation;

    internal Activation OutputActivation { get; }

    /// <summary>The network's output.</summary>
    /// <param name="input">Shape [n, …] with as many values an example as the network has inputs.</param>
    /// <returns>Shape [n, outputs].</returns>
    public override Tensor forward(Tensor input) => Run(input, _layers.Length);

    /// <inheritdoc cref="IEncoderNetwork.LastHidden"/>
    internal Tensor LastHidden(Tensor input) => Run(input, _hidden.Widths.Count);

    Tensor IEncoderNetwork.LastHidden(Tensor input) => LastHidden(input);

    IReadOnlyList<NetworkPart> INetworkChain.Parts => [.. _layers.Select(Step)];

    /// <summary>The output of the first layers: through kernels where no gradients are recorded, otherwise over the graph.</summary>
    private Tensor Run(Tensor input, int layers)
    {
        using var scope = NewDisposeScope();
        var h = input.flatten(1);
        if (DenseSegment.TryInfer([.. _layers.Take(layers).Select(Step)], h) is { } output) return output.MoveToOuterDisposeScope();
        for (int i = 0; i < layers; i++) h = Output(i, h);
        return h.MoveToOuterDisposeScope();
    }

    private DenseStep Step(Dense map, int layer)
    {
        var norm = IsHidden(layer) && _norms.Length > 0 ? _norms[layer] : null;
        return new(map.Weight, norm?.Bias ?? map.Bias, IsMaxout(layer) ? Activation.Identity : ActivationOf(layer))
        {
            MaxoutPieces = IsMaxout(layer) ? _hidden.MaxoutPieces : 1,
            InputDropout = _dropouts.Length > 0 ? _dropouts[layer] : null,
            Norm = norm,
        };
    }

    private Activation ActivationOf(int layer) => IsHidden(layer) ? HiddenActivation : OutputActivation;

    private Tensor Output(int layer, Tensor h)
    {
        if (_dropouts.Length > 0) h = _dropouts[layer].call(h);
        h = _layers[layer].call(h);
        if (IsHidden(layer) && _norms.Length > 0) h = _norms[layer].call(h);
        return IsMaxout(layer) ? Maxout(h) : ActivationOf(layer).Apply(h);
    }

    private Tensor Maxout(Tensor h) => h.view(h.shape[0], h.shape[1] / _hidden.MaxoutPieces, _hidden.MaxoutPieces).max(2).values;

    private bool IsMaxout(int layer) => IsHidden(layer) && _hidden.MaxoutPieces > 1;

    private bool IsHidden(int layer) => layer < _hidden.Widths.Count;

    private Dense Layer(int layer, long inputs, long outputs, Initialization initialization, RandomGenerator generator) =>
        IsHidden(layer)
            ? new(inputs, outputs * _hidden.MaxoutPieces, initialization, generator, hasBias: !_hidden.BatchNorm)
            : new(inputs, outputs, initialization, generator);

}
