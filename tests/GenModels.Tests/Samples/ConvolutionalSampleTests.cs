using GenModels.Networks;

namespace GenModels.Tests.Samples;

/// <summary>What the samples do alike with --network conv.</summary>
public class ConvolutionalSampleTests
{
    [Theory]
    [InlineData("Autoencoder")]
    [InlineData("Gan")]
    [InlineData("Vae")]
    public void A_model_gets_convolutions_and_is_judged_by_a_classifier_that_has_them_too(string sample)
    {
        using var judge = new SampleFolder("Classifier");
        string[] network = ["--data", "digits", "--epochs", "1", "--network", "conv", "--channels", "4", "6"];
        judge.Run(network).Status.Should().Be(0);
        using var folder = new SampleFolder(sample);

        var (status, output, error) = folder.Run([.. network, "--conditional", "--classifier", judge.PathOf("classifier.safetensors")]);

        (status, error).Should().Be((0, ""));
        output.Should().Contain("frechetDistance ").And.Contain("samples.asAsked ");
        using var model = folder.Model();
        model.Options.ExampleShape.Should().Equal(1, 8, 8);
        model.State.Keys.Should().Contain(name => name.EndsWith("convolutions.1.weight", StringComparison.Ordinal));
        using var classifier = ImageClassifier.Load(judge.PathOf("classifier.safetensors"));
        classifier.Options.Hidden.Convolutions.Should().Be(new ConvolutionalLayers { Channels = [4, 6] });
    }

    [Fact]
    public void Points_and_images_that_can_not_be_halved_are_refused_in_one_line()
    {
        using var folder = new SampleFolder("Gan");
        folder.Run("--data", "ring", "--network", "conv").Should().Be(
            (2, "", $"gan: --network conv needs images, and these data are points: leave it out, or choose images.{Environment.NewLine}"));
        var (status, _, error) = folder.Run("--data", "digits", "--network", "conv", "--channels", "2", "2", "2", "2");
        status.Should().Be(2);
        error.Should().StartWith("gan: Images of 8×8 pixels can't be halved 4 times").And.Match(e => e.TrimEnd().Split('\n', StringSplitOptions.None).Length == 1);
    }
}
