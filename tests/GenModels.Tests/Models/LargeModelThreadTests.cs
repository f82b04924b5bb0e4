namespace GenModels.Tests.Models;

/// <summary>The contract's threads, with networks whose layers are worth several threads each.</summary>
public class LargeModelThreadTests
{
    public static TheoryData<string> Kinds => ["vae", "autoencoder", "gan"];

    [Theory, MemberData(nameof(Kinds))]
    public void Eight_threads_draw_the_samples_of_one(string kind)
    {
        const int threads = 8, draws = 6;
        using var model = Make(kind);
        float[] Draw(int seed)
        {
            using var scope = torch.NewDisposeScope();
            return model.Sample(200, (ulong)seed).Values();
        }
        float[][] expected = [.. Enumerable.Range(0, threads * draws).Select(Draw)];
        var actual = new float[threads * draws][];
        Thread[] all = [.. Enumerable.Range(0, threads).Select(t => new Thread(() =>
        {
            for (int i = t * draws; i < (t + 1) * draws; i++) actual[i] = Draw(i);
        }))];
        foreach (var thread in all) thread.Start();
        foreach (var thread in all) thread.Join();
        for (int i = 0; i < actual.Length; i++) actual[i].AsSpan().SequenceEqual(expected[i]).Should().BeTrue("draw {0} is the same on any thread", i);
    }

    private static IGenerativeModel Make(string kind)
    {
        if (kind == "vae") return new Vae(new VaeOptions { WeightAverage = 0.9 });
        if (kind == "gan") return new Gan(new GanOptions { ExampleShape = [784], Generator = new() { Widths = [512, 512] } });
        var autoencoder = new Autoencoder(new AutoencoderOptions { Hidden = [512], CodeSize = 4 });
        autoencoder.FitDensity(Examples.Source(50, [784]));
        return autoencoder;
    }
}
