namespace GenModels.Evaluation;

/// <summary>A generated column beside the real one.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="KolmogorovSmirnov">The greatest difference of the distribution functions, and its p-value.</param>
/// <param name="JensenShannon">
/// The Jensen-Shannon divergence of the two histograms in nats, from 0 to log 2. Their bins end at the real column's twentieths; equal ends
/// count once.
/// </param>
public sealed record ColumnComparison(string Name, KolmogorovSmirnov KolmogorovSmirnov, double JensenShannon)
{
    /// <summary>The column's name and figures in a line.</summary>
    public override string ToString() => $"{Name}: {KolmogorovSmirnov}, JS {FigureText.Short(JensenShannon)} nats";
}
