namespace GenModels.Tests.Samples;

public sealed class ResumeSampleTests : IDisposable
{
    private const int Interrupted = 130;
    private readonly SampleFolder _folder = new("Vae"), _other = new("Vae");

    public void Dispose()
    {
        _folder.Dispose();
        _other.Dispose();
    }

    [Theory]
    [Trait(Speed.Trait, Speed.Slow)]
    [InlineData("INT")]
    [InlineData("TERM")]
    public void A_signal_saves_and_ends_with_130_and_resuming_ends_in_the_same_pictures(string signal)
    {
        if (OperatingSystem.IsWindows()) return;
        string[] options = ["--data", "digits", "--hidden", "16", "--epochs", "40"];
        using (var sample = _folder.Start(options))
        {
            sample.ReadLine().Should().Contain("images");
            sample.ReadLine().Should().Contain("epoch 1 ");
            sample.Signal(signal);
            var (status, output, error) = sample.Finish();
            (status, error.Trim()).Should().Be((Interrupted, "vae: interrupted"));
            output.Should().Contain("--resume goes on from there");
        }
        var (resumed, told, _) = _folder.Run([.. options, "--resume"]);
        resumed.Should().Be(0);
        told.Should().MatchRegex(@"resuming at step \d+ in epoch \d+ from .*checkpoint\.safetensors").And.Contain("epoch 40 ").And.NotContain("epoch 1 ");
        _other.Run(options).Status.Should().Be(0);
        _folder.Read("samples.png").Should().Equal(_other.Read("samples.png"));
        _folder.Lines("history.csv").Should().Equal(_other.Lines("history.csv"));
    }

    [Fact]
    [Trait(Speed.Trait, Speed.Slow)]
    public void A_second_signal_ends_at_once()
    {
        if (OperatingSystem.IsWindows()) return;
        // Steps of a second or more: the first signal waits for one, and then for a checkpoint of half a gigabyte.
        using var sample = _folder.Start("--data", "digits", "--hidden", "4000", "4000", "--batch-size", "1500", "--epochs", "1000");
        sample.ReadLine().Should().Contain("images");
        sample.ReadLine().Should().Contain("epoch 1 ");
        // Signals that arrive before the first is seen are one with it.
        do sample.Signal("INT");
        while (!sample.HasEndedWithin(TimeSpan.FromMilliseconds(50)));
        sample.Finish().Status.Should().Be(Interrupted);
        _folder.Files.Should().NotContain("checkpoint.safetensors");
    }

    [Fact]
    public void Resuming_without_a_checkpoint_says_so_and_starts()
    {
        var (status, output, _) = _folder.Run("--data", "digits", "--hidden", "16", "--epochs", "1", "--resume");
        status.Should().Be(0);
        output.Should().Contain("no checkpoint in").And.Contain("epoch 1 ");
    }

    [Fact]
    [Trait(Speed.Trait, Speed.Slow)]
    public void More_epochs_go_on_and_another_network_is_refused_in_one_line()
    {
        string[] options = ["--data", "digits", "--hidden", "16", "--resume"];
        _folder.Run([.. options, "--epochs", "1"]).Status.Should().Be(0);
        _folder.Run([.. options, "--epochs", "2"]).Output.Should().Contain("epoch 2 ").And.NotContain("epoch 1 ");

        var (status, _, error) = _folder.Run([.. options, "--epochs", "3", "--beta", "2"]);
        status.Should().Be(2);
        error.Should().StartWith("vae: ").And.Contain("model.Beta was 1, and is 2").And.Contain("--allow-changes");
        error.TrimEnd().Should().NotContain("\n");
        _folder.Run([.. options, "--epochs", "3", "--beta", "2", "--allow-changes"]).Output.Should().Contain("epoch 3 ").And.NotContain("epoch 2 ");
    }
}
