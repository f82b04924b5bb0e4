namespace GenModels.Training;

/// <summary>A figure of a training step stopped being finite. The step that would have spread it was not taken.</summary>
public sealed class TrainingDivergedException : Exception
{
    internal TrainingDivergedException(int epoch, int batch, string term, double value)
        : base($"Training stopped in epoch {epoch}, batch {batch}: {term} became {Guard.Text(value)}. Try a smaller learning rate, and look at the range of the data.") =>
        (Epoch, Batch, Term, Value) = (epoch, batch, term, value);

    /// <summary>The epoch, from 1.</summary>
    public int Epoch { get; }

    /// <summary>The batch in its epoch, from 1.</summary>
    public int Batch { get; }

    /// <summary>The figure's name.</summary>
    public string Term { get; }

    /// <summary>The figure's value.</summary>
    public double Value { get; }
}
