using GenModels.Distributions;
using GenModels.Networks;
using static TorchSharp.torch;

namespace GenModels;

/// <summary>Makes q(z|x) as one network whose output [n, 2·latent] holds both heads, μ before log σ².</summary>
internal static class VaeEncoders
{
    public static nn.Module<Tensor, Tensor> Create(VaeOptions options, RandomGenerator generator) => GaussianHeads.Create(
        options.Encoder, options.LatentSize, outputs => options.EncoderLayers.Encoder(
            options.ExampleShape, options.ConditionSize, outputs, Activation.Identity, options.Initialization, generator));

    /// <summary>The parameters of the encoder; of one around a trunk that the user brings, what is known without the trunk.</summary>
    public static IEnumerable<StateShape> Shapes(VaeOptions options, bool own) => own
        ? [new("heads.bias", 2L * options.LatentSize)]
        : GaussianHeads.Shapes(options.Encoder, options.LatentSize, outputs => options.EncoderLayers.EncoderShapes(options.ExampleShape, options.ConditionSize, outputs));

    /// <summary>Puts heads on the trunk that the user brings for an encoder; a trial run tells its width.</summary>
    public static nn.Module<Tensor, Tensor> Around(nn.Module<Tensor, Tensor> encoder, VaeOptions options, RandomGenerator generator)
    {
        long[] features = TrialRun.OutputShape(encoder, options.InputShape(options.ExampleShape), nameof(encoder));
        if (features.Length != 1)
            throw new ArgumentException(
                $"The encoder gives {Guard.Shape(features)} for an example, expected one dimension of features: end it with a Flatten.", nameof(encoder));
        return new TrunkWithHeads(encoder, new Dense(features[0], 2L * options.LatentSize, options.Initialization, generator));
    }

    private sealed class TrunkWithHeads : nn.Module<Tensor, Tensor>, INetworkChain
    {
        private readonly nn.Module<Tensor, Tensor> _trunk;
        private readonly Dense _heads;
        private readonly NetworkOutput _features;

        public TrunkWithHeads(nn.Module<Tensor, Tensor> trunk, Dense heads) : base(nameof(TrunkWithHeads))
        {
            (_trunk, _heads, _features) = (trunk, heads, new("encoder", heads.Inputs));
            register_module("trunk", trunk);
            register_module("heads", heads);
        }

        public IReadOnlyList<NetworkPart> Parts =>
            [.. NetworkPart.Of(_trunk, Features), new DenseStep(_heads.Weight, _heads.Bias, Activation.Identity)];

        public override Tensor forward(Tensor x)
        {
            using var scope = NewDisposeScope();
            return _heads.call(Features(x)).MoveToOuterDisposeScope();
        }

        private Tensor Features(Tensor x) => _features.Checked(_trunk.call(x), x);
    }
}
