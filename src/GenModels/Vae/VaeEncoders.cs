using GenModels.Networks;
using static TorchSharp.torch;

namespace GenModels;

/// <summary>Makes q(z|x) as one network whose output [n, 2·latent] holds both heads, μ before log σ².</summary>
internal static class VaeEncoders
{
    public static nn.Module<Tensor, Tensor> Create(VaeOptions options, Generator generator) => options.Encoder switch
    {
        // The last layer is both heads: one matrix product is faster than two.
        EncoderLayout.SharedTrunk => Network(options, 2 * options.LatentSize, generator),
        EncoderLayout.SeparateNetworks => new SeparateHeads(
            Network(options, options.LatentSize, generator), Network(options, options.LatentSize, generator)),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.Encoder, "No such layout."),
    };

    /// <summary>Puts heads on a trunk that the user brings; a trial run tells its width.</summary>
    public static nn.Module<Tensor, Tensor> Around(nn.Module<Tensor, Tensor> trunk, VaeOptions options, Generator generator)
    {
        long[] features = TrialRun.OutputShape(trunk, options.ExampleShape, nameof(trunk));
        if (features.Length != 1)
            throw new ArgumentException(
                $"The encoder gives {Guard.Shape(features)} for an example, expected one dimension of features: end it with a Flatten.", nameof(trunk));
        return new TrunkWithHeads(trunk, new Dense(features[0], 2L * options.LatentSize, options.Initialization, generator));
    }

    private static Mlp Network(VaeOptions options, long outputs, Generator generator) => new(
        options.ExampleSize, options.Hidden, outputs, options.Activation, Activation.Identity, options.Initialization, generator);

    private sealed class SeparateHeads : nn.Module<Tensor, Tensor>
    {
        private readonly Mlp _mean;
        private readonly Mlp _logVariance;

        public SeparateHeads(Mlp mean, Mlp logVariance) : base(nameof(SeparateHeads))
        {
            (_mean, _logVariance) = (mean, logVariance);
            register_module("mean", mean);
            register_module("log_variance", logVariance);
        }

        public override Tensor forward(Tensor x)
        {
            using var scope = NewDisposeScope();
            return cat([_mean.call(x), _logVariance.call(x)], 1).MoveToOuterDisposeScope();
        }
    }

    private sealed class TrunkWithHeads : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> _trunk;
        private readonly Dense _heads;

        public TrunkWithHeads(nn.Module<Tensor, Tensor> trunk, Dense heads) : base(nameof(TrunkWithHeads))
        {
            (_trunk, _heads) = (trunk, heads);
            register_module("trunk", trunk);
            register_module("heads", heads);
        }

        public override Tensor forward(Tensor x)
        {
            using var scope = NewDisposeScope();
            return _heads.call(_trunk.call(x)).MoveToOuterDisposeScope();
        }
    }
}
