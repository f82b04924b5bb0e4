namespace GenModels;

/// <summary>The loss of a training step, or one of its gradients, is NaN or infinite. The weights are what they were before the step.</summary>
/// <remarks><see cref="Training.Trainer"/> tells it as a <see cref="Training.TrainingDivergedException"/>, with the epoch and the batch.</remarks>
public sealed class NotFiniteUpdateException : ArithmeticException
{
    internal NotFiniteUpdateException(string term, double value)
        : base(FormattableString.Invariant($"The step was not taken: {term} became {value}. Try a smaller learning rate, and look at the range of the data.")) =>
        (Term, Value) = (term, value);

    /// <summary>What is not finite: <c>loss</c>, or <c>gradient of</c> and the weight's name in <see cref="ITrainable.State"/>.</summary>
    public string Term { get; }

    /// <summary>The loss; NaN for a gradient.</summary>
    public double Value { get; }
}
