namespace GenModels.Training;

/// <summary>
/// A figure, a weight or an input stopped being finite. A step with such a loss or input is not taken, and nothing of the kind is ever saved: the
/// last checkpoint is from before.
/// </summary>
public sealed class TrainingDivergedException : Exception
{
    internal TrainingDivergedException(int epoch, int batch, string term, double value, (double Least, double Greatest) inputRange, string remark)
        : base(
            $"Training stopped in epoch {epoch}, batch {batch}: {term} became {Guard.Text(value)}. The batch's finite values lie in " +
            $"[{Guard.Text(inputRange.Least)}, {Guard.Text(inputRange.Greatest)}]. {remark}") =>
        (Epoch, Batch, Term, Value, InputRange) = (epoch, batch, term, value, inputRange);

    /// <summary>The epoch, from 1.</summary>
    public int Epoch { get; }

    /// <summary>The batch in its epoch, from 1.</summary>
    public int Batch { get; }

    /// <summary>The figure's name; for a weight the name that <see cref="IGenerativeModel.State"/> has for it; or <c>input</c>.</summary>
    public string Term { get; }

    /// <summary>Its value: NaN or an infinity.</summary>
    public double Value { get; }

    /// <summary>The least and the greatest finite value of the batch; NaN where it has none.</summary>
    public (double Least, double Greatest) InputRange { get; }
}
