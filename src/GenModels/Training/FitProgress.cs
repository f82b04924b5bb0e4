namespace GenModels.Training;

/// <summary>Where training is, reported after every step.</summary>
/// <param name="Epoch">The epoch's number, from 1.</param>
/// <param name="Epochs">How many there will be.</param>
/// <param name="Batch">The batch's number in its epoch, from 1.</param>
/// <param name="Batches">How many an epoch has.</param>
/// <param name="Metrics">The step's figures.</param>
/// <param name="Completed">The epoch that this step ended, with its evaluation; null inside an epoch.</param>
public sealed record FitProgress(int Epoch, int Epochs, int Batch, int Batches, IMetrics Metrics, EpochRecord? Completed)
{
    /// <summary>The share of all steps that are done, in (0, 1].</summary>
    public double Fraction => ((Epoch - 1.0) * Batches + Batch) / ((double)Epochs * Batches);

    /// <summary>Place and figures in a line.</summary>
    public override string ToString() =>
        $"epoch {Guard.Text(Epoch)} of {Guard.Text(Epochs)}, batch {Guard.Text(Batch)} of {Guard.Text(Batches)}: {FigureText.InALine(Metrics.Named)}";
}
