using GenModels.Data;
using GenModels.Networks;
using GenModels.Optimization;
using GenModels.Training;
using static TorchSharp.torch;

namespace GenModels.Tests.Models;

/// <summary>Files that version 0.1 wrote still load, and its runs still go on.</summary>
public sealed class Version01Tests : IDisposable
{
    // Their arithmetic is this version's, on any libtorch: a few roundings of single precision apart.
    private const float Tolerance = 1e-4f;

    private static readonly AutoencoderOptions TiedAutoencoder = new()
    {
        ExampleShape = [64],
        Hidden = [12],
        CodeSize = 3,
        TiedWeights = true,
        Corruption = new GaussianCorruption { StandardDeviation = 0.1 },
        Seed = 5,
        Optimizer = new SgdOptions { LearningRate = 0.01, Momentum = 0.5, Schedule = new WarmUpSchedule { Steps = 5, Then = new CosineSchedule { Steps = 100 } } },
    };

    private static readonly VaeOptions AveragedVae = new() { ExampleShape = [64], Hidden = [12], LatentSize = 3, WeightAverage = 0.9, Seed = 5 };

    private static readonly VaeOptions GaussianVae = new()
    {
        ExampleShape = [64],
        Hidden = [12],
        LatentSize = 3,
        Encoder = EncoderLayout.SeparateNetworks,
        Activation = Activation.Elu,
        Likelihood = new GaussianLikelihood { Learned = true },
        ImportanceSamples = 3,
        Seed = 5,
    };

    private static readonly GanOptions MaxoutGan = new()
    {
        ExampleShape = [64],
        NoiseSize = 3,
        Generator = new HiddenLayers { Widths = [12] },
        Discriminator = new HiddenLayers { Widths = [12], MaxoutPieces = 2, InputDropout = 0.2, Dropout = 0.5 },
        WeightAverage = 0.9,
        R1 = 0.1,
        Seed = 5,
    };

    private static readonly GanOptions BatchNormGan = new()
    {
        ExampleShape = [64],
        NoiseSize = 3,
        Generator = new HiddenLayers { Widths = [12], BatchNorm = true },
        Discriminator = new HiddenLayers { Widths = [12] },
        Packing = 2,
        Objective = GanObjective.LeastSquares,
        Seed = 5,
    };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Runs => ["autoencoder", "vae", "vae-gaussian", "gan", "gan-batch-norm"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Runs))]
    public void Its_models_load_and_compute_what_they_did(string name)
    {
        using var model = GenerativeModel.Load(Unpack($"{name}.safetensors", "model.safetensors"));
        model.Options.Should().Be(Options(name));
        using var scope = NewDisposeScope();
        ShouldBeAsExpected(name, Result(model));
    }

    [Fact]
    public void Its_models_with_networks_of_ones_own_load()
    {
        using var vae = Vae.Load(Unpack("vae-own-encoder.safetensors", "model.safetensors"), options => new Vae(options, nn.Sequential(nn.Linear(64, 12), nn.Tanh()), null));
        vae.State.Keys.Should().Contain("encoder.trunk.0.weight");
    }

    [Fact]
    public void Its_classifiers_load_and_compute_what_they_did()
    {
        using var classifier = ImageClassifier.Load(Unpack("classifier.safetensors", "classifier.safetensors"));
        using var scope = NewDisposeScope();
        ShouldBeAsExpected("classifier", classifier.Probabilities(Few()));
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void Its_runs_go_on_from_their_checkpoints(string name)
    {
        Unpack($"{name}.checkpoint.safetensors", "checkpoint.safetensors");
        var (train, test) = DataSets.Digits();
        using var model = Make(name);
        var history = Trainer.Fit(
            model, train, new FitOptions { Epochs = 2, BatchSize = 256, Seed = 3 }, test,
            checkpoints: new CheckpointOptions { Folder = _folder.Path, Resume = true });
        history.ResumedFrom?.Steps.Should().Be(9, "the run was stopped there");
        history.Epochs.Should().HaveCount(2);
        history.Last.Test["loss"].Should().NotBe(double.NaN);
        // Least squares trains no probability; version 0.1 kept an average of V all the same.
        if (model is Gan { Options.Objective: GanObjective.LeastSquares, Health: var health })
            (health.Value, health.DiscriminatorLoss).Should().Match<(double? Value, double? Loss)>(h => h.Value == null && h.Loss > 0);
    }

    private string Unpack(string resource, string name)
    {
        string path = Path.Combine(_folder.Path, name);
        File.WriteAllBytes(path, ReferenceFile.Bytes($"version01_{resource}"));
        return path;
    }

    private static void ShouldBeAsExpected(string name, Tensor result)
    {
        float[] expected = ReferenceFile.Read<Dictionary<string, float[]>>("version01_expected.json.gz")[name];
        float[] actual = result.flatten().data<float>().ToArray()[..expected.Length];
        foreach (var (value, reference) in actual.Zip(expected)) value.Should().BeApproximately(reference, Tolerance * Math.Max(1, Math.Abs(reference)));
    }

    private static ModelOptions Options(string name) => name switch
    {
        "autoencoder" => TiedAutoencoder,
        "vae" => AveragedVae,
        "vae-gaussian" => GaussianVae,
        "gan" => MaxoutGan,
        _ => BatchNormGan,
    };

    private static IGenerativeModel Make(string name) => Options(name) switch
    {
        AutoencoderOptions options => new Autoencoder(options),
        VaeOptions options => new Vae(options),
        GanOptions options => new Gan(options),
        var other => throw new InvalidOperationException($"No model has {other.GetType()}."),
    };

    private static Tensor Result(IGenerativeModel model) => model switch
    {
        Autoencoder autoencoder => autoencoder.ReconstructionError(Few()),
        Vae vae => vae.Reconstruct(Few()),
        Gan { Options.Packing: 2 } gan => gan.Discriminate(cat([Few(), Few()])),
        Gan gan => gan.Discriminate(Few()),
        _ => throw new InvalidOperationException($"No result of {model} is on file."),
    };

    private static Tensor Few()
    {
        var values = new float[5 * 64];
        DataSets.Digits().Test.Gather([0, 1, 2, 3, 4], values);
        return tensor(values).reshape(5, 64);
    }
}
