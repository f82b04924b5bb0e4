namespace GenModels.Evaluation;

/// <summary>What one dimension of a VAE's code carries, over some examples.</summary>
/// <param name="Index">Its position in the code, from 0.</param>
/// <param name="Kl">KL(q(z|x) ‖ N(0, 1)) of this dimension in nats, the mean over the examples: what is told about x here.</param>
/// <param name="MeanVariance">The variance over the examples of the posterior mean E[z|x].</param>
/// <param name="IsActive">Whether <paramref name="MeanVariance"/> is above the threshold. Otherwise the decoder learns nothing about x here.</param>
/// <param name="AggregateMean">The mean of the aggregated posterior q(z), the mixture of q(z|x) over the examples; 0 where it is the prior.</param>
/// <param name="AggregateVariance">The variance of q(z); 1 where it is the prior.</param>
public sealed record LatentDimension(int Index, double Kl, double MeanVariance, bool IsActive, double AggregateMean, double AggregateVariance)
{
    /// <summary>The figures in a line.</summary>
    public override string ToString() =>
        $"dimension {Guard.Text(Index)}, {(IsActive ? "active" : "collapsed")}: " + FigureText.InALine(
            [("KL", Kl), ("variance of the mean", MeanVariance), ("aggregate mean", AggregateMean), ("aggregate variance", AggregateVariance)]);
}
