using GenModels.Data;
using GenModels.Tests.Data;

namespace GenModels.Tests.Samples;

/// <summary>Sets with too few images for a measurement: it is left out and said, and nothing that was trained is lost.</summary>
public sealed class SmallSetTests : IDisposable
{
    private readonly TemporaryFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public void An_autoencoder_of_fewer_images_than_the_mixture_has_components_leaves_its_samples_out()
    {
        using var folder = Run("Autoencoder", train: 12, test: 5, "samples.png");
        folder.Files.Should().NotContain("samples.png").And.Contain(["reconstructions.png", "anomalies.png", "codes.svg", "curves.svg"]);
        using var model = (Autoencoder)folder.Model();
        (model.Density, model.AnomalyThreshold > 0).Should().Be((null, true));
    }

    [Fact]
    public void A_vae_with_one_held_out_image_leaves_out_what_takes_two()
    {
        using var folder = Run("Vae", train: 30, test: 1, "latent", "test.nll.standardError");
        folder.Files.Should().Contain(["samples.png", "reconstructions.png", "report.html"]);
        using var metrics = folder.Metrics();
        metrics.RootElement.GetProperty("test.nll").GetDouble().Should().BePositive();
        File.ReadAllText(folder.PathOf("report.html")).Should().Contain("Left out: latent.");
        folder.Model().Dispose();
    }

    [Theory]
    [InlineData("Gan")]
    [InlineData("Vae")]
    [InlineData("Autoencoder")]
    [InlineData("Classifier")]
    public void One_image_to_learn_from_and_one_held_out_are_enough(string sample)
    {
        using var folder = Run(sample, train: 1, test: 1);
        folder.Files.Should().Contain(["metrics.json", "curves.svg", sample == "Classifier" ? "classifier.safetensors" : "model.safetensors"]);
    }

    [Theory]
    [InlineData("Vae", "samples.png")]
    [InlineData("Gan", "samples.png")]
    [InlineData("Classifier", "metrics.json")]
    public void The_model_is_saved_before_anything_else_is_written(string sample, string picture)
    {
        using var folder = Run(sample, train: 30, test: 5);
        string model = sample == "Classifier" ? "classifier.safetensors" : "model.safetensors";
        File.GetLastWriteTimeUtc(folder.PathOf(model)).Should().BeBefore(File.GetLastWriteTimeUtc(folder.PathOf(picture)));
        File.GetLastWriteTimeUtc(folder.PathOf(model)).Should().BeOnOrBefore(File.GetLastWriteTimeUtc(folder.PathOf("curves.svg")));
    }

    /// <summary>A run on noise that must succeed, say what it left out, and write that down.</summary>
    private SampleFolder Run(string sample, int train, int test, params string[] leftOut)
    {
        IdxBytes.WriteTo(_data["set"], new()
        {
            [IdxFolder.TrainImages] = IdxBytes.Images(train, 6, 6, seed: 1),
            [IdxFolder.TrainLabels] = IdxBytes.Labels(new byte[train]),
            [IdxFolder.TestImages] = IdxBytes.Images(test, 6, 6, seed: 2),
            // A class that training does not show.
            [IdxFolder.TestLabels] = IdxBytes.Labels([.. Enumerable.Repeat((byte)3, test)]),
        });
        var folder = new SampleFolder(sample);
        var (status, output, error) = folder.Run("--data", _data["set"], "--epochs", "1");
        (status, error).Should().Be((0, ""));
        foreach (string what in leftOut) output.Should().Contain($"left out: {what}. ");
        using var metrics = folder.Metrics();
        if (leftOut.Length > 0) metrics.RootElement.GetProperty("leftOut").EnumerateObject().Select(property => property.Name).Should().Equal(leftOut);
        return folder;
    }
}
