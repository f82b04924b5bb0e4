using GenModels.Networks;
using static TorchSharp.torch;

namespace GenModels;

/// <summary>Passes of real and generated examples through a discriminator.</summary>
internal sealed class DiscriminatorPass : IDisposable
{
    // A perceptron treats every example alone, so both sides go through it as one batch. A network that the user brings may have batch
    // norm, whose statistics are meant to be those of one side.
    private readonly bool _together;
    private readonly Backpropagation _real;
    private readonly Backpropagation _generated;
    private long _packs;

    public DiscriminatorPass(nn.Module<Tensor, Tensor> discriminator)
    {
        _together = discriminator is Mlp;
        _generated = Backpropagation.Of(discriminator);
        _real = _together ? _generated : Backpropagation.Of(discriminator);
    }

    public IReadOnlyList<Tensor> Parameters => _generated.Parameters;

    /// <summary>The logits of as many real as generated packs, shape [2·packs], the real ones first.</summary>
    public Tensor Forward(Tensor real, Tensor generated)
    {
        _packs = real.shape[0];
        if (_together) return _generated.Forward(cat([real, generated])).flatten();
        return cat([_real.Forward(real).flatten(), _generated.Forward(generated).flatten()]);
    }

    /// <summary>The gradients of the parameters, from that of the logits [2·packs].</summary>
    public IReadOnlyList<Tensor?> Backward(Tensor gradient)
    {
        if (_together) return _generated.Backward(gradient.view(-1, 1)).Parameters;
        var (ofReal, _) = _real.Backward(gradient.narrow(0, 0, _packs).view(-1, 1));
        var (ofGenerated, _) = _generated.Backward(gradient.narrow(0, _packs, _packs).view(-1, 1));
        return Sum(ofReal, ofGenerated);
    }

    /// <summary>The logits of generated packs alone, shape [packs].</summary>
    public Tensor Forward(Tensor generated) => _generated.Forward(generated, inputGradient: true).flatten();

    /// <summary>The gradient of the generated packs, from that of their logits [packs]; null where the logits do not depend on them.</summary>
    public Tensor? BackwardToInput(Tensor gradient) => _generated.InputGradient(gradient.view(-1, 1));

    public static IReadOnlyList<Tensor?> Sum(IReadOnlyList<Tensor?> a, IReadOnlyList<Tensor?> b) =>
        [.. a.Zip(b, (x, y) => x is null ? y : y is null ? x : x + y)];

    public void Dispose()
    {
        _real.Dispose();
        _generated.Dispose();
    }
}
