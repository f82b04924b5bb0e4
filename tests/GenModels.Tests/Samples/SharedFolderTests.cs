using System.Text.Json;

namespace GenModels.Tests.Samples;

public sealed class SharedFolderTests : IDisposable
{
    private readonly SampleFolder _folder = new("Gan");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_second_run_in_a_folder_is_refused_while_the_first_goes_on()
    {
        using (var first = _folder.Start("--data", "ring", "--epochs", "1000"))
        {
            first.ReadLine().Should().Contain("points to learn from");
            var (status, _, error) = _folder.Run("--data", "ring", "--epochs", "1");
            status.Should().Be(2);
            error.Should().StartWith($"gan: --out {_folder.Path}: another run is using the folder");
            error.TrimEnd().Should().NotContain("\n");
            first.KillAfter(TimeSpan.Zero).Should().BeTrue();
        }
        // A run that was killed holds nothing back.
        _folder.Run("--data", "ring", "--epochs", "1").Status.Should().Be(0);
        _folder.Files.Should().NotContain(".running");
    }

    [Fact]
    public void The_name_of_a_set_means_the_same_in_any_case()
    {
        _folder.Run("--data", "DIGITS", "--epochs", "1", "--objective", "HINGE").Status.Should().Be(0);
        using var metrics = _folder.Metrics();
        var root = metrics.RootElement;
        (root.GetProperty("data").GetString(), root.GetProperty("fit").GetProperty("BatchSize").GetInt32()).Should().Be(("digits", 64));
        var model = JsonSerializer.Deserialize<GanOptions>(root.GetProperty("model"));
        (model?.NoiseSize, model?.R1, model?.Objective).Should().Be((32, 1, GanObjective.Hinge));
    }
}
