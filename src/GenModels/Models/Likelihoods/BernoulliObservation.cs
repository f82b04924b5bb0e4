using GenModels.Kernels;
using GenModels.Randomness;
using static TorchSharp.torch;

namespace GenModels;

/// <summary><see cref="BernoulliLikelihood"/> in a model.</summary>
internal sealed class BernoulliObservation(bool binarize = false) : ObservationModel
{
    public override Tensor Observe(Tensor x, RandomGenerator generator) => binarize ? Binarization.Draw(x, generator) : x;

    public override void CheckData(Tensor x, string name)
    {
        var range = ValueRange.Of(x);
        CheckFinite(range, name);
        if (range.Least < 0 || range.Greatest > 1)
            throw new ArgumentOutOfRangeException(
                name,
                $"The batch has values from {Guard.Text(range.Least)} to {Guard.Text(range.Greatest)}, expected [0, 1] for the Bernoulli likelihood. " +
                "Scale the data, or use the Gaussian likelihood.");
    }

    public override Tensor Mean(Tensor y) => y.sigmoid();

    public override Tensor Draw(Tensor y, RandomGenerator generator)
    {
        using var probabilities = Mean(y);
        return Binarization.Draw(probabilities, generator);
    }

    public override double[] LogProbability(Tensor y, Tensor x)
    {
        using var scope = NewDisposeScope();
        return BernoulliRows.LogProbability(y.flatten(1), x.flatten(1));
    }

    public override (Tensor Gradient, IReadOnlyList<Tensor?> ParameterGradients) WeightedGradient(Tensor y, Tensor x, float[] weights) =>
        (BernoulliRows.WeightedGradient(y.flatten(1), x.flatten(1), weights).view(y.shape), []);

    public override (double Loss, Tensor Gradient, IReadOnlyList<Tensor?> ParameterGradients) LossAndGradient(Tensor y, Tensor x, double scale)
    {
        var (sum, gradient) = BernoulliLoss.SumAndGradient(y, x.reshape(y.shape), scale);
        return (sum, gradient, []);
    }
}
