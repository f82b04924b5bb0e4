using GenModels.Data;
using GenModels.Evaluation;
using GenModels.Optimization;
using GenModels.Training;

namespace GenModels.Tests.Models;

/// <summary>
/// What a VAE learns of p(x|c) on a mixture in the plane whose component is the label: c is N(m, vvᵀ + s²I), each with an m and a v of its own.
/// One latent dimension and one learned noise for all are then enough to be exact.
/// </summary>
public sealed class ConditionTheoryTests : IDisposable
{
    private const int Size = 2, Components = 3, OfEach = 2_000, BatchSize = 100;
    private const double Noise = 0.2;

    private static readonly double[][] Means = [[-1, 0.5], [1, 1], [0.5, -1]];
    private static readonly double[][] Directions = [[0.6, 0], [0.1, 0.5], [-0.4, 0.3]];

    private readonly DisposeScope _scope = torch.NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Samples_given_a_label_follow_its_component_alone()
    {
        const int samples = 20_000;
        using var vae = Trained(Condition.Classes(Components), Draw(seed: 1), 64);
        ShouldFollowTheComponents(samples, c => vae.SampleObservations(samples, seed: 5, torch.full([samples], c, dtype: torch.int64)));
    }

    [Fact]
    public void Samples_of_an_autoencoder_follow_the_component_too_since_codes_are_drawn_of_the_labels_own_density()
    {
        // As many codes as values: nothing is lost, and what is left to learn is the density of each class.
        const int samples = 20_000;
        var train = Draw(seed: 1);
        using var autoencoder = new Autoencoder(new AutoencoderOptions
        {
            ExampleShape = [Size],
            CodeSize = Size,
            Hidden = [],
            Condition = Condition.Classes(Components),
            Optimizer = new AdamOptions { LearningRate = 1e-2 },
        });
        Trainer.Fit(autoencoder, train, new FitOptions { Epochs = 20, BatchSize = BatchSize }).Last.Train["loss"].Should().BeLessThan(1e-6);
        autoencoder.FitDensity(train).Mixture.Components.Should().Be(Components);
        ShouldFollowTheComponents(samples, c => autoencoder.Sample(samples, seed: 5, label: c));
    }

    private static void ShouldFollowTheComponents(int samples, Func<int, torch.Tensor> draw)
    {
        // A mean of n draws has the variance σ²/n, a covariance (σᵢᵢσⱼⱼ + σᵢⱼ²)/n. Both the samples and what the model has learned from are draws.
        double share = Math.Sqrt(1.0 / samples + 1.0 / OfEach);
        for (int c = 0; c < Components; c++)
        {
            float[] x = draw(c).Values();
            double[] mean = [.. Enumerable.Range(0, Size).Select(i => Average(samples, n => x[n * Size + i]))];
            for (int i = 0; i < Size; i++)
            {
                mean[i].Should().BeApproximately(Means[c][i], 3 * share * Math.Sqrt(Covariance(c, i, i)), "mean {0} of component {1}", i, c);
                for (int j = 0; j <= i; j++)
                    Average(samples, n => (x[n * Size + i] - mean[i]) * (x[n * Size + j] - mean[j])).Should().BeApproximately(
                        Covariance(c, i, j), 3 * share * Math.Sqrt(Covariance(c, i, i) * Covariance(c, j, j) + Math.Pow(Covariance(c, i, j), 2)),
                        "covariance {0}, {1} of component {2}", i, j, c);
            }
        }
    }

    [Fact]
    public void Shuffled_labels_make_a_model_as_good_as_one_without_and_no_better()
    {
        var (train, test) = (Draw(seed: 1), Draw(seed: 2));
        using Vae without = Trained(null, train), told = Trained(Condition.Classes(Components), train), misled = Trained(Condition.Classes(Components), Shuffled(train));
        // Linear networks are exact: k needless parameters cost k/2n nats in the mean (Akaike 1974), here a mean for each label but one.
        const double needless = (Components - 1) * Size / (2.0 * Components * OfEach);
        var ofMisled = LossAbove(without, misled, Shuffled(test));
        (ofMisled.Mean - needless).Should().BeInRange(-3 * ofMisled.StandardError, 3 * ofMisled.StandardError);
        var ofTold = LossAbove(without, told, test);
        ofTold.Mean.Should().BeLessThan(-100 * ofTold.StandardError, "labels that are right tell much");
    }

    /// <summary>The held-out −ELBO of a model less that of another, in nats, over pairs of the same examples.</summary>
    private static MeanEstimate LossAbove(Vae baseline, Vae model, IExampleSource test)
    {
        var bound = new ImportanceSamplingOptions { Samples = 1 };
        var (before, after) = (ImportanceSampling.Estimate(baseline, test, bound), ImportanceSampling.Estimate(model, test, bound));
        return MeanEstimate.Of([.. before.Values.Zip(after.Values, (b, a) => b - a)]);
    }

    private static Vae Trained(Condition? condition, IExampleSource train, params int[] hidden)
    {
        var fit = new FitOptions { Epochs = 100, BatchSize = BatchSize, Seed = 1 };
        var vae = new Vae(new VaeOptions
        {
            ExampleShape = [Size],
            LatentSize = 1,
            Hidden = [.. hidden],
            Condition = condition,
            Likelihood = new GaussianLikelihood { StandardDeviation = 0.5, Learned = true },
            Optimizer = new AdamOptions { LearningRate = 5e-3, Schedule = new CosineSchedule { Steps = fit.Epochs * train.Count / BatchSize, Least = 0.01 } },
            WeightAverage = 0.99,
        });
        Trainer.Fit(vae, train, fit);
        return vae;
    }

    private static ExampleView Draw(ulong seed)
    {
        var z = new float[Components * OfEach * (Size + 1)];
        new RandomGenerator(seed).FillNormal(z);
        int[] labels = [.. Enumerable.Range(0, Components * OfEach).Select(n => n % Components)];
        double At(int n, int i) => Means[labels[n]][i] + Directions[labels[n]][i] * z[n * (Size + 1)] + Noise * z[n * (Size + 1) + 1 + i];
        return new ArraySource([.. labels.Index().SelectMany(l => new[] { (float)At(l.Index, 0), (float)At(l.Index, 1) })], Size).WithLabels(labels);
    }

    private static ExampleView Shuffled(ExampleView source)
    {
        int[] others = new RandomGenerator(seed: 3).Permutation(source.Count);
        return source.WithLabels(Array.ConvertAll(others, source.Label), source.Classes);
    }

    private static double Covariance(int component, int i, int j) => Directions[component][i] * Directions[component][j] + (i == j ? Noise * Noise : 0);

    private static double Average(int count, Func<int, double> value) => Enumerable.Range(0, count).Average(value);
}
