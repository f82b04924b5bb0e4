using GenModels.Data;
using GenModels.Training;

namespace GenModels.Fuzz;

/// <summary>The readers of checkpoints. Each reads a folder with one checkpoint, since with two the one before would serve for a damaged one.</summary>
internal static class CheckpointTargets
{
    private const int Batch = 8, Examples = 20;

    private static readonly ArraySource Source = new([.. Enumerable.Range(0, Examples * 6).Select(i => i % 7 / 7f)], [2, 3]);
    private static readonly ArraySource Flat = new(Source.Values.ToArray(), 6);

    public static IEnumerable<FuzzTarget> All(VaeOptions options, Func<IResumable> gan)
    {
        Func<IResumable> vae = () => new Vae(options), autoencoder = () => new Autoencoder(Autoencoder());
        return
        [
            Found("checkpoint", Saved(vae, Source)),
            Resumed("resume-vae", vae, Source),
            Resumed("resume-ae", autoencoder, Flat),
            Resumed("resume-gan", gan, Flat),
        ];
    }

    // With the checksum that it had, which must reject all but what leaves the content as it was, such as a space in the header.
    private static FuzzTarget Found(string name, byte[] saved)
    {
        byte[] whole = CheckpointChecksum.Renewed(saved);
        return new(name, FileKind.Safetensors, saved, path => Alone(path, FindWhole), typeof(ModelFileException)) { ToleratesDamage = false };

        void FindWhole(string folder)
        {
            if (Checkpoint.Find(folder) is null) throw new InvalidOperationException("The checkpoint was not found.");
            if (!CheckpointChecksum.Renewed(File.ReadAllBytes(Newest(folder))).AsSpan().SequenceEqual(whole))
                throw new InvalidOperationException("A checkpoint was accepted that holds something else than what was saved.");
        }
    }

    // With a checksum that fits the damage, which so gets to what lies behind it.
    private static FuzzTarget Resumed(string name, Func<IResumable> create, ArraySource source) => new(
        name, FileKind.Safetensors, Saved(create, source), path => Alone(path, folder => Run(create, source, folder, steps: null)),
        typeof(ModelFileException), typeof(ConfigurationChangedException), typeof(TrainingDivergedException))
    {
        Pack = CheckpointChecksum.Renewed,
    };

    private static AutoencoderOptions Autoencoder() => new()
    {
        ExampleShape = [6],
        Hidden = [5],
        CodeSize = 2,
        Corruption = new MaskingCorruption(),
        WeightAverage = 0.9,
    };

    /// <summary>The checkpoint of a run that stopped in its second epoch.</summary>
    private static byte[] Saved(Func<IResumable> create, ArraySource source) => Scratch.Use(folder =>
    {
        Run(create, source, folder, steps: Examples / Batch + 2);
        return File.ReadAllBytes(Newest(folder));
    });

    private static void Run(Func<IResumable> create, ArraySource source, string folder, long? steps)
    {
        using var model = create();
        Trainer.Fit(
            model, source, new FitOptions { Epochs = 2, BatchSize = Batch, EarlyStopping = new EarlyStopping(), MaxSteps = steps }, source,
            checkpoints: new CheckpointOptions { Folder = folder, Every = null, Resume = true });
    }

    private static void Alone(string path, Action<string> read)
    {
        string folder = path + "-run";
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        File.Copy(path, Newest(folder));
        read(folder);
    }

    private static string Newest(string folder) => Path.Combine(folder, "checkpoint.safetensors");
}
