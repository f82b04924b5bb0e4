using GenModels.Networks;
using GenModels.Optimization;

namespace GenModels.Tests.Models;

/// <summary>The KL term where it is not simply β·KL.</summary>
public sealed class VaeKlTests : IDisposable
{
    private static readonly VaeOptions Small = new() { ExampleShape = [6], Hidden = [5], LatentSize = 3, Activation = Activation.Tanh, Seed = 4 };
    private readonly DisposeScope _scope = torch.NewDisposeScope();
    private readonly torch.Tensor _x = Examples.Batch(4, [6]);

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void With_free_bits_a_dimension_costs_their_number_or_its_KL_whichever_is_more()
    {
        double[] kl = KlOfDimensions();
        double free = kl.Order().ElementAt(1) * 1.01;
        using var vae = new Vae(Small with { FreeBits = free, Beta = 2 });
        var metrics = Evaluate(vae);
        metrics.Kl.Should().BeApproximately(kl.Sum(), 1e-6);
        metrics.Loss.Should().BeApproximately(metrics.Reconstruction + 2 * kl.Sum(k => Math.Max(k, free)), 1e-6);
    }

    [Fact]
    public void With_free_bits_only_what_is_paid_for_has_a_gradient()
    {
        var options = Small with { FreeBits = 1.25, Beta = 5, Optimizer = Gradients.Optimizer };
        using var model = new Vae(options);
        // Means of about 0.1, 1 and 2, and so KLs of about 0, 0.5 and 2, far enough from λ that no finite difference crosses.
        model.Set("encoder.1.bias", 0.1, 1, 2, 0, 0, 0);
        var gradients = Gradients.OfStep(new Vae(options), model.State, _x);
        foreach (var (name, parameter) in model.State.Where(s => s.Key.StartsWith("encoder", StringComparison.Ordinal)))
            for (long i = 0; i < parameter.numel(); i += 3)
            {
                double slope = Gradients.Slope(parameter, i, () => Evaluate(model).Loss);
                gradients[name][i].Should().BeApproximately(slope, 2e-3 * (1 + Math.Abs(slope)), "{0}[{1}]", name, i);
            }
    }

    [Fact]
    public void Beta_follows_its_schedule_in_training_and_is_whole_in_an_evaluation()
    {
        var warmUp = new WarmUpSchedule { Start = 0.25, Steps = 2 };
        using var vae = new Vae(Small with { Beta = 4, BetaSchedule = warmUp });
        using var quarter = new Vae(Small);
        var first = vae.TrainStep(_x);
        first.Should().Be(quarter.TrainStep(_x), "4 · 0.25 is 1");
        vae.State.Values.SelectMany(w => w.Values()).Should().Equal(quarter.State.Values.SelectMany(w => w.Values()));
        var second = vae.TrainStep(_x);
        second.Loss.Should().BeApproximately(second.Reconstruction + 4 * 0.625 * second.Kl, 1e-12 * second.Loss);
        var evaluated = Evaluate(vae);
        evaluated.Loss.Should().BeApproximately(evaluated.Reconstruction + 4 * evaluated.Kl, 1e-12 * evaluated.Loss);
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(double.NaN, 1)]
    [InlineData(0.1, 5)]
    public void Free_bits_outside_their_range_are_rejected(double free, int importanceSamples)
    {
        var make = () => new Vae(Small with { FreeBits = free, ImportanceSamples = importanceSamples });
        make.Should().Throw<ArgumentException>().WithParameterName("FreeBits");
        var schedule = () => new Vae(Small with { BetaSchedule = new WarmUpSchedule(), ImportanceSamples = 2 });
        schedule.Should().Throw<ArgumentException>().WithParameterName("BetaSchedule");
    }

    private static double[] KlOf(Vae vae, torch.Tensor x)
    {
        using var posterior = vae.Encode(x);
        var (mean, logVariance) = (posterior.Mean.to(torch.float64), posterior.LogVariance.to(torch.float64));
        return (0.5 * (mean.square() + logVariance.exp() - 1 - logVariance)).mean([0L]).data<double>().ToArray();
    }

    private double[] KlOfDimensions()
    {
        using var vae = new Vae(Small);
        return KlOf(vae, _x);
    }

    private VaeMetrics Evaluate(Vae vae)
    {
        using var noise = RandomStreams.For(Small.Seed, RandomStreams.Noise);
        return vae.Evaluate(_x, noise);
    }
}
