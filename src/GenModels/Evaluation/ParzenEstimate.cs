namespace GenModels.Evaluation;

/// <summary>What <see cref="ParzenWindow"/> found.</summary>
/// <param name="LogLikelihood">The mean of log p(x) over the test examples in nats, and its standard error.</param>
/// <param name="Bandwidth">σ: of the values on offer the one under which the validation examples are likeliest.</param>
/// <param name="BandwidthAtEdge">Whether σ is the least or the greatest value on offer, so that a wider choice might do better.</param>
public sealed record ParzenEstimate(MeanEstimate LogLikelihood, double Bandwidth, bool BandwidthAtEdge)
{
    /// <summary>The figures in a line.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{LogLikelihood.ToString("F1", "F1")} nats at σ = {Bandwidth:G3}") +
        (BandwidthAtEdge ? " (an end of the choice)" : "");
}

/// <summary>The same measure of "samples" that no model has drawn. A model that scores less than these has proved nothing by its score.</summary>
/// <param name="TrainingExamples">As many training examples as there are samples: about what a perfect model would score.</param>
/// <param name="Centres">The centres of k-means clusters, which Theis, van den Oord and Bethge (2016, table 1) found to score above the data itself.</param>
public sealed record ParzenControls(ParzenEstimate TrainingExamples, ParzenEstimate Centres)
{
    /// <summary>The figures in a line.</summary>
    public override string ToString() => $"training examples {TrainingExamples}, centres {Centres}";
}
