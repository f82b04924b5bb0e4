
namespace GenModels.Tests.Samples;

public sealed class ClassifierSampleTests : IDisposable
{
    private readonly SampleFolder _folder = new("Classifier");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_short_run_keeps_a_classifier_that_loads()
    {
        var (status, output, error) = _folder.Run("--data", "digits", "--epochs", "5");
        (status, error).Should().Be((0, ""));
        output.Should().Contain("in 10 classes").And.Contain("epoch 5").And.Contain("accuracy");
        _folder.Files.Should().BeEquivalentTo("metrics.json", "history.csv", "classifier.safetensors", "curves.svg", "checkpoint.safetensors");
        using var metrics = _folder.Metrics();
        metrics.RootElement.GetProperty("test.accuracy").GetDouble().Should().BeGreaterThan(0.8);
        using var classifier = ImageClassifier.Load(_folder.PathOf("classifier.safetensors"));
        GenModels.Training.Trainer.Evaluate(classifier, GenModels.Data.DataSets.Digits().Test)["accuracy"].Should().Be(metrics.RootElement.GetProperty("test.accuracy").GetDouble());
    }
}
