namespace GenModels;

/// <summary>How a classifier does on some images.</summary>
/// <param name="Loss">−log p(y|x) of the true classes in nats, the mean over the images.</param>
/// <param name="Accuracy">The share of the images whose likeliest class is the true one, in [0, 1].</param>
public sealed record ClassifierMetrics(double Loss, double Accuracy) : IMetrics
{
    /// <inheritdoc/>
    public IEnumerable<(string Name, double Value)> Named => [("loss", Loss), ("accuracy", Accuracy)];

    /// <summary>The figures in a line.</summary>
    public override string ToString() => FigureText.InALine(Named);
}
