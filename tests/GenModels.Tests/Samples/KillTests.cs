using System.Globalization;
using GenModels.Safetensors;
using GenModels.Training;
using Xunit.Abstractions;

namespace GenModels.Tests.Samples;

/// <summary>Kills runs that save after every step, again and again, at any moment: GENMODELS_KILLS says how often for each model.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private static readonly string[] Options = ["--data", "digits", "--checkpoint-every", "0", "--threads", "1", "--resume"];

    [Theory]
    [Trait(Speed.Trait, Speed.Slow)]
    [InlineData("Vae", "--hidden", "64", "--epochs", "12")]
    [InlineData("Autoencoder", "--hidden", "64", "--corruption", "masking", "--epochs", "12")]
    [InlineData("Gan", "--epochs", "6")]
    public void A_run_killed_at_any_moment_goes_on_to_the_same_bits(string sample, params string[] settings)
    {
        using SampleFolder folder = new(sample), whole = new(sample);
        string told = KillAgainAndAgain(folder, whole, [.. Options, .. settings]);
        output.WriteLine($"{sample}: {told}");
    }

    private static string KillAgainAndAgain(SampleFolder folder, SampleFolder whole, string[] options)
    {
        int kills = int.Parse(Environment.GetEnvironmentVariable("GENMODELS_KILLS") ?? "5", CultureInfo.InvariantCulture);
        whole.Run(options).Status.Should().Be(0);
        var random = new Random(1);
        int killed = 0, inSave = 0, betweenRenames = 0, resumed = 0, finished = 0;
        long steps = 0;
        // Where luck has left a kind of moment out, a few more kills are to meet it.
        while (killed < kills || ((inSave == 0 || resumed == 0) && killed < 10 * kills))
        {
            foreach (string left in Temporary(folder)) File.Delete(left);
            var before = Written(folder);
            using var process = folder.Start(options);
            if (process.KillAfter(Await((Moment)(killed % 3), process, folder, before, random)))
            {
                killed++;
                if (!Directory.Exists(folder.Path)) continue;
                if (Temporary(folder).Length > 0) inSave++;
                var point = Checkpoint.Find(folder.Path);
                if (point is null) continue;
                if (steps > 0 && point.Steps > steps) resumed++;
                point.Passed.Should().BeNull();
                if (!folder.Files.Contains("checkpoint.safetensors")) betweenRenames++;
                point.Steps.Should().BeGreaterThanOrEqualTo(steps);
                steps = point.Steps;
            }
            else
            {
                process.Finish().Status.Should().Be(0);
                finished++;
                ShouldBeTheSame(folder, whole);
                Directory.Delete(folder.Path, recursive: true);
                steps = 0;
            }
        }
        folder.Run(options).Status.Should().Be(0);
        ShouldBeTheSame(folder, whole);
        inSave.Should().BePositive();
        resumed.Should().BePositive();
        return $"{killed} kills: {inSave} while a checkpoint was written, {betweenRenames} between its two renames, {resumed} after steps that a resumed run took; {finished + 1} runs ended in the same bits.";
    }

    /// <summary>Waits until the moment is near, for most of them until the run has saved a step of its own, and gives the time that is left until it.</summary>
    private static TimeSpan Await(Moment moment, ChildProcess process, SampleFolder folder, DateTime before, Random random)
    {
        if (moment == Moment.Any) return TimeSpan.FromSeconds(2 * random.NextDouble());
        SpinWait.SpinUntil(() => process.HasEndedWithin(TimeSpan.Zero) || Written(folder) > before, Longest);
        var time = TimeSpan.FromSeconds(1.5 * random.NextDouble());
        if (moment == Moment.Training || process.HasEndedWithin(time)) return time;
        SpinWait.SpinUntil(() => process.HasEndedWithin(TimeSpan.Zero) || Temporary(folder).Length > 0, Longest);
        return TimeSpan.Zero;
    }

    private static string[] Temporary(SampleFolder folder) =>
        Directory.Exists(folder.Path) ? Directory.GetFiles(folder.Path, AtomicFile.TemporaryFiles) : [];

    private static DateTime Written(SampleFolder folder) => File.GetLastWriteTimeUtc(folder.PathOf("checkpoint.safetensors"));

    private static void ShouldBeTheSame(SampleFolder folder, SampleFolder whole)
    {
        folder.Read("samples.png").Should().Equal(whole.Read("samples.png"));
        folder.Lines("history.csv").Should().Equal(whole.Lines("history.csv"));
        using var scope = torch.NewDisposeScope();
        var expected = Tensors(whole);
        var actual = Tensors(folder);
        actual.Keys.Should().BeEquivalentTo(expected.Keys);
        foreach (var (name, tensor) in actual) tensor.Equals(expected[name]).Should().BeTrue(name);
    }

    /// <summary>Weights, moments and generators at the end, but for libtorch's own, which each process seeds as it likes.</summary>
    private static Dictionary<string, torch.Tensor> Tensors(SampleFolder folder)
    {
        using var reader = SafetensorsReader.Open(Path.Combine(folder.Path, "checkpoint.safetensors"));
        return reader.Tensors.Keys.Where(name => name != "trainer.default").ToDictionary(name => name, reader.Read);
    }

    private enum Moment
    {
        Training,
        Save,
        Any,
    }
}
