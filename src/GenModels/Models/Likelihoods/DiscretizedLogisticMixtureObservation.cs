using GenModels.Kernels;
using static TorchSharp.torch;

namespace GenModels;

/// <summary><see cref="DiscretizedLogisticMixtureLikelihood"/> in a model.</summary>
internal sealed class DiscretizedLogisticMixtureObservation(MixtureLayout layout) : ObservationModel
{
    // In steps of 1/255: what single precision makes of k/255 lies within 2e−5.
    private const double Tolerance = 1e-3;

    public override void CheckData(Tensor x, string name)
    {
        var range = ValueRange.Of(x);
        CheckFinite(range, name);
        if (range.Least < 0 || range.Greatest > 1)
            throw new ArgumentOutOfRangeException(
                name,
                $"The batch has values from {Guard.Text(range.Least)} to {Guard.Text(range.Greatest)}, expected 0, 1/255, …, 1 for the discretized logistic mixture. " +
                "Scale the data, or use the Gaussian likelihood.");
        if (GridDistance.Of(x) is var distance and > Tolerance)
            throw new ArgumentException(
                $"The batch has values that lie {Guard.Text(distance)} steps of 1/255 off the levels of 8-bit pixels, expected 0, 1/255, …, 1 for the discretized logistic mixture. " +
                "Round the data to them, or use the Gaussian likelihood.",
                name);
    }

    /// <summary>
    /// E[x|y] within half a step of 1/255 where each value has a mixture of its own. Of three channels, each component's mean of one where those before
    /// it have their means, from which E[x|y] differs by what is cut off at 0 and 1.
    /// </summary>
    public override Tensor Mean(Tensor y)
    {
        using var scope = NewDisposeScope();
        var planes = Planes(y);
        var shares = layout.Logits(planes).softmax(1);
        var levels = layout.EachChannel(planes, (_, means, logScales) => ClippedMean(means, logScales.exp()));
        var mean = stack(levels.Select(level => (shares * level).sum(1)), 1);
        return (0.5 * (mean + 1)).clamp(0, 1).flatten(1).MoveToOuterDisposeScope();
    }

    /// <summary>Draws a component by the cumulative shares, then each channel from the logistic distribution, which is rounded to the nearest level.</summary>
    public override Tensor Draw(Tensor y, RandomGenerator generator)
    {
        using var scope = NewDisposeScope();
        var planes = Planes(y);
        var uniform = generator.Uniform([planes.shape[0], 1 + layout.Channels, planes.shape[2]]).to(y.device);
        var cumulative = layout.Logits(planes).softmax(1).cumsum(1).narrow(1, 0, layout.Components - 1);
        var component = cumulative.le(uniform.narrow(1, 0, 1)).sum(1, keepdim: true, type: int64);
        var steps = new Tensor[layout.Channels];
        layout.EachChannel(planes, (channel, means, logScales) =>
        {
            // In the middle between multiples of 2⁻²⁴, of which 0 would give −∞.
            var u = uniform.narrow(1, 1 + channel, 1) + Math.ScaleB(1, -25);
            var drawn = means.gather(1, component) + logScales.gather(1, component).exp() * (u.log() - (-u).log1p());
            steps[channel] = (127.5 * (drawn + 1) + 0.5).floor().clamp(0, 255);
            return steps[channel] / 127.5 - 1;
        });
        return (cat(steps, 1) / 255).flatten(1).MoveToOuterDisposeScope();
    }

    public override double[] LogProbability(Tensor y, Tensor x)
    {
        using var scope = NewDisposeScope();
        return LogisticMixtureRows.LogProbability(y.flatten(1), x.flatten(1), layout);
    }

    public override (Tensor Gradient, IReadOnlyList<Tensor?> ParameterGradients) WeightedGradient(Tensor y, Tensor x, float[] weights) =>
        (LogisticMixtureRows.WithGradient(y.flatten(1), x.flatten(1), layout, weights).Gradient.view(y.shape), []);

    public override (double Loss, Tensor Gradient, IReadOnlyList<Tensor?> ParameterGradients) LossAndGradient(Tensor y, Tensor x, double scale)
    {
        float[] weights = [.. Enumerable.Repeat((float)scale, (int)y.shape[0])];
        var (log, gradient) = LogisticMixtureRows.WithGradient(y.flatten(1), x.flatten(1), layout, weights);
        return (-log.Sum(), gradient.view(y.shape), []);
    }

    // A gradient takes as much memory as the parameters, which are many.
    public override double Loss(Tensor y, Tensor x) => -LogProbability(y, x).Sum();

    private Tensor Planes(Tensor y) => y.reshape(y.shape[0], layout.Planes, -1);

    /// <summary>E[min(max(t, −1), 1)] = s·[log(1 + e^((μ+1)/s)) − log(1 + e^((μ−1)/s))] − 1 of a logistic distribution.</summary>
    private static Tensor ClippedMean(Tensor mean, Tensor scale)
    {
        // Of a scale that is wide beside [−1, 1] the difference would cancel: the slope in the middle is as near.
        const double wide = 100;
        var exact = scale * (nn.functional.softplus((mean + 1) / scale) - nn.functional.softplus((mean - 1) / scale)) - 1;
        return where(scale.lt(wide), exact, 2 * (mean / scale).sigmoid() - 1).clamp(-1, 1);
    }
}
