using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GenModels.Networks;

/// <summary>A fully connected layer: y = x Wᵀ + b, with weight [outputs, inputs] and bias [outputs].</summary>
public sealed class Dense : nn.Module<Tensor, Tensor>
{
    /// <summary>Makes a layer with random weights.</summary>
    /// <param name="inputs">The number of inputs, at least 1.</param>
    /// <param name="outputs">The number of outputs, at least 1.</param>
    /// <param name="initialization">Where the weights start.</param>
    /// <param name="generator">The source of the weights.</param>
    /// <param name="hasBias">Whether there is a bias; false leaves it at 0.</param>
    public Dense(long inputs, long outputs, Initialization initialization, Generator generator, bool hasBias = true) : base(nameof(Dense))
    {
        Guard.Positive(inputs);
        Guard.Positive(outputs);
        Guard.Defined(initialization);
        Guard.NotNull(generator);
        (Inputs, Outputs) = (inputs, outputs);
        using var scope = NewDisposeScope();
        var (w, b) = (empty(outputs, inputs), empty(outputs));
        initialization.Fill(w, b, generator);
        Register("weight", w);
        if (hasBias) Register("bias", b);
        HasBias = hasBias;
    }

    /// <summary>The number of inputs.</summary>
    public long Inputs { get; }

    /// <summary>The number of outputs.</summary>
    public long Outputs { get; }

    internal bool HasBias { get; }

    // Asked for by name each time, since a move to another device replaces them.
    internal Parameter Weight => Registered("weight");

    internal Parameter Bias => Registered("bias");

    /// <summary>x Wᵀ + b.</summary>
    /// <param name="input">Shape [n, inputs].</param>
    /// <returns>Shape [n, outputs].</returns>
    public override Tensor forward(Tensor input)
    {
        var output = HasBias ? DenseSegment.TryInfer([new DenseStep(Weight, Bias, Activation.Identity)], input) : null;
        return output ?? nn.functional.linear(input, Weight, HasBias ? Bias : null);
    }

    private void Register(string name, Tensor values)
    {
        var parameter = new Parameter(values);
        parameter.DetachFromDisposeScope();
        register_parameter(name, parameter);
    }

    private Parameter Registered(string name) => get_parameter(name) ?? throw new InvalidOperationException($"The layer has no {name}.");
}
