namespace GenModels;

/// <summary>The figure of an autoencoder's objective.</summary>
/// <param name="Loss">
/// The reconstruction error as <see cref="AutoencoderOptions.Loss"/> defines it, summed over an example's values, mean over a batch.
/// </param>
public sealed record AutoencoderMetrics(double Loss) : IMetrics
{
    /// <inheritdoc/>
    public IEnumerable<(string Name, double Value)> Named => [("loss", Loss)];

    /// <summary>The figure in a line.</summary>
    public override string ToString() => FigureText.InALine(Named);
}
