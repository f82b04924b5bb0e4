using System.Numerics;
using GenModels.Data;
using GenModels.Evaluation;

namespace GenModels.Tests.Evaluation;

public sealed class FeatureMeasureTests : IDisposable
{
    private sealed record Reference(
        long Dimensions, string Real, string Generated, string HeldOut, double Frechet, double Polynomial, double Gaussian, double Multiquadric,
        double Precision, double Recall, double Density, double Coverage, int[] Nearest, double[] NearestDistances, double NearerThanHeldOut,
        double MannWhitneyPValue);

    private static readonly Reference Expected = ReferenceFile.Read<Reference>("feature_measures.json.gz");
    private readonly DisposeScope _scope = torch.NewDisposeScope();
    private readonly torch.Tensor _real = Points(Expected.Real);
    private readonly torch.Tensor _generated = Points(Expected.Generated);

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Frechet_distance_is_that_of_SciPy()
    {
        FrechetDistance.Between(_real, _generated).Should().BeApproximately(Expected.Frechet, 1e-9 * Expected.Frechet);
        FrechetDistance.Between(_generated, _real).Should().BeApproximately(Expected.Frechet, 1e-9 * Expected.Frechet);
    }

    [Fact]
    public void Frechet_distance_of_normals_is_that_of_the_closed_form()
    {
        // Where covariances commute the distance is ‖μ₁ − μ₂‖² + Σ (σ₁ − σ₂)²: here 3² + 4² + (2 − 1)² + (3 − 5)².
        FeatureMoments first = new([0, 1], new double[,] { { 4, 0 }, { 0, 9 } }), second = new([3, 5], new double[,] { { 1, 0 }, { 0, 25 } });
        FrechetDistance.Between(first, second).Should().BeApproximately(30, 1e-12);
        FrechetDistance.Between(first, first).Should().BeApproximately(0, 1e-13);

        // A covariance without full rank has a square root all the same; here that of vvᵀ is vvᵀ/|v| with v = (3, 4).
        FeatureMoments flat = new([0, 0], new double[,] { { 9, 12 }, { 12, 16 } }), round = new([0, 0], new double[,] { { 4, 0 }, { 0, 4 } });
        FrechetDistance.Between(flat, round).Should().BeApproximately(25 + 8 - 2 * 2 * 5, 1e-6);
    }

    [Fact]
    public void Moments_are_the_mean_and_the_unbiased_covariance()
    {
        var moments = FeatureMoments.Of(torch.tensor(new float[,] { { 1, 2 }, { 3, 2 }, { 5, 8 } }));
        moments.Mean.Should().Equal(3, 4);
        moments.Covariance().Cast<double>().Should().Equal(4, 6, 6, 12);
    }

    [Fact]
    public void Points_of_one_distribution_have_a_Frechet_distance_that_falls_with_their_number()
    {
        double Of(int n)
        {
            using var scope = torch.NewDisposeScope();
            var generator = new RandomGenerator(1);
            return FrechetDistance.Between(generator.Normal([n, 16]), generator.Normal([n, 16]));
        }
        // The bias is proportional to 1/n: 25 times as many points, up to chance.
        Of(10_000).Should().BeLessThan(Of(400) / 10);
    }

    [Fact]
    public void Kernel_distances_are_those_of_NumPy()
    {
        KernelDistance.OfAll(_real, _generated).Should().BeApproximately(Expected.Polynomial, 1e-9 * Expected.Polynomial);
        KernelDistance.OfAll(_real, _generated, new GaussianKernel(1.5)).Should().BeApproximately(Expected.Gaussian, 1e-11);
        KernelDistance.OfAll(_real, _generated, new InverseMultiquadricKernel(12)).Should().BeApproximately(Expected.Multiquadric, 1e-11);
    }

    [Fact]
    public void Subsets_as_large_as_the_sets_give_the_distance_of_the_sets_without_a_standard_error()
    {
        var estimate = KernelDistance.Between(_real, _generated, new KernelDistanceOptions { Subsets = 3 });
        estimate.Mean.Should().BeApproximately(Expected.Polynomial, 1e-9 * Expected.Polynomial);
        estimate.HasStandardError.Should().BeFalse();
        $"{estimate}".Should().NotContain("±");
        // A subset of one of the sets is enough for estimates to vary.
        KernelDistance.Between(_real, _generated, new KernelDistanceOptions { Subsets = 3, SubsetSize = (int)_real.shape[0] - 1 }).StandardError.Should().BePositive();
    }

    [Fact]
    public void Where_distances_tie_precision_recall_density_and_coverage_are_those_of_exact_integers()
    {
        // Binary images of 64 pixels: the squared distance of two is the number of pixels in which they differ.
        var digits = DataSets.Digits();
        ulong[] real = Bits(digits.Train.Take(600)), generated = Bits(digits.Test);
        double Share(IEnumerable<bool> hits) => hits.Average(hit => hit ? 1.0 : 0);
        int[] Radii(ulong[] set, int k) => Array.ConvertAll(set, x => set.Select(y => Distance(x, y)).Order().ElementAt(k));
        double Inside(ulong[] points, ulong[] support, int[] radii) =>
            Share(points.Select(x => support.Zip(radii).Any(s => Distance(x, s.First) <= s.Second)));

        PrecisionRecall.Of(Matrix(real), Matrix(generated)).Should().Be(
            new PrecisionRecall(Inside(generated, real, Radii(real, 3)), Inside(real, generated, Radii(generated, 3))));
        int[] balls = Radii(real, 5);
        double density = generated.Sum(y => real.Zip(balls).Count(s => Distance(y, s.First) <= s.Second)) / 5.0 / generated.Length;
        double coverage = Share(real.Zip(balls).Select(s => generated.Any(y => Distance(y, s.First) <= s.Second)));
        DensityCoverage.Of(Matrix(real), Matrix(generated)).Should().Be(new DensityCoverage(density, coverage));
        // A shift, exact in double precision, changes no distance.
        PrecisionRecall.Of(Matrix(real) + 1e6, Matrix(generated) + 1e6).Should().Be(PrecisionRecall.Of(Matrix(real), Matrix(generated)));

        static int Distance(ulong x, ulong y) => BitOperations.PopCount(x ^ y);
        static ulong[] Bits(ImageSet images) => [.. Enumerable.Range(0, images.Count).Select(i => Word(images.Pixels(i)))];
        static ulong Word(ReadOnlySpan<byte> pixels)
        {
            ulong word = 0;
            for (int i = 0; i < pixels.Length; i++) word |= pixels[i] > 7 ? 1UL << i : 0;
            return word;
        }
        static torch.Tensor Matrix(ulong[] words) =>
            torch.tensor([.. words.SelectMany(w => Enumerable.Range(0, 64).Select(i => (double)((w >> i) & 1)))], [words.Length, 64]);
    }

    [Theory]
    [InlineData(1e6)]
    [InlineData(-3e8)]
    public void A_kernel_of_distances_does_not_see_where_the_points_lie(double offset)
    {
        // Multiples of 2⁻²⁰, so that the shift is exact.
        var grid = (torch.cat([_real, _generated]).to(torch.float64) * 1_024).floor() / 1_048_576;
        var (x, y) = (grid.narrow(0, 0, 100), grid.narrow(0, 100, 100));
        foreach (DiscrepancyKernel kernel in new DiscrepancyKernel[] { new GaussianKernel(0.01), new InverseMultiquadricKernel(1e-4) })
            KernelDistance.OfAll(x + offset, y + offset, kernel).Should().Be(KernelDistance.OfAll(x, y, kernel));
        ParzenWindow.LogDensity(x + offset, y + offset, 0.001).Should().Equal(ParzenWindow.LogDensity(x, y, 0.001));
    }

    [Fact]
    public void Figures_print_short_and_without_their_types()
    {
        $"{new PrecisionRecall(0.94912, 0.9)} | {new DensityCoverage(1.6234, 0.875)}".Should().Be("precision 0.9491, recall 0.9 | density 1.623, coverage 0.875");
        $"{new KolmogorovSmirnov(0.03125, 0.4)} | {new LogLikelihoodEstimate(new MeanEstimate(-85.25, 0.22), [-85, -85.5], 12.3456)}".Should().Be(
            "D 0.03125, p 0.4 | -85.25 ± 0.22 nats over 2 examples, effective sample size 12.35");
        $"{new ClassifierMetrics(0.25, 0.926)} | {new ColumnComparison("age", new(0.5, 1), 0.125)}".Should().Be("loss 0.25, accuracy 0.926 | age: D 0.5, p 1, JS 0.125 nats");
    }

    [Fact]
    public void Small_subsets_have_the_distance_of_the_sets_as_their_mean()
    {
        var options = new KernelDistanceOptions { Subsets = 400, SubsetSize = 40, Kernel = new GaussianKernel(1.5), Seed = 3 };
        var estimate = KernelDistance.Between(_real, _generated, options);
        estimate.Mean.Should().BeApproximately(Expected.Gaussian, 4 * estimate.StandardError);
        estimate.Should().Be(KernelDistance.Between(_real, _generated, options));
        estimate.Should().NotBe(KernelDistance.Between(_real, _generated, options with { Seed = 4 }));
    }

    [Fact]
    public void Precision_recall_density_and_coverage_are_those_of_NumPy()
    {
        PrecisionRecall.Of(_real, _generated).Should().Be(new PrecisionRecall(Expected.Precision, Expected.Recall));
        var measured = DensityCoverage.Of(_real, _generated);
        measured.Density.Should().BeApproximately(Expected.Density, 1e-12);
        measured.Coverage.Should().Be(Expected.Coverage);
        PrecisionRecall.Of(_generated, _real).Should().Be(new PrecisionRecall(Expected.Recall, Expected.Precision), "swapping the sets swaps the two");
    }

    [Fact]
    public void A_set_that_is_the_data_has_full_precision_and_recall_and_one_far_away_has_none()
    {
        PrecisionRecall.Of(_real, _real).Should().Be(new PrecisionRecall(1, 1));
        DensityCoverage.Of(_real, _real).Coverage.Should().Be(1);
        PrecisionRecall.Of(_real, _real + 1000).Should().Be(new PrecisionRecall(0, 0));
        DensityCoverage.Of(_real, _real + 1000).Should().Be(new DensityCoverage(0, 0));
    }

    [Fact]
    public void A_dropped_mode_costs_recall_and_coverage_but_no_precision()
    {
        // Two clusters, of which the generated set has one; k-th neighbours lie within a cluster.
        var cluster = Examples.Correlated(200, 3);
        var real = torch.cat([cluster, cluster + 100]);
        PrecisionRecall.Of(real, cluster).Should().Be(new PrecisionRecall(1, 0.5));
        DensityCoverage.Of(real, cluster).Coverage.Should().Be(0.5);
    }

    [Fact]
    public void Nearest_training_examples_are_those_of_NumPy()
    {
        var report = MemorizationReport.Of(_generated, _real, Points(Expected.HeldOut));
        report.Nearest.Should().Equal(Expected.Nearest);
        report.Distances.Should().Equal(Expected.NearestDistances, (a, e) => Math.Abs(a - e) < 1e-12 * (1 + e));
        report.HeldOutDistances.Should().HaveCount(100);
        report.NearerThanHeldOut.Should().BeApproximately(Expected.NearerThanHeldOut, 1e-12);
        // SciPy's two-sided p-value of z.
        double p = torch.tensor(Math.Abs(report.ZScore) / Math.Sqrt(2)).erf().item<double>();
        (1 - p).Should().BeApproximately(Expected.MannWhitneyPValue, 1e-9);
    }

    [Fact]
    public void Copied_examples_are_counted_and_named()
    {
        var generator = new RandomGenerator(2);
        var (train, heldOut) = (generator.Normal([500, 4]), generator.Normal([200, 4]));
        var copies = MemorizationReport.Of(torch.cat([train.narrow(0, 10, 60), train.narrow(0, 70, 40) + 1e-4f]), train, heldOut);
        copies.Copies.Should().Be(60);
        copies.Nearest.Should().Equal(Enumerable.Range(10, 100));
        copies.NearerThanHeldOut.Should().Be(1);
        $"{copies}".Should().StartWith("The model copies training examples (").And.Contain("60 exact copies");

        var fresh = MemorizationReport.Of(generator.Normal([200, 4]), train, heldOut);
        fresh.Copies.Should().Be(0);
        Math.Abs(fresh.ZScore).Should().BeLessThan(3);
        $"{fresh}".Should().StartWith("No sign of copied training examples (");
        $"{MemorizationReport.Of(heldOut * 5, train, heldOut)}".Should().StartWith("The samples lie farther");
    }

    [Fact]
    [Trait(Speed.Trait, Speed.Slow)]
    public void Blocks_do_not_change_a_measure_and_leave_no_tensor()
    {
        // 3,000 points make 9 million pairs, in three blocks.
        var (real, generated) = (Examples.Correlated(3_000, 4, seed: 1), Examples.Correlated(3_000, 4, seed: 1) + 0.1);
        long live = Tensors.CountSettled();
        var measured = (PrecisionRecall.Of(real, generated), DensityCoverage.Of(real, generated), KernelDistance.OfAll(real, generated));
        torch.Tensor.TotalCount.Should().Be(live);

        var distances = (real.unsqueeze(1).to(torch.float64) - generated.unsqueeze(0).to(torch.float64)).square().sum(2);
        var own = (real.unsqueeze(1).to(torch.float64) - real.unsqueeze(0).to(torch.float64)).square().sum(2);
        torch.Tensor Radius(int k) => own.topk(k + 1, 1, largest: false).values.select(1, k).unsqueeze(1);
        measured.Item1.Precision.Should().Be(distances.le(Radius(3)).any(0).to(torch.float64).mean().item<double>());
        measured.Item2.Density.Should().BeApproximately(distances.le(Radius(5)).to(torch.float64).sum().item<double>() / 5 / 3_000, 1e-12);
        measured.Item2.Coverage.Should().Be(distances.le(Radius(5)).any(1).to(torch.float64).mean().item<double>());
    }

    [Fact]
    public void Features_are_extracted_in_batches_without_a_gradient()
    {
        using var layer = torch.nn.Linear(6, 3);
        var images = Examples.Batch(7, [2, 3]);
        var features = Features.Extract(x => layer.call(x.flatten(1)), images, batchSize: 3);
        features.allclose(layer.call(images.flatten(1)), rtol: 1e-6, atol: 1e-6).Should().BeTrue();
        features.requires_grad.Should().BeFalse();
        Features.Extract(x => x.flatten(1), Examples.Of(images), batchSize: 3).allclose(images.flatten(1)).Should().BeTrue();

        var mean = () => Features.Extract(x => x.mean(), images);
        mean.Should().Throw<ArgumentException>().WithMessage("*expected [7, features]*");
    }

    [Fact]
    public void Wrong_arguments_are_named()
    {
        void Rejects(Action act, string name, string message) =>
            act.Should().Throw<ArgumentException>().WithMessage(message).Which.ParamName.Should().Be(name);
        var bad = _real.clone();
        bad.select(0, 3).mul_(float.NaN);
        Rejects(() => FrechetDistance.Between(_real, _generated.narrow(1, 0, 2)), "generated", "*2 elements*6*");
        Rejects(() => FrechetDistance.Between(_real.narrow(0, 0, 1), _generated), "features", "*[1, 6]*n at least 2*");
        Rejects(() => KernelDistance.OfAll(_real, _generated.narrow(1, 0, 2)), "generated", "*2 features*6*");
        Rejects(() => KernelDistance.Between(_real, _generated, new() { SubsetSize = 1 }), "SubsetSize", "*at least 2*");
        Rejects(() => KernelDistance.OfAll(_real, _generated, new GaussianKernel(0)), "Bandwidth", "*0*");
        Rejects(() => PrecisionRecall.Of(_real, _generated.narrow(0, 0, 3)), "generated", "*n at least 4*");
        Rejects(() => DensityCoverage.Of(bad, _generated), "real", "*NaN*");
        Rejects(() => MemorizationReport.Of(_generated, _real, _real.select(0, 0)), "heldOut", "*[6]*");
        Rejects(() => _ = new FeatureMoments([0, 0], new double[,] { { 1, 2 }, { 3, 4 } }), "covariance", "*symmetric*");
    }

    private static torch.Tensor Points(string base64) =>
        ReferenceFile.Tensor(base64, [ReferenceFile.Floats(base64).Length / Expected.Dimensions, Expected.Dimensions]);
}
