using GenModels.Networks;
using static TorchSharp.torch;

namespace GenModels;

/// <summary>An encoder and the decoder behind it, as one network.</summary>
internal sealed class EncoderDecoder : nn.Module<Tensor, Tensor>, INetworkChain
{
    private readonly NetworkOutput _code;
    private readonly NetworkOutput _example;

    public EncoderDecoder(nn.Module<Tensor, Tensor> encoder, nn.Module<Tensor, Tensor> decoder, AutoencoderOptions options) : base(nameof(EncoderDecoder))
    {
        (Encoder, Decoder) = (encoder, decoder);
        (_code, _example) = (new("encoder", options.CodeSize), new("decoder", options.ExampleSize));
        register_module("encoder", encoder);
        register_module("decoder", decoder);
    }

    public nn.Module<Tensor, Tensor> Encoder { get; }

    public nn.Module<Tensor, Tensor> Decoder { get; }

    /// <summary>Codes of shape [n, code].</summary>
    public Tensor Encode(Tensor x)
    {
        using var scope = NewDisposeScope();
        return CheckedCode(Encoder.call(x), x).MoveToOuterDisposeScope();
    }

    /// <summary>What the decoder makes of codes: as many values for each as an example has.</summary>
    public Tensor Decode(Tensor codes)
    {
        using var scope = NewDisposeScope();
        return CheckedExample(Decoder.call(codes), codes).MoveToOuterDisposeScope();
    }

    /// <summary>What the encoder gave, as codes of shape [n, code].</summary>
    public Tensor CheckedCode(Tensor output, Tensor input) => _code.Checked(output, input).flatten(1);

    /// <summary>What the decoder gave.</summary>
    public Tensor CheckedExample(Tensor output, Tensor codes) => _example.Checked(output, codes);

    public IReadOnlyList<NetworkPart> Parts => [.. NetworkPart.Of(Encoder, Encode), .. NetworkPart.Of(Decoder, Decode)];

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return Decode(Encode(input)).MoveToOuterDisposeScope();
    }
}
