using GenModels.Evaluation;

namespace GenModels.Tests.Evaluation;

public sealed class ParzenWindowTests : IDisposable
{
    private readonly DisposeScope _scope = torch.NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void One_sample_makes_a_normal_density()
    {
        var sample = torch.tensor(new double[] { 1, 2, 3 }).view(1, 3);
        double[] log = ParzenWindow.LogDensity(sample, torch.tensor(new double[,] { { 1, 2, 3 }, { 1, 0, 3 } }), 0.5);
        double peak = -1.5 * Math.Log(2 * Math.PI * 0.25);
        log[0].Should().BeApproximately(peak, 1e-11);
        log[1].Should().BeApproximately(peak - 0.5 * 4 / 0.25, 1e-11);
    }

    [Fact]
    public void Several_samples_make_their_mean_even_where_every_density_underflows()
    {
        var samples = torch.tensor(new double[,] { { 0 }, { 100 } });
        double[] log = ParzenWindow.LogDensity(samples, torch.tensor(new double[,] { { 0 }, { 50 }, { 60 } }), 1);
        double normalizer = 0.5 * Math.Log(2 * Math.PI);
        log[0].Should().BeApproximately(-Math.Log(2) - normalizer, 1e-9);
        log[1].Should().BeApproximately(-1250 - normalizer, 1e-8);
        log[2].Should().BeApproximately(-800 - Math.Log(2) - normalizer, 1e-8);
    }

    [Fact]
    public void The_density_equals_its_definition_in_any_block()
    {
        var (samples, points) = (Examples.Batch(2_000, [2, 3], seed: 1), Examples.Batch(2_500, [2, 3], seed: 2));
        double[] log = ParzenWindow.LogDensity(samples, points, 0.3);
        log.Should().HaveCount(2_500);
        var s = samples.to(torch.float64).flatten(1);
        foreach (int i in new[] { 0, 1_999, 2_000, 2_499 })
        {
            double[] distances = (s - points.to(torch.float64).flatten(1).select(0, i)).square().sum(1).data<double>().ToArray();
            double expected = Math.Log(distances.Average(d => Math.Exp(-d / 0.18))) - 6 * Math.Log(0.3 * Math.Sqrt(2 * Math.PI));
            log[i].Should().BeApproximately(expected, 1e-10);
        }
    }

    [Fact]
    public void The_bandwidth_is_the_likeliest_on_the_validation_examples()
    {
        var generator = new RandomGenerator(1);
        // All samples at one point: the likeliest σ is the validation examples' root mean square, here about 0.5.
        var (samples, validation, test) = (torch.zeros(3, 40), generator.Normal([200, 40]) * 0.5, generator.Normal([300, 40]) * 0.5);
        var estimate = ParzenWindow.Estimate(samples, validation, test, new ParzenOptions { Bandwidths = [0.3, 0.4, 0.5, 0.6, 0.7] });
        (estimate.Bandwidth, estimate.BandwidthAtEdge).Should().Be((0.5, false));

        double[] log = ParzenWindow.LogDensity(samples, test, 0.5);
        estimate.LogLikelihood.Mean.Should().BeApproximately(log.Average(), 1e-10);
        double deviation = Math.Sqrt(log.Sum(v => Math.Pow(v - log.Average(), 2)) / 299);
        estimate.LogLikelihood.StandardError.Should().BeApproximately(deviation / Math.Sqrt(300), 1e-10);
        // E log N(x; 0, σ²I) over x of that distribution is minus its entropy.
        estimate.LogLikelihood.Mean.Should().BeApproximately(-20 * (1 + Math.Log(2 * Math.PI * 0.25)), 5 * estimate.LogLikelihood.StandardError);

        ParzenWindow.Estimate(samples, validation, test, new ParzenOptions { Bandwidths = [0.1, 0.3] }).BandwidthAtEdge.Should().BeTrue();
        $"{estimate}".Should().MatchRegex(@"^-\d+\.\d ± \d\.\d nats at σ = 0\.5$");
    }

    [Fact]
    public void The_choice_is_that_of_the_original_recipe()
    {
        var bandwidths = new ParzenOptions().Bandwidths;
        bandwidths.Should().HaveCount(10);
        bandwidths.Should().Equal([.. Enumerable.Range(0, 10).Select(i => Math.Pow(10, -1 + i / 9.0))], (a, b) => Math.Abs(a - b) < 1e-15);
    }

    [Fact]
    public void Controls_take_training_examples_and_centres_for_samples()
    {
        // Five points, each many times: k-means finds them, and a random part of the training set has them too.
        var generator = new RandomGenerator(1);
        var points = generator.Normal([5, 8]);
        var train = torch.cat([.. Enumerable.Repeat(points, 40)]);
        var controls = ParzenWindow.Controls(train, 60, train, points, new ParzenOptions { Centres = 5, Bandwidths = [0.01] });
        double peak = -8 * Math.Log(0.01 * Math.Sqrt(2 * Math.PI));
        controls.Centres.LogLikelihood.Mean.Should().BeApproximately(peak - Math.Log(5), 1e-6);
        // Each point's share of 60 draws varies; the mean of the logarithms of the shares lies a little below −log 5.
        controls.TrainingExamples.LogLikelihood.Mean.Should().BeInRange(peak - Math.Log(5) - 0.5, peak - Math.Log(5));
        ParzenWindow.Controls(train, 1_000, train, points, new ParzenOptions { Centres = 5, Bandwidths = [0.01] })
            .TrainingExamples.LogLikelihood.Mean.Should().BeApproximately(peak - Math.Log(5), 1e-6, "all of them were taken");
    }

    [Fact]
    public void Wrong_arguments_are_named()
    {
        var x = Examples.Batch(10, [4]);
        void Rejects(Action act, string name) => act.Should().Throw<ArgumentException>().Which.ParamName.Should().Be(name);
        Rejects(() => ParzenWindow.LogDensity(x, x, 0), "bandwidth");
        Rejects(() => ParzenWindow.Estimate(x, x, Examples.Batch(10, [5])), "test");
        Rejects(() => ParzenWindow.Estimate(x, x, x, new ParzenOptions { Bandwidths = [] }), "Bandwidths");
        Rejects(() => ParzenWindow.Estimate(x, x, x, new ParzenOptions { Bandwidths = [1, double.NaN] }), "Bandwidths");
        Rejects(() => ParzenWindow.Controls(x, 5, x, x, new ParzenOptions { Centres = 11 }), "train");
        Rejects(() => ParzenWindow.Controls(x, 0, x, x), "samples");
    }
}
