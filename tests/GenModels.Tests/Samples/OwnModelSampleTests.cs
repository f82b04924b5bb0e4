namespace GenModels.Tests.Samples;

public sealed class OwnModelSampleTests : IDisposable
{
    private readonly SampleFolder _folder = new("OwnModel");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_short_run_leaves_a_model_and_pictures_and_goes_on()
    {
        var (status, output, error) = _folder.Run("--epochs", "2");
        (status, error).Should().Be((0, ""));
        output.Should().Contain("epoch 2").And.Contain("discrepancy");
        _folder.Files.Should().BeEquivalentTo("metrics.json", "history.csv", "model.safetensors", "curves.svg", "samples.png", "checkpoint.safetensors");
        (status, output, error) = _folder.Run("--epochs", "3", "--resume");
        (status, error).Should().Be((0, ""));
        output.Should().Contain("resuming at step").And.Contain("epoch 3");
    }
}
