using GenModels.Kernels;
using static TorchSharp.torch;

namespace GenModels;

/// <summary>‖x − y‖²: minus the logarithm of a normal density of variance ½ around y, without its constant.</summary>
internal sealed class SquaredErrorObservation : ObservationModel
{
    public override void CheckData(Tensor x, string name) => CheckFinite(x, name);

    public override Tensor Mean(Tensor y) => y.alias();

    public override Tensor Draw(Tensor y, RandomGenerator generator) => Noisy(y, Math.Sqrt(0.5), generator);

    public override double[] LogProbability(Tensor y, Tensor x)
    {
        using var scope = NewDisposeScope();
        return Array.ConvertAll(SquaredErrorRows.Sum(y.flatten(1), x.flatten(1)), squared => -squared);
    }

    public override (Tensor Gradient, IReadOnlyList<Tensor?> ParameterGradients) WeightedGradient(Tensor y, Tensor x, float[] weights) =>
        (SquaredErrorRows.WeightedGradient(y.flatten(1), x.flatten(1), Array.ConvertAll(weights, w => 2 * w)).view(y.shape), []);

    public override (double Loss, Tensor Gradient, IReadOnlyList<Tensor?> ParameterGradients) LossAndGradient(Tensor y, Tensor x, double scale)
    {
        var (sum, gradient) = SquaredError.SumAndGradient(y, x.reshape(y.shape), 2 * scale);
        return (sum, gradient, []);
    }
}
