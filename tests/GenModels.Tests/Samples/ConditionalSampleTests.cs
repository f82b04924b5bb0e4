using GenModels.Data;
using GenModels.Networks;
using GenModels.Reporting;

namespace GenModels.Tests.Samples;

/// <summary>What all samples that draw images do alike with --conditional and --classifier.</summary>
public class ConditionalSampleTests
{
    public static TheoryData<string> Samples { get; } = new("Autoencoder", "Gan", "Vae");

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_model_that_is_told_the_labels_draws_a_row_of_each_class_and_is_judged_by_what_was_asked_for(string sample)
    {
        using var folder = new SampleFolder(sample);
        using var judge = Judge();
        using var scope = torch.NewDisposeScope();

        var (status, output, error) = folder.Run("--data", "digits", "--epochs", "2", "--seed", "3", "--conditional", "--classifier", judge["classifier.safetensors"]);

        (status, error).Should().Be((0, ""));
        output.Should().Contain("samples.asAsked ");
        using var model = folder.Model();
        model.Options.Condition.Should().Be(Condition.Classes(10));
        using var metrics = folder.Metrics();
        metrics.RootElement.GetProperty("model").GetProperty("Condition").GetProperty("Count").GetInt32().Should().Be(10);

        // Rows of the picture are classes, and of 10,000 samples each class is asked for as often.
        ImageGrid.Save(judge["rows.png"], model.Sample([.. Enumerable.Range(0, 100).Select(i => i / 10)], seed: 3), 8, 8, columns: 10);
        folder.Read("samples.png").Should().Equal(File.ReadAllBytes(judge["rows.png"]));
        using var same = ImageClassifier.Load(judge["classifier.safetensors"]);
        var asked = torch.tensor([.. Enumerable.Range(0, 10_000).Select(i => (long)(i % 10))]);
        var seen = same.Probabilities(model.Sample([.. Enumerable.Range(0, 10_000).Select(i => i % 10)], seed: 3)).argmax(1);
        metrics.RootElement.GetProperty("samples.asAsked").GetDouble().Should().Be(seen.eq(asked).sum().item<long>() / 10_000.0);
    }

    [Fact]
    public void Data_without_labels_and_a_classifier_of_other_data_are_refused_in_one_line()
    {
        using var folder = new SampleFolder("Gan");
        using var judge = Judge();
        folder.Run("--data", "ring", "--conditional").Should().Be(
            (2, "", $"gan: --conditional needs labels of two classes or more, and these data have none: leave it out, or choose images with labels.{Environment.NewLine}"));
        var (status, _, error) = folder.Run("--data", "ring", "--classifier", judge["classifier.safetensors"]);
        status.Should().Be(2);
        error.Should().Contain("classifies images of 64 pixels, expected 2").And.Match(e => e.TrimEnd().Split('\n', StringSplitOptions.None).Length == 1);
    }

    [Fact]
    public void Without_a_condition_nothing_is_asked_for()
    {
        using var folder = new SampleFolder("Vae");
        using var judge = Judge();
        folder.Run("--data", "digits", "--epochs", "1", "--nll-samples", "0", "--classifier", judge["classifier.safetensors"]).Status.Should().Be(0);
        using var metrics = folder.Metrics();
        metrics.RootElement.TryGetProperty("samples.asAsked", out _).Should().BeFalse();
    }

    /// <summary>A folder with a classifier of the digits that has learned nothing.</summary>
    private static TemporaryFolder Judge()
    {
        var folder = new TemporaryFolder();
        using var classifier = new ImageClassifier(new ClassifierOptions { ExampleShape = [64], Hidden = new HiddenLayers { Widths = [16] } });
        classifier.Save(folder["classifier.safetensors"]);
        return folder;
    }
}
