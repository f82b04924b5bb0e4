using GenModels.Kernels;
using GenModels.Numerics;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GenModels;

/// <summary><see cref="GaussianLikelihood"/> in a model.</summary>
internal sealed class GaussianObservation : ObservationModel
{
    private static readonly double LogTwoPi = DoubleMath.Log(2 * Math.PI);
    private readonly double _fixedLogVariance;
    private readonly Parameter? _logVariance;

    public GaussianObservation(GaussianLikelihood likelihood, Device device)
    {
        _fixedLogVariance = 2 * DoubleMath.Log(likelihood.StandardDeviation);
        if (!likelihood.Learned) return;
        _logVariance = new Parameter(full([1], _fixedLogVariance, device: device));
        _logVariance.DetachFromDisposeScope();
    }

    public override IEnumerable<(string Name, Parameter Parameter)> Parameters =>
        _logVariance is null ? [] : [("log_variance", _logVariance)];

    private double LogVariance
    {
        get
        {
            if (_logVariance is null) return _fixedLogVariance;
            using var scope = NewDisposeScope();
            return _logVariance.cpu().item<float>();
        }
    }

    public override void CheckData(Tensor x, string name) => CheckFinite(x, name);

    public override Tensor Mean(Tensor y) => y.alias();

    public override Tensor Draw(Tensor y, RandomGenerator generator) => Noisy(y, DoubleMath.Exp(LogVariance / 2), generator);

    public override double[] LogProbability(Tensor y, Tensor x)
    {
        using var scope = NewDisposeScope();
        double logVariance = LogVariance, precision = DoubleMath.Exp(-logVariance), normalizer = x.numel() / x.shape[0] * (logVariance + LogTwoPi);
        return Array.ConvertAll(SquaredErrorRows.Sum(y.flatten(1), x.flatten(1)), squared => -0.5 * (squared * precision + normalizer));
    }

    public override (Tensor Gradient, IReadOnlyList<Tensor?> ParameterGradients) WeightedGradient(Tensor y, Tensor x, float[] weights)
    {
        double precision = DoubleMath.Exp(-LogVariance), elements = x.numel() / x.shape[0];
        var (rows, examples) = (y.flatten(1), x.flatten(1));
        var gradient = SquaredErrorRows.WeightedGradient(rows, examples, Array.ConvertAll(weights, w => (float)(w * precision))).view(y.shape);
        if (_logVariance is null) return (gradient, []);
        double slope = SquaredErrorRows.Sum(rows, examples).Zip(weights, (squared, w) => 0.5 * w * (elements - squared * precision)).Sum();
        return (gradient, [Slope(_logVariance, slope)]);
    }

    public override (double Loss, Tensor Gradient, IReadOnlyList<Tensor?> ParameterGradients) LossAndGradient(Tensor y, Tensor x, double scale)
    {
        double logVariance = LogVariance, precision = DoubleMath.Exp(-logVariance);
        var (squared, gradient) = SquaredError.SumAndGradient(y, x.reshape(y.shape), scale * precision);
        double loss = 0.5 * (squared * precision + x.numel() * (logVariance + LogTwoPi));
        if (_logVariance is null) return (loss, gradient, []);
        double slope = 0.5 * (x.numel() - squared * precision) * scale;
        return (loss, gradient, [Slope(_logVariance, slope)]);
    }

    private static Tensor? Slope(Parameter logVariance, double slope) =>
        logVariance.requires_grad ? full([1], slope, device: logVariance.device) : null;

    public override void Dispose() => _logVariance?.Dispose();
}
