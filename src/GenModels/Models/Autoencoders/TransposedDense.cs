using GenModels.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GenModels;

/// <summary>A layer that uses another's weight W the other way round: y = x W + b, with a bias of its own.</summary>
internal sealed class TransposedDense : nn.Module<Tensor, Tensor>
{
    // A reference to the layer would register it, and its weight, a second time.
    private readonly Func<Tensor> _weight;

    public TransposedDense(Dense source) : base(nameof(TransposedDense))
    {
        _weight = () => source.Weight;
        var bias = new Parameter(zeros(source.Inputs));
        bias.DetachFromDisposeScope();
        register_parameter("bias", bias);
    }

    /// <summary>The source's weight, shape [inputs, outputs] of this layer.</summary>
    public Tensor Weight => _weight();

    public Tensor Bias => get_parameter("bias") ?? throw new InvalidOperationException("The layer has no bias.");

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return nn.functional.linear(input, Weight.t(), Bias).MoveToOuterDisposeScope();
    }
}
