using System.Runtime.InteropServices;
using GenModels.Networks;
using GenModels.Optimization;

namespace GenModels.Tests.Models;

public class GanTheoryTests
{
    // Only the discriminator learns: the generator's turn never comes.
    private const int Never = int.MaxValue;

    [Fact]
    public void The_optimal_discriminator_of_points_is_p_data_over_the_sum_and_its_value_tells_JS()
    {
        double[] data = [0.5, 0.3, 0.15, 0.05], model = [0.1, 0.4, 0.2, 0.3];
        using var scope = torch.NewDisposeScope();
        var options = new GanOptions
        {
            ExampleShape = [4],
            NoiseSize = 1,
            Noise = NoiseDistribution.Uniform,
            Discriminator = new HiddenLayers { Widths = [] },
            DiscriminatorSteps = Never,
            DiscriminatorOptimizer = new AdamOptions { LearningRate = 0.05, Schedule = new ExponentialSchedule { Factor = 1 / 1.005, Least = 1e-4 / 0.05 } },
        };
        using var gan = new Gan(options, new Points(model), null);
        var generator = new RandomGenerator(1);
        for (int step = 0; step < 1500; step++)
        {
            using var stepScope = torch.NewDisposeScope();
            gan.TrainStep(Points.OneHot(generator.Uniform([2000, 1]), data));
        }
        // The last thousand steps average 2 million draws a side; one probability of 0.1 then has a relative standard error of 0.2 %.
        double[] optimal = [.. data.Zip(model, (p, q) => p / (p + q))];
        double[] found = [.. gan.Discriminate(torch.eye(4)).data<float>().ToArray().Select(d => (double)d)];
        found.Should().Equal(optimal, (a, e) => Math.Abs(a - e) < 0.01);

        // 200,000 draws a side: log D and log(1 − D) have standard deviations below 1.
        var metrics = gan.Evaluate(Points.OneHot(generator.Uniform([200_000, 1]), data), generator);
        double js = 0.5 * data.Zip(model, (p, q) => p * Math.Log(2 * p / (p + q)) + q * Math.Log(2 * q / (p + q))).Sum();
        metrics.Value.Should().BeApproximately(-Math.Log(4) + 2 * js, 5 * Math.Sqrt(2.0 / 200_000));
        metrics.JensenShannon.Should().BeApproximately(js, 2.5 * Math.Sqrt(2.0 / 200_000));
    }

    [Theory]
    [InlineData(GanObjective.NonSaturating)]
    [InlineData(GanObjective.LeastSquares)]
    public void The_optimal_discriminator_of_normals_is_p_data_over_the_sum_and_its_value_tells_JS(GanObjective objective)
    {
        // p_data = N(0, 1), p_g = N(1.5, 0.7²).
        using var scope = torch.NewDisposeScope();
        var options = new GanOptions
        {
            ExampleShape = [1],
            NoiseSize = 1,
            Objective = objective,
            Discriminator = new HiddenLayers { Widths = [24, 24], Activation = Activation.Tanh },
            DiscriminatorSteps = Never,
            DiscriminatorOptimizer = new AdamOptions { LearningRate = 0.01, Schedule = new ExponentialSchedule { Factor = 1 / 1.004, Least = 5e-5 / 0.01 } },
            Seed = 2,
        };
        using var gan = new Gan(options, new Shifted(1.5, 0.7), null);
        var generator = new RandomGenerator(1);
        for (int step = 0; step < 1500; step++)
        {
            using var stepScope = torch.NewDisposeScope();
            gan.TrainStep(generator.Normal([500, 1]));
        }
        var x = torch.linspace(-2, 3, 26).view(26, 1);
        double[] optimal = [.. Enumerable.Range(0, 26).Select(i => -2 + 0.2 * i).Select(x => Normal(x, 0, 1) / (Normal(x, 0, 1) + Normal(x, 1.5, 0.7)))];
        double[] found = [.. gan.Discriminate(x).data<float>().ToArray().Select(d => (double)d)];
        found.Should().Equal(optimal, (a, e) => Math.Abs(a - e) < 0.03);

        var metrics = gan.Evaluate(generator.Normal([200_000, 1]), generator);
        metrics.Value.HasValue.Should().Be(objective == GanObjective.NonSaturating, "a least-squares estimate may be 0 or 1, which has no logarithm");
        if (metrics.Value is null) return;
        // Five standard errors, and the square of the discriminator's own error.
        metrics.Value.Should().BeApproximately(-Math.Log(4) + 2 * JensenShannon(), 5 * Math.Sqrt(2.0 / 200_000) + 0.005);
    }

    [Fact]
    public void At_equilibrium_the_discriminator_says_one_half_and_its_loss_is_twice_log_2()
    {
        using var scope = torch.NewDisposeScope();
        var options = new GanOptions
        {
            ExampleShape = [1],
            NoiseSize = 1,
            Discriminator = new HiddenLayers { Widths = [16], Activation = Activation.Tanh },
            DiscriminatorSteps = Never,
            DiscriminatorOptimizer = new AdamOptions { LearningRate = 0.01, Schedule = new ExponentialSchedule { Factor = 1 / 1.006, Least = 5e-5 / 0.01 } },
        };
        using var gan = new Gan(options, new Shifted(0, 1), null);
        var generator = new RandomGenerator(1);
        for (int step = 0; step < 1000; step++)
        {
            using var stepScope = torch.NewDisposeScope();
            gan.TrainStep(generator.Normal([1000, 1]));
        }
        gan.Discriminate(torch.linspace(-2, 2, 21).view(21, 1)).data<float>().ToArray().Should().OnlyContain(d => Math.Abs(d - 0.5) < 0.02);
        var metrics = gan.Evaluate(generator.Normal([100_000, 1]), generator);
        // D within 0.02 of ½ gives log D a standard deviation below 0.04.
        metrics.Loss.Should().BeApproximately(2 * Math.Log(2), 5 * 0.04 * Math.Sqrt(2.0 / 100_000) + 2 * 0.02 * 0.02);
        metrics.JensenShannon.Should().BeApproximately(0, 1e-3);
        metrics.MeanReal.Should().BeApproximately(0.5, 0.01);
    }

    [Fact]
    [Trait(Speed.Trait, Speed.Slow)]
    public void Learns_a_normal_distribution_of_one_dimension()
    {
        using var scope = torch.NewDisposeScope();
        // Two discriminator steps for each of the generator keep it near its optimum, so that the generator descends JS itself.
        const int steps = 12_000;
        var adam = new AdamOptions { LearningRate = 5e-3, Beta1 = 0.5 };
        var options = new GanOptions
        {
            ExampleShape = [1],
            NoiseSize = 1,
            OutputActivation = Activation.Identity,
            Generator = new HiddenLayers { Widths = [16], Activation = Activation.Tanh },
            Discriminator = new HiddenLayers { Widths = [32], Activation = Activation.Tanh },
            R1 = 0.01,
            DiscriminatorSteps = 2,
            GeneratorOptimizer = adam with { Schedule = ExponentialSchedule.To(1.0 / 50, steps / 2) },
            DiscriminatorOptimizer = adam with { Schedule = ExponentialSchedule.To(1.0 / 50, steps) },
            Seed = 1,
        };
        using var gan = new Gan(options);
        var generator = new RandomGenerator(1);
        for (int step = 0; step < steps; step++)
        {
            using var stepScope = torch.NewDisposeScope();
            gan.TrainStep(generator.Normal([256, 1]) * 1.25 + 4);
        }
        double[] samples = [.. gan.Sample(50_000, generator).data<float>().ToArray().Select(v => (double)v)];
        double mean = samples.Average(), deviation = Math.Sqrt(samples.Average(v => (v - mean) * (v - mean)));
        mean.Should().BeApproximately(4, 0.05 * 4);
        deviation.Should().BeApproximately(1.25, 0.05 * 1.25);

        var metrics = gan.Evaluate(generator.Normal([50_000, 1]) * 1.25 + 4, generator);
        metrics.JensenShannon.Should().BeInRange(-0.01, 0.01);
        gan.Health.Faults.Should().BeEmpty();
        gan.Health.Diversity.Should().BeGreaterThan(0.8);
    }

    private static double Normal(double x, double mean, double deviation) =>
        Math.Exp(-0.5 * Math.Pow((x - mean) / deviation, 2)) / (deviation * Math.Sqrt(2 * Math.PI));

    /// <summary>By the trapezoid rule, whose error for such smooth functions is below that of double precision.</summary>
    private static double JensenShannon()
    {
        const double step = 0.001;
        double sum = 0;
        for (double x = -9; x < 9; x += step)
        {
            double p = Normal(x, 0, 1), q = Normal(x, 1.5, 0.7), m = (p + q) / 2;
            if (p > 0) sum += 0.5 * p * Math.Log(p / m) * step;
            if (q > 0) sum += 0.5 * q * Math.Log(q / m) * step;
        }
        return sum;
    }

    /// <summary>A generator without weights: z ~ N(0, 1) becomes N(shift, scale²).</summary>
    private sealed class Shifted(double shift, double scale) : torch.nn.Module<torch.Tensor, torch.Tensor>(nameof(Shifted))
    {
        public override torch.Tensor forward(torch.Tensor input) => input * scale + shift;
    }

    /// <summary>A generator without weights: z uniform on [−1, 1) becomes the corner of a simplex with given probabilities.</summary>
    private sealed class Points(double[] probabilities) : torch.nn.Module<torch.Tensor, torch.Tensor>(nameof(Points))
    {
        public override torch.Tensor forward(torch.Tensor input) => OneHot((input + 1) / 2, probabilities);

        /// <summary>Numbers uniform in [0, 1), shape [n, 1], as rows of zeros with a single 1.</summary>
        public static torch.Tensor OneHot(torch.Tensor uniform, double[] probabilities)
        {
            var u = uniform.detach().data<float>().ToArray();
            var rows = new float[u.Length * probabilities.Length];
            for (int i = 0; i < u.Length; i++)
            {
                int k = 0;
                for (double below = probabilities[0]; k < probabilities.Length - 1 && u[i] >= below; below += probabilities[++k]) { }
                rows[i * probabilities.Length + k] = 1;
            }
            var result = torch.empty(u.Length, probabilities.Length);
            result.bytes = MemoryMarshal.AsBytes(rows.AsSpan());
            return result;
        }
    }
}
