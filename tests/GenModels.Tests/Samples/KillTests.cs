using System.Globalization;
using GenModels.Persistence;
using GenModels.Training;
using Xunit.Abstractions;

namespace GenModels.Tests.Samples;

/// <summary>Kills a run that saves after every step, again and again, at any moment: GENMODELS_KILLS says how often.</summary>
public sealed class KillTests(ITestOutputHelper output) : IDisposable
{
    private static readonly string[] Options = ["--data", "digits", "--hidden", "64", "--epochs", "40", "--checkpoint-every", "0", "--threads", "1", "--resume"];

    private readonly SampleFolder _folder = new("Vae"), _whole = new("Vae");

    public void Dispose()
    {
        _folder.Dispose();
        _whole.Dispose();
    }

    [Fact]
    public void A_run_killed_at_any_moment_goes_on_to_the_same_bits()
    {
        int kills = int.Parse(Environment.GetEnvironmentVariable("GENMODELS_KILLS") ?? "5", CultureInfo.InvariantCulture);
        _whole.Run(Options).Status.Should().Be(0);
        var random = new Random(1);
        int killed = 0, inSave = 0, betweenRenames = 0, finished = 0;
        long steps = 0;
        while (killed < kills)
        {
            using var sample = _folder.Start(Options);
            // Some moments are before training, most of them in it, and many of these in a save.
            if (sample.KillAfter(TimeSpan.FromSeconds(0.4 + 1.6 * random.NextDouble())))
            {
                killed++;
                if (!Directory.Exists(_folder.Path)) continue;
                if (_folder.Files.Contains(".checkpoint.safetensors.tmp")) inSave++;
                var point = Checkpoint.Find(_folder.Path);
                if (point is null) continue;
                point.Passed.Should().BeNull();
                if (!_folder.Files.Contains("checkpoint.safetensors")) betweenRenames++;
                point.Steps.Should().BeGreaterThanOrEqualTo(steps);
                steps = point.Steps;
            }
            else
            {
                sample.Finish().Status.Should().Be(0);
                finished++;
                ShouldBeWhole();
                Directory.Delete(_folder.Path, recursive: true);
                steps = 0;
            }
        }
        _folder.Run(Options).Status.Should().Be(0);
        ShouldBeWhole();
        output.WriteLine($"{killed} kills: {inSave} while a checkpoint was written, {betweenRenames} between its two renames; {finished + 1} runs ended in the same bits.");
    }

    private void ShouldBeWhole()
    {
        _folder.Read("samples.png").Should().Equal(_whole.Read("samples.png"));
        _folder.Lines("history.csv").Should().Equal(_whole.Lines("history.csv"));
        using var scope = torch.NewDisposeScope();
        var expected = Tensors(_whole);
        var actual = Tensors(_folder);
        actual.Keys.Should().BeEquivalentTo(expected.Keys);
        foreach (var (name, tensor) in actual) tensor.Equals(expected[name]).Should().BeTrue(name);
    }

    /// <summary>Weights, moments and generators at the end, but for libtorch's own, which each process seeds as it likes.</summary>
    private static Dictionary<string, torch.Tensor> Tensors(SampleFolder folder)
    {
        using var reader = SafetensorsReader.Open(Path.Combine(folder.Path, "checkpoint.safetensors"));
        return reader.Tensors.Keys.Where(name => name != "trainer.default").ToDictionary(name => name, reader.Read);
    }
}
