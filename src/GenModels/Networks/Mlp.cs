using System.Globalization;
using static TorchSharp.torch;

namespace GenModels.Networks;

/// <summary>A multilayer perceptron: fully connected layers with an activation after each but, unless one is named, the last.</summary>
/// <remarks>Its parameters are named <c>0.weight</c>, <c>0.bias</c>, <c>1.weight</c> and so on.</remarks>
public sealed class Mlp : nn.Module<Tensor, Tensor>
{
    private readonly Dense[] _layers;

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
        Initialization initialization, Generator generator) : base(nameof(Mlp))
    {
        Guard.NotNull(hidden);
        HiddenActivation = Guard.Defined(activation);
        OutputActivation = Guard.Defined(outputActivation);
        long[] widths = [inputs, .. hidden.Select(width => (long)Guard.Positive(width, nameof(hidden))), outputs];
        _layers = [.. widths.Zip(widths.Skip(1), (from, to) => new Dense(from, to, initialization, generator))];
        for (int i = 0; i < _layers.Length; i++) register_module(i.ToString(CultureInfo.InvariantCulture), _layers[i]);
    }

    internal IReadOnlyList<Dense> Layers => _layers;

    internal Activation HiddenActivation { get; }

    internal Activation OutputActivation { get; }

    /// <summary>The network's output.</summary>
    /// <param name="input">Shape [n, …] with as many values an example as the network has inputs.</param>
    /// <returns>Shape [n, outputs].</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var h = input.flatten(1);
        for (int i = 0; i < _layers.Length; i++) h = ActivationOf(i).Apply(_layers[i].call(h));
        return h.MoveToOuterDisposeScope();
    }

    internal Activation ActivationOf(int layer) => layer < _layers.Length - 1 ? HiddenActivation : OutputActivation;
}
