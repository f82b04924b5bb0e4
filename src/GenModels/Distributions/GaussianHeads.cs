using GenModels.Networks;
using static TorchSharp.torch;

namespace GenModels.Distributions;

/// <summary>Makes a network whose output [n, 2·d] holds μ(x) before log σ²(x).</summary>
internal static class GaussianHeads
{
    /// <summary>One network whose last layer is both heads, or a network for each.</summary>
    public static nn.Module<Tensor, Tensor> Create(EncoderLayout layout, long outputs, Func<long, nn.Module<Tensor, Tensor>> network) => layout switch
    {
        // One matrix product for both heads is faster than two.
        EncoderLayout.SharedTrunk => network(2 * outputs),
        EncoderLayout.SeparateNetworks => new SeparateHeads(network(outputs), network(outputs)),
        _ => throw new ArgumentOutOfRangeException(nameof(layout), layout, "No such layout."),
    };

    /// <summary>The parameters of what <see cref="Create"/> makes, from those of a network with so many outputs.</summary>
    public static IEnumerable<StateShape> Shapes(EncoderLayout layout, long outputs, Func<long, IEnumerable<StateShape>> network) =>
        layout == EncoderLayout.SharedTrunk
            ? network(2 * outputs)
            : network(outputs).Under(SeparateHeads.Mean).Concat(network(outputs).Under(SeparateHeads.LogVariance));

    /// <summary>The distribution that the heads stand for.</summary>
    public static DiagonalGaussian Split(Tensor heads)
    {
        long d = heads.shape[1] / 2;
        return new DiagonalGaussian(heads.narrow(1, 0, d), heads.narrow(1, d, d));
    }

    private sealed class SeparateHeads : nn.Module<Tensor, Tensor>, INetworkChain
    {
        public const string Mean = "mean";
        public const string LogVariance = "log_variance";
        private readonly nn.Module<Tensor, Tensor>[] _heads;

        public SeparateHeads(nn.Module<Tensor, Tensor> mean, nn.Module<Tensor, Tensor> logVariance) : base(nameof(SeparateHeads))
        {
            _heads = [mean, logVariance];
            register_module(Mean, mean);
            register_module(LogVariance, logVariance);
        }

        public IReadOnlyList<NetworkPart> Parts => [new ParallelPart(_heads)];

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return cat([.. _heads.Select(head => head.call(input))], 1).MoveToOuterDisposeScope();
        }
    }
}
