using GenModels.Data;
using GenModels.Evaluation;

namespace GenModels.Tests.Evaluation;

public class ImportanceSamplingTests
{
    public static TheoryData<Likelihood> Likelihoods =>
        [Likelihood.Bernoulli, new GaussianLikelihood { StandardDeviation = 0.3 }, new GaussianLikelihood { StandardDeviation = 0.3, Learned = true }];

    [Fact]
    public void A_proposal_draws_until_it_is_disposed_and_leaves_the_examples_to_the_caller()
    {
        using var scope = torch.NewDisposeScope();
        using var vae = new Vae(new VaeOptions { ExampleShape = [4], Hidden = [5], LatentSize = 2 });
        var generator = new RandomGenerator(1);
        var examples = torch.full([3, 4], 0.5f);
        var proposal = vae.Propose(examples, generator);
        proposal.LogWeights(5, generator).Should().HaveCount(15).And.OnlyContain(w => double.IsFinite(w));
        var none = () => proposal.LogWeights(0, generator);
        none.Should().Throw<ArgumentOutOfRangeException>().WithParameterName("draws");
        proposal.Dispose();
        var disposed = () => proposal.LogWeights(5, generator);
        disposed.Should().Throw<ObjectDisposedException>();
        examples.sum().item<float>().Should().Be(6);
    }

    [Fact]
    public void Where_the_encoder_is_exact_every_single_draw_gives_the_log_likelihood()
    {
        // p(x|z) = N(Wz, s²I) with orthogonal columns of W: the posterior is diagonal, N(Wᵀx/(c + s²), s²/(c + s²)) with c = WᵀW.
        const double deviation = 0.5, variance = deviation * deviation;
        double[] squares = [5, 2.25];
        using var scope = torch.NewDisposeScope();
        using var vae = new Vae(new VaeOptions
        {
            ExampleShape = [3],
            Hidden = [],
            LatentSize = 2,
            Likelihood = new GaussianLikelihood { StandardDeviation = deviation },
        });
        vae.Set("decoder.0.weight", 1, 0, 0, 1.5, 2, 0);
        vae.Set("decoder.0.bias", 0, 0, 0);
        vae.Set("encoder.0.weight", 1 / (squares[0] + variance), 0, 2 / (squares[0] + variance), 0, 1.5 / (squares[1] + variance), 0, 0, 0, 0, 0, 0, 0);
        vae.Set("encoder.0.bias", [0, 0, .. squares.Select(c => Math.Log(variance / (c + variance)))]);

        var examples = new ArraySource([0.3f, -0.2f, 0.9f, 3, -2, 1], 3);
        foreach (int k in new[] { 1, 7, 1500 })
        {
            var estimate = ImportanceSampling.Estimate(vae, examples, new ImportanceSamplingOptions { Samples = k });
            for (int i = 0; i < 2; i++)
            {
                double[] x = [.. examples.Values.Slice(3 * i, 3).ToArray().Select(v => (double)v)];
                // The marginal N(0, WWᵀ + s²I) along the unit vectors of W's columns and across them.
                double[] along = [(x[0] + 2 * x[2]) / Math.Sqrt(5), x[1], (2 * x[0] - x[2]) / Math.Sqrt(5)];
                double[] variances = [squares[0] + variance, squares[1] + variance, variance];
                double expected = along.Zip(variances, (a, v) => -0.5 * (a * a / v + Math.Log(2 * Math.PI * v))).Sum();
                // Sums of a few dozen terms of size 20 in single precision.
                estimate.Values[i].Should().BeApproximately(expected, 2e-5);
            }
            estimate.EffectiveSampleSize.Should().BeApproximately(k, 1e-4 * k);
            estimate.LogLikelihood.Mean.Should().BeApproximately(estimate.Values.Average(), 1e-12);
            estimate.LogLikelihood.StandardError.Should().BeApproximately(Math.Abs(estimate.Values[0] - estimate.Values[1]) / 2, 1e-12);
        }
    }

    [Fact]
    public void A_Bernoulli_model_with_one_code_has_the_likelihood_that_quadrature_gives()
    {
        using var scope = torch.NewDisposeScope();
        using var vae = new Vae(new VaeOptions { ExampleShape = [4], Hidden = [], LatentSize = 1, Seed = 2 });
        double[] w = [2, -1, 0.5, 3], b = [0.1, 0, -1, 1];
        vae.Set("decoder.0.weight", w);
        vae.Set("decoder.0.bias", b);
        foreach (float[] x in new float[][] { [1, 0, 0, 1], [0, 1, 1, 0], [0.2f, 0.5f, 1, 0.9f] })
        {
            double Integrand(double z)
            {
                double log = -0.5 * (z * z + Math.Log(2 * Math.PI));
                for (int j = 0; j < 4; j++) log += x[j] * (w[j] * z + b[j]) - Math.Log(1 + Math.Exp(w[j] * z + b[j]));
                return Math.Exp(log);
            }
            // The trapezoidal rule is exact to rounding for a smooth integrand that vanishes at both ends.
            double marginal = Math.Log(Enumerable.Range(-1200, 2401).Sum(i => Integrand(i * 0.01)) * 0.01);
            var copies = new ArraySource([.. Enumerable.Repeat(x, 50).SelectMany(v => v)], 4);
            var estimate = ImportanceSampling.Estimate(vae, copies, new ImportanceSamplingOptions { Samples = 2_000 });
            // The bias of L_k is about half the variance of the weights over k: 50 estimates of one x tell it, and their mean is 5 errors wide.
            double spread = estimate.LogLikelihood.StandardError;
            estimate.LogLikelihood.Mean.Should().BeApproximately(marginal, 5 * spread + 0.5 * 50 * spread * spread);
            spread.Should().BeLessThan(0.02);
        }
    }

    [Theory, MemberData(nameof(Likelihoods))]
    public void Equals_the_plain_formula_of_operators(Likelihood likelihood)
    {
        const int n = 5, k = 6;
        using var scope = torch.NewDisposeScope();
        using var vae = new Vae(new VaeOptions { ExampleShape = [2, 9], Hidden = [7], LatentSize = 3, Likelihood = likelihood, Seed = 5 });
        var x = Examples.Batch(n, [2, 9]);
        var actual = ImportanceSampling.Estimate(vae, Examples.Of(x), new ImportanceSamplingOptions { Samples = k, Seed = 8 });

        using var posterior = vae.Encode(x);
        var generator = RandomGenerator.For(8, RandomStreams.Evaluation);
        var epsilon = generator.Normal([n * k, 3]).view(n, k, 3);
        var z = posterior.Mean.unsqueeze(1) + (posterior.LogVariance * 0.5).exp().unsqueeze(1) * epsilon;
        var mean = vae.Decode(z.reshape(n * k, 3)).view(n, k, 18);
        var target = x.view(n, 1, 18);
        var logLikelihood = likelihood is GaussianLikelihood
            ? -0.5 * ((target - mean).square() / 0.09 + Math.Log(2 * Math.PI * 0.09)).sum(2)
            : (target * mean.log() + (1 - target) * (1 - mean).log()).sum(2);
        var prior = -0.5 * (z.square() + Math.Log(2 * Math.PI)).sum(2);
        var proposal = -0.5 * (epsilon.square() + posterior.LogVariance.unsqueeze(1) + Math.Log(2 * Math.PI)).sum(2);
        var weights = (logLikelihood + prior - proposal).to(torch.float64);
        double[] expected = (weights.logsumexp(1) - Math.Log(k)).data<double>().ToArray();
        // Single precision in sums of 18 terms that reach 100 for σ = 0.3.
        actual.Values.Should().Equal(expected, (a, e) => Math.Abs(a - e) <= 1e-5 * (1 + Math.Abs(e)));

        double[] effective = (2 * weights.logsumexp(1) - (2 * weights).logsumexp(1)).exp().data<double>().ToArray();
        actual.EffectiveSampleSize.Should().BeApproximately(effective.Average(), 1e-3);
    }

    [Fact]
    public void Chunks_bound_memory_and_change_nothing_but_the_noise()
    {
        using var scope = torch.NewDisposeScope();
        using var vae = Small();
        var examples = Examples.Source(40, [6]);
        LogLikelihoodEstimate Estimate(int chunk, ulong seed = 1) =>
            ImportanceSampling.Estimate(vae, examples, new ImportanceSamplingOptions { Samples = 500, ChunkSize = chunk, Seed = seed });
        var whole = Estimate(100_000);
        foreach (int chunk in new[] { 1, 33, 500, 1300 })
        {
            var difference = MeanEstimate.Of([.. Estimate(chunk).Values.Zip(whole.Values, (a, b) => a - b)]);
            difference.Mean.Should().BeApproximately(0, 5 * difference.StandardError);
            difference.StandardError.Should().BeLessThan(0.05);
        }
        Estimate(33).Values.Should().Equal(Estimate(33).Values).And.NotEqual(Estimate(33, seed: 2).Values);

        long live = Tensors.CountSettled();
        Estimate(33);
        torch.Tensor.TotalCount.Should().Be(live);
    }

    [Fact]
    public void Networks_of_the_user_are_evaluated_in_their_evaluation_mode()
    {
        using var scope = torch.NewDisposeScope();
        using var vae = new Vae(
            new VaeOptions { ExampleShape = [2, 3], LatentSize = 2 },
            torch.nn.Sequential(new Flatten(), torch.nn.Linear(6, 8), torch.nn.Tanh()),
            torch.nn.Sequential(torch.nn.Linear(2, 6)));
        var estimate = ImportanceSampling.Estimate(vae, Examples.Source(9, [2, 3]), new ImportanceSamplingOptions { Samples = 20 });
        estimate.Values.Should().HaveCount(9).And.OnlyContain(v => double.IsFinite(v) && v < 0);
    }

    [Fact]
    public void Wrong_arguments_are_named()
    {
        using var vae = Small();
        var examples = Examples.Source(4, [6]);
        void Rejects(ImportanceSamplingOptions options, string name)
        {
            var act = () => ImportanceSampling.Estimate(vae, examples, options);
            act.Should().Throw<ArgumentException>().Which.ParamName.Should().Be(name);
        }
        Rejects(new() { Samples = 0 }, "Samples");
        Rejects(new() { ChunkSize = 0 }, "ChunkSize");
        var shape = () => ImportanceSampling.Estimate(vae, Examples.Source(4, [5]));
        shape.Should().Throw<ArgumentException>().WithMessage("*[5]*[6]*");
        var range = () => ImportanceSampling.Estimate(vae, new ArraySource([0, 0, 0, 0, 0, 7], 6));
        range.Should().Throw<ArgumentException>().WithMessage("*to 7*[0, 1]*");
    }

    [Fact]
    public void Reports_progress_and_stops_when_cancelled()
    {
        using var vae = Small();
        var shares = new List<double>();
        var options = new ImportanceSamplingOptions { Samples = 10, ChunkSize = 20 };
        ImportanceSampling.Estimate(vae, Examples.Source(5, [6]), options, new Immediate(shares.Add));
        shares.Should().Equal(0.4, 0.8, 1);
        var act = () => ImportanceSampling.Estimate(vae, Examples.Source(5, [6]), options, cancellation: new CancellationToken(canceled: true));
        act.Should().Throw<OperationCanceledException>();
    }

    private static Vae Small() => new(new VaeOptions { ExampleShape = [6], Hidden = [5], LatentSize = 3, Seed = 4 });

    private sealed class Immediate(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
