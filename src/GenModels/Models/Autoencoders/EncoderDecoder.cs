using GenModels.Networks;
using static TorchSharp.torch;

namespace GenModels;

/// <summary>An encoder and the decoder behind it, as one network.</summary>
internal sealed class EncoderDecoder : nn.Module<Tensor, Tensor>, IDenseNetwork
{
    public EncoderDecoder(nn.Module<Tensor, Tensor> encoder, nn.Module<Tensor, Tensor> decoder) : base(nameof(EncoderDecoder))
    {
        (Encoder, Decoder) = (encoder, decoder);
        register_module("encoder", encoder);
        register_module("decoder", decoder);
    }

    public nn.Module<Tensor, Tensor> Encoder { get; }

    public nn.Module<Tensor, Tensor> Decoder { get; }

    /// <summary>Codes of shape [n, code].</summary>
    public Tensor Encode(Tensor x)
    {
        using var scope = NewDisposeScope();
        return Encoder.call(x).flatten(1).MoveToOuterDisposeScope();
    }

    public IReadOnlyList<DenseStep>? Steps =>
        Encoder is IDenseNetwork { Steps: { } encoding } && Decoder is IDenseNetwork { Steps: { } decoding } ? [.. encoding, .. decoding] : null;

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return Decoder.call(Encode(input)).MoveToOuterDisposeScope();
    }
}
