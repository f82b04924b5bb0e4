using GenModels.Networks;
using static TorchSharp.torch;

namespace GenModels;

/// <summary>The passes of a training step: one through encoder and decoder together, or one through each where a condition joins the code between them.</summary>
internal sealed class EncoderDecoderPass(EncoderDecoder networks, AutoencoderOptions options) : IDisposable
{
    private readonly Backpropagation _first = Backpropagation.Of(options.Condition is null ? networks : networks.Encoder);
    private readonly Backpropagation? _decoder = options.Condition is null ? null : Backpropagation.Of(networks.Decoder);

    public IReadOnlyList<Tensor> Parameters => [.. _first.Parameters, .. _decoder?.Parameters ?? []];

    /// <summary>What the decoder gives.</summary>
    /// <param name="input">The encoder's input.</param>
    /// <param name="join">Puts the condition beside codes.</param>
    public Tensor Forward(Tensor input, Func<Tensor, Tensor> join)
    {
        var output = _first.Forward(input);
        if (_decoder is null) return output;
        var codes = join(networks.CheckedCode(output, input));
        return networks.CheckedExample(_decoder.Forward(codes, inputGradient: true), codes);
    }

    /// <summary>The gradients of the parameters, from that of the decoder's output.</summary>
    public IReadOnlyList<Tensor?> Backward(Tensor outputGradient)
    {
        if (_decoder is null) return _first.Backward(outputGradient).Parameters;
        var (gradients, inputGradient) = _decoder.Backward(outputGradient);
        var codeGradient = inputGradient?.narrow(1, 0, options.CodeSize).contiguous() ?? zeros(outputGradient.shape[0], options.CodeSize, device: outputGradient.device);
        return [.. _first.Backward(codeGradient).Parameters, .. gradients];
    }

    public void Dispose()
    {
        _first.Dispose();
        _decoder?.Dispose();
    }
}
