using System.Text.Json;
using GenModels.Data;
using GenModels.Tests.Data;

namespace GenModels.Tests.Samples;

public sealed class ReproduceSampleTests : IDisposable
{
    private readonly SampleFolder _folder = new("Reproduce");
    private readonly TemporaryFolder _data = new();

    public void Dispose()
    {
        _folder.Dispose();
        _data.Dispose();
    }

    [Fact]
    [Trait(Speed.Trait, Speed.Slow)]
    public void The_importance_weighted_recipe_writes_its_bounds_beside_the_published_figure()
    {
        WriteImages(train: 60, test: 20);
        var (status, output, error) = _folder.Run("iwae-5", "--epochs", "1", "--data-dir", _data.Path);
        (status, error).Should().Be((0, ""));
        output.Should().Contain("L_5000").And.Contain("published NLL 85.54");
        _folder.Files.Should().BeEquivalentTo("metrics.json", "history.csv", "checkpoint.safetensors", "samples.png", "curves.svg", "model.safetensors");

        using var metrics = _folder.Metrics();
        double Figure(string name) => metrics.RootElement.GetProperty(name).GetDouble();
        // Of twenty images of noise: each bound is above the one before by far more than its error.
        Figure("test.bound.1").Should().BeLessThan(Figure("test.bound.5"));
        Figure("test.bound.5").Should().BeLessThan(Figure("test.bound.50"));
        Figure("test.bound.50").Should().BeLessThan(Figure("test.bound.5000"));
        Figure("test.nll").Should().Be(-Figure("test.bound.5000"));
        Figure("test.nll.published").Should().Be(85.54);
        var options = JsonSerializer.Deserialize<VaeOptions>(metrics.RootElement.GetProperty("model"));
        options?.ImportanceSamples.Should().Be(5);
        options?.Likelihood.Should().Be(new BernoulliLikelihood { Binarize = true });
    }

    [Fact]
    [Trait(Speed.Trait, Speed.Slow)]
    public void The_table_of_digits_has_a_row_for_each_model_and_for_real_images()
    {
        _folder.Run("digits", "--epochs", "1").Status.Should().Be(0);
        using var metrics = _folder.Metrics();
        var table = metrics.RootElement.GetProperty("table");
        table.EnumerateObject().Select(row => row.Name).Should().Equal("autoencoder with a mixture", "VAE", "GAN", "training images");
        foreach (var row in table.EnumerateObject())
        {
            double Score(string name) => row.Value.GetProperty(name).GetDouble();
            Score("classifierScore").Should().BeInRange(1, 10);
            Score("precision").Should().BeInRange(0, 1);
            Score("recall").Should().BeInRange(0, 1);
            Score("frechetDistance").Should().BePositive();
            Score("frechetDistance.standardError").Should().BePositive();
            // Real images can only be closest to real ones.
            if (row.Name != "training images") Score("frechetDistance").Should().BeGreaterThan(table.GetProperty("training images").GetProperty("frechetDistance").GetDouble());
        }
        Directory.EnumerateFiles(_folder.Path, "samples.png", SearchOption.AllDirectories).Should().HaveCount(3);
    }

    [Fact]
    [Trait(Speed.Trait, Speed.Slow)]
    public void The_ring_has_five_runs_with_and_without_packing_of_both_discriminators()
    {
        var (status, output, error) = _folder.Run("gan-ring", "--epochs", "1");
        (status, error).Should().Be((0, ""));
        output.Should().Contain("PacGAN2, discriminator 256-256: ");
        using var metrics = _folder.Metrics();
        foreach (var row in metrics.RootElement.GetProperty("table").EnumerateObject())
        {
            row.Value.GetProperty("runs").GetArrayLength().Should().Be(5);
            row.Value.GetProperty("modes").GetDouble().Should().BeInRange(0, 8);
            row.Value.GetProperty("highQuality").GetDouble().Should().BeInRange(0, 1);
            row.Value.GetProperty("reverseKl").GetDouble().Should().BeInRange(0, Math.Log(8));
        }
        Directory.EnumerateFiles(_folder.Path, "samples.svg", SearchOption.AllDirectories).Should().HaveCount(20);
    }

    [Theory]
    [InlineData("'guess'", "guess")]
    [InlineData("--epochs is '0', expected a whole number from 1 to 1000000", "vae", "--epochs", "0")]
    [InlineData("60 images to learn from, expected at least 51000", "gan-parzen")]
    public void Bad_arguments_are_one_line_and_status_two(string message, params string[] arguments)
    {
        WriteImages(train: 60, test: 20);
        var (status, output, error) = _folder.Run([.. arguments, "--data-dir", _data.Path]);
        (status, output).Should().Be((2, ""));
        error.Should().StartWith("reproduce: ").And.Contain(message);
        error.TrimEnd().Should().NotContain("\n");
    }

    private void WriteImages(int train, int test) => IdxBytes.WriteTo(_data["mnist"], new()
    {
        [IdxFolder.TrainImages] = IdxBytes.Images(train, 28, 28, seed: 1),
        [IdxFolder.TrainLabels] = IdxBytes.Labels(new byte[train]),
        [IdxFolder.TestImages] = IdxBytes.Images(test, 28, 28, seed: 2),
        [IdxFolder.TestLabels] = IdxBytes.Labels(new byte[test]),
    });
}
