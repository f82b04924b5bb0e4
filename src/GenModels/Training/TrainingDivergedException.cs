using static TorchSharp.torch;

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

    /// <summary>A figure of a step is not finite.</summary>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <param name="batch">The batch in its epoch, from 1.</param>
    /// <param name="term">The figure's name.</param>
    /// <param name="value">Its value.</param>
    /// <param name="examples">The batch.</param>
    /// <param name="badWeight">A weight of the model that is not finite either; null where there is none.</param>
    internal static TrainingDivergedException OfFigure(int epoch, int batch, string term, double value, Tensor examples, string? badWeight) => new(
        epoch, batch, term, value, FiniteCheck.FiniteRange(examples),
        badWeight is null
            ? "Try a smaller learning rate, and look at the range of the data."
            : $"'{badWeight}' of the model was no longer finite: a gradient of the step before was not. Try a smaller learning rate.");

    /// <summary>A weight is not finite after a step whose figures were.</summary>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <param name="batch">The batch in its epoch, from 1.</param>
    /// <param name="name">The weight.</param>
    internal static TrainingDivergedException OfWeight(int epoch, int batch, string name) => new(
        epoch, batch, name, double.NaN, (double.NaN, double.NaN),
        "The weight is not finite because a gradient was not. Try a smaller learning rate.");

    /// <summary>The epoch, from 1.</summary>
    public int Epoch { get; }

    /// <summary>The batch in its epoch, from 1.</summary>
    public int Batch { get; }

    /// <summary>The figure's name; for a gradient <c>gradient of</c> and its weight's name; for a weight the name that <see cref="ITrainable.State"/> has for it; or <c>input</c>.</summary>
    public string Term { get; }

    /// <summary>Its value: NaN or an infinity.</summary>
    public double Value { get; }

    /// <summary>The least and the greatest finite value of the batch; NaN where it has none.</summary>
    public (double Least, double Greatest) InputRange { get; }
}
