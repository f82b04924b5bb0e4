using GenModels.Networks;
using static TorchSharp.torch;

namespace GenModels;

/// <summary>Passes of real and generated examples through a discriminator.</summary>
internal sealed class DiscriminatorPass : IDisposable
{
    /// <summary>One logit for a pack.</summary>
    public static readonly NetworkOutput Output = new("discriminator", 1);

    // Where there is nothing but dense layers, every example is treated alone, so that both sides may go through as one batch. Anything else
    // may look at the batch, as batch norm does, whose statistics are meant to be those of one side.
    private readonly bool _together;
    private readonly Backpropagation _real;
    private readonly Backpropagation _generated;
    private readonly BatchNorm[] _norms;
    private long _packs;

    public DiscriminatorPass(nn.Module<Tensor, Tensor> discriminator)
    {
        _together = NetworkPart.Of(discriminator).All(part => part.TreatsExamplesAlone);
        _generated = Backpropagation.Of(discriminator);
        _real = _together ? _generated : Backpropagation.Of(discriminator);
        _norms = [.. discriminator.named_modules().Select(m => m.module).OfType<BatchNorm>()];
    }

    public IReadOnlyList<Tensor> Parameters => _generated.Parameters;

    /// <summary>The logits of as many real as generated packs, shape [2·packs], the real ones first.</summary>
    public Tensor Forward(Tensor real, Tensor generated)
    {
        _packs = real.shape[0];
        if (_together) return Logits(_generated, cat([real, generated]));
        return cat([Logits(_real, real), Logits(_generated, generated)]);
    }

    /// <summary>The gradients of the parameters, from that of the logits [2·packs].</summary>
    public IReadOnlyList<Tensor?> Backward(Tensor gradient)
    {
        if (_together) return _generated.Backward(gradient).Parameters;
        var (ofReal, _) = _real.Backward(gradient.narrow(0, 0, _packs));
        var (ofGenerated, _) = _generated.Backward(gradient.narrow(0, _packs, _packs));
        return GradientSum.Of(ofReal, ofGenerated);
    }

    /// <summary>The logits of generated packs alone, shape [packs], for the generator's step: running figures stay as they are.</summary>
    public Tensor Forward(Tensor generated)
    {
        foreach (var norm in _norms) norm.Follows = false;
        try
        {
            return Logits(_generated, generated, inputGradient: true);
        }
        finally
        {
            foreach (var norm in _norms) norm.Follows = true;
        }
    }

    /// <summary>The gradient of the generated packs, from that of their logits [packs]; null where the logits do not depend on them.</summary>
    public Tensor? BackwardToInput(Tensor gradient) => _generated.InputGradient(gradient);

    private static Tensor Logits(Backpropagation pass, Tensor packs, bool inputGradient = false) =>
        Output.Checked(pass.Forward(packs, inputGradient), packs).flatten();

    public void Dispose()
    {
        _real.Dispose();
        _generated.Dispose();
    }
}
