using GenModels.Data;
using GenModels.Evaluation;
using GenModels.Training;

namespace GenModels.Tests.Models;

public class DiscretizedLogisticMixtureTests
{
    private static readonly DiscretizedLogisticMixtureLikelihood Color = new() { Components = 2, Channels = 3 };

    [Fact]
    public void The_decoder_gives_the_parameters_of_each_pixel()
    {
        new DiscretizedLogisticMixtureLikelihood().OutputShape([784]).Should().Equal(30 * 784);
        new DiscretizedLogisticMixtureLikelihood { Components = 4 }.OutputShape([3, 8, 8]).Should().Equal(36, 8, 8);
        Color.OutputShape([3, 8, 8]).Should().Equal(20, 8, 8);
        Likelihood.Bernoulli.OutputShape([3, 8, 8]).Should().Equal(3, 8, 8);
        FluentActions.Invoking(() => Color.OutputShape([1, 8, 8])).Should().Throw<ArgumentException>().WithMessage("*[1, 8, 8]*[3, …]*");
        FluentActions.Invoking(() => new Vae(new VaeOptions { ExampleShape = [784], Likelihood = Color })).Should().Throw<ArgumentException>().WithMessage("*[3, …]*");
        FluentActions.Invoking(() => new VaeOptions { ExampleShape = [1L << 60], Likelihood = new DiscretizedLogisticMixtureLikelihood() }.Validate())
            .Should().Throw<ArgumentException>().WithMessage("*2⁶³*");
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1001, 1)]
    [InlineData(10, 2)]
    public void Settings_outside_their_range_are_rejected(int components, int channels) =>
        FluentActions.Invoking(() => new DiscretizedLogisticMixtureLikelihood { Components = components, Channels = channels }.Validate())
            .Should().Throw<ArgumentOutOfRangeException>();

    [Theory]
    [InlineData(1.5f, "*1.5*1/255*")]
    [InlineData(0.5f, "*0.5 steps*")]
    [InlineData(float.NaN, "*NaN*")]
    public void Values_that_no_pixel_has_are_rejected(float value, string message)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Color.Create(torch.CPU);
        var x = torch.zeros([2, 3, 1, 1]);
        model.CheckData(x, "x");
        x.view(-1).narrow(0, 4, 1).fill_(value);
        FluentActions.Invoking(() => model.CheckData(x, "x")).Should().Throw<ArgumentException>().WithMessage(message);
    }

    [Fact]
    public void The_mean_is_within_half_a_level_of_that_of_the_probabilities()
    {
        using var scope = torch.NewDisposeScope();
        using var model = new DiscretizedLogisticMixtureLikelihood { Components = 3 }.Create(torch.CPU);
        var levels = torch.tensor([.. Enumerable.Range(0, 256).Select(k => k / 255f)]).view(256, 1);
        for (ulong seed = 1; seed <= 20; seed++)
        {
            var y = new RandomGenerator(seed).Normal([1, 9]) * (double)seed;
            double[] log = model.LogProbability(y.expand(256, 9).contiguous(), levels);
            double expected = log.Select((l, k) => k / 255.0 * Math.Exp(l)).Sum();
            // What rounding to levels moves within each of the intervals adds up to half a level, since the cumulative probability only grows.
            ((double)model.Mean(y).item<float>()).Should().BeApproximately(expected, 1.0 / 510 + 1e-5, "seed {0}", seed);
        }
    }

    [Fact]
    public void Draws_have_the_frequencies_of_the_probabilities()
    {
        using var scope = torch.NewDisposeScope();
        const int count = 200_000;
        using var model = new DiscretizedLogisticMixtureLikelihood { Components = 2 }.Create(torch.CPU);
        var y = torch.tensor([0.5f, -0.5f, -0.9f, 0.6f, -2.5f, -4]);
        double[] p = [.. model.LogProbability(
            y.expand(256, 6).contiguous(), torch.tensor([.. Enumerable.Range(0, 256).Select(k => k / 255f)]).view(256, 1)).Select(Math.Exp)];
        var drawn = model.Draw(y.expand(count, 6).contiguous(), new RandomGenerator(1));
        drawn.shape.Should().Equal(count, 1);
        model.CheckData(drawn, "draws");
        ShouldHaveFrequencies(drawn.Values(), p);
    }

    [Fact]
    public void Colors_are_drawn_with_the_frequencies_of_the_probabilities()
    {
        using var scope = torch.NewDisposeScope();
        const int count = 100_000;
        using var model = Color.Create(torch.CPU);
        var y = torch.tensor(ColorCase.Parameters).view(1, -1);
        var drawn = model.Draw(y.expand(count, y.shape[1]).contiguous(), new RandomGenerator(2));
        model.CheckData(drawn, "draws");
        // Blue given red and green is what the conditions decide: its share of all colors.
        var (x, each) = ColorCase.Batch();
        double[] blue = new double[256];
        foreach (var (log, color) in model.LogProbability(each, x).Zip(ColorCase.Colors)) blue[color.Blue] += Math.Exp(log);
        ShouldHaveFrequencies(drawn.narrow(1, 2, 1).Values(), blue);
        // Nothing but red is cut off at 0, by less than half a level.
        var mean = model.Mean(y).Values();
        var (means, deviations) = (drawn.mean([0L]).Values(), drawn.std([0L]).Values());
        for (int c = 0; c < 3; c++)
            ((double)mean[c]).Should().BeApproximately(means[c], 2.0 / 510 + 5 * deviations[c] / Math.Sqrt(count), "channel {0}", c);
    }

    [Fact]
    public void A_VAE_with_it_learns_to_use_fewer_bits()
    {
        using var scope = torch.NewDisposeScope();
        var source = Pixels();
        using var vae = new Vae(new VaeOptions { ExampleShape = [3, 4, 4], Hidden = [64], LatentSize = 4, Likelihood = Color, Seed = 1 });
        double Bits() => BitsPerDimension.Of(Trainer.Evaluate(vae, source)["loss"], 48);
        double before = Bits();
        var history = Trainer.Fit(vae, source, new FitOptions { Epochs = 60, BatchSize = 32, Seed = 1 });
        Bits().Should().BeLessThan(before - 1).And.BeLessThan(7, "8 bits are what nothing known costs");

        var shown = source.ToBatch(0, 5);
        vae.Reconstruct(shown).shape.Should().Equal(5, 3, 4, 4);
        vae.Sample(3, seed: 1).Values().Should().OnlyContain(v => v >= 0 && v <= 1);
        using var observation = Color.Create(torch.CPU);
        observation.CheckData(vae.SampleObservations(3, seed: 1), "samples");
        ImportanceSampling.Estimate(vae, source, new ImportanceSamplingOptions { Samples = 20 }).LogLikelihood.Mean
            .Should().BeGreaterThan(-history.Train("loss").Last() - 10);
    }

    [Fact]
    public void A_convolutional_decoder_gives_the_parameters_as_channels()
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        var source = Pixels();
        using var vae = new Vae(new VaeOptions { ExampleShape = [3, 4, 4], Convolutions = new() { Channels = [8] }, Hidden = [16], LatentSize = 4, Likelihood = Color, Seed = 1 });
        vae.State["decoder.convolutions.1.weight"].shape.Should().Contain(20);
        var history = Trainer.Fit(vae, source, new FitOptions { Epochs = 20, BatchSize = 32, Seed = 1 });
        history.Train("loss").Last().Should().BeLessThan(history.Train("loss").First() - 30);
        vae.Save(folder["vae"]);
        using var loaded = Vae.Load(folder["vae"]);
        loaded.SampleObservations(2, seed: 3).Values().Should().Equal(vae.SampleObservations(2, seed: 3).Values());
    }

    private static void ShouldHaveFrequencies(float[] drawn, double[] probabilities)
    {
        int[] counts = new int[256];
        foreach (float value in drawn) counts[(int)Math.Round(value * 255)]++;
        double n = drawn.Length;
        // Of 256 levels one lies 4.5 standard errors off in 500 runs; rare levels have at most a few.
        for (int k = 0; k < 256; k++)
            (counts[k] / n).Should().BeApproximately(
                probabilities[k], 4.5 * Math.Sqrt(probabilities[k] * (1 - probabilities[k]) / n) + 3 / n, "level {0}", k);
    }

    /// <summary>Pictures of one color that fades downwards, as 8-bit pixels.</summary>
    private static ArraySource Pixels()
    {
        var generator = new RandomGenerator(5);
        using var color = generator.Uniform([200, 3]);
        float[] values = color.Values();
        return new ArraySource(
            [.. Enumerable.Range(0, 200 * 48).Select(i => MathF.Floor(255 * values[i / 48 * 3 + i % 48 / 16] * (1 - i % 16 / 4 * 0.2f)) / 255)], 3, 4, 4);
    }
}
