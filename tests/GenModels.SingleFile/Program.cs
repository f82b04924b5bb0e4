// What a file-based program may do with the library, where JSON serialization by reflection is disabled. "all" goes through everything once and
// leaves its files; "train" trains until the process is killed.
using System.Text.Json;
using System.Text.Json.Serialization;
using GenModels;
using GenModels.Data;
using GenModels.Networks;
using GenModels.Optimization;
using GenModels.Training;
using TorchSharp;

if (JsonSerializer.IsReflectionEnabledByDefault) throw new InvalidOperationException("This program is of use only with reflection disabled.");
string folder = args[1];
var (train, test) = (Examples(48), Examples(20));
if (args[0] == "train")
{
    using var model = new Vae(new VaeOptions { ExampleShape = [4], Hidden = [3], LatentSize = 2 });
    var told = new Listener(p => { if (p is { Epoch: 1, Batch: 1 }) Console.WriteLine("training"); });
    Trainer.Fit(model, train, new FitOptions { Epochs = int.MaxValue }, progress: told, checkpoints: new CheckpointOptions { Folder = folder });
    return;
}

var vae = new VaeOptions
{
    ExampleShape = [4],
    Hidden = [5, 3],
    LatentSize = 2,
    Likelihood = new GaussianLikelihood { Learned = true },
    Optimizer = new SgdOptions { Schedule = new WarmUpSchedule { Steps = 2, Then = new CosineSchedule { Steps = 9 } } },
};
var autoencoder = new AutoencoderOptions { ExampleShape = [4], Hidden = [3], CodeSize = 2, Corruption = new MaskingCorruption() };
var gan = new GanOptions { ExampleShape = [4], NoiseSize = 2, Generator = new() { Widths = [3] }, Discriminator = new() { Widths = [3] } };
Use("vae", () => new Vae(vae), path => GenerativeModel.Load(path));
Use("autoencoder", () => new Autoencoder(autoencoder), path => Autoencoder.Load(path));
Use("gan", () => new Gan(gan), path => Gan.Load(path));
Use("own", () => new Own(new OwnOptions { ExampleShape = [4], Names = ["a", "b"] }), path => GenerativeModel.Load(path, (OwnOptions options) => new Own(options)));

using var classifier = new ImageClassifier(new ClassifierOptions { ExampleShape = [4], Classes = 2, Hidden = new HiddenLayers { Widths = [3] } });
classifier.Save(Path.Combine(folder, "classifier.safetensors"));
using var loaded = ImageClassifier.Load(Path.Combine(folder, "classifier.safetensors"));
Console.WriteLine($"classifier {loaded.Options == classifier.Options}");

using var unprepared = new Own(new UnpreparedOptions { ExampleShape = [4] });
Fails("save", () => unprepared.Save(Path.Combine(folder, "unprepared.safetensors")));
Fails("train", () => Trainer.Fit(unprepared, train, checkpoints: new CheckpointOptions { Folder = Path.Combine(folder, "unprepared") }));
Fails("load", () => GenerativeModel.Load(Path.Combine(folder, "own.safetensors"), (UnpreparedOptions options) => new Own(options)).Dispose());

// Trains, is cancelled, resumes, saves, loads and samples.
void Use(string name, Func<IGenerativeModel> create, Func<string, IGenerativeModel> load)
{
    var fit = new FitOptions { Epochs = 3, BatchSize = 16, EarlyStopping = new EarlyStopping { Patience = 9 } };
    var checkpoints = new CheckpointOptions { Folder = Path.Combine(folder, name), Resume = true };
    using var source = new CancellationTokenSource();
    using (var first = create())
    {
        try
        {
            Trainer.Fit(first, train, fit, test, new Listener(p => { if (p is { Epoch: 2, Batch: 2 }) source.Cancel(); }), checkpoints, cancellation: source.Token);
        }
        catch (OperationCanceledException)
        {
        }
    }
    using var model = create();
    var history = Trainer.Fit(model, train, fit, test, checkpoints: checkpoints);
    if (model is Autoencoder coder) coder.FitDensity(train);
    string path = Path.Combine(folder, $"{name}.safetensors");
    model.Save(path);
    using var again = load(path);
    using torch.Tensor samples = model.Sample(5, seed: 1), same = again.Sample(5, seed: 1);
    Console.WriteLine($"{name} {history.ResumedFrom?.Steps} {history.Steps} {again.Options.Equals(model.Options)} {same.data<float>().SequenceEqual(samples.data<float>())}");
}

void Fails(string what, Action act)
{
    try
    {
        act();
    }
    catch (NotSupportedException e)
    {
        Console.WriteLine($"{what}: {e.Message}");
    }
}

static ArraySource Examples(int count) => new([.. Enumerable.Range(0, 4 * count).Select(i => (i * 7 % 11) / 10f)], 4);

internal sealed class Listener(Action<FitProgress> report) : IProgress<FitProgress>
{
    public void Report(FitProgress value) => report(value);
}

internal enum Kind
{
    First,
    Second,
}

[SerializerContext(typeof(OwnJson))]
internal sealed record OwnOptions : ModelOptions
{
    public ValueList<string> Names { get; init; } = [];

    public ValueList<Kind> Kinds { get; init; } = [Kind.Second];
}

[JsonSerializable(typeof(OwnOptions))]
[JsonSerializable(typeof(Kind[]))]
internal sealed partial class OwnJson : JsonSerializerContext;

internal sealed record UnpreparedOptions : ModelOptions;

/// <summary>A model of the program's own: every sample is the sum of all examples seen.</summary>
internal sealed class Own(ModelOptions options) : IGenerativeModel, IResumable
{
    private readonly torch.Tensor _sum = torch.zeros([.. options.ExampleShape]).DetachFromDisposeScope();

    public ModelOptions Options => options;

    public torch.Device Device => torch.CPU;

    public IReadOnlyDictionary<string, torch.Tensor> State => new Dictionary<string, torch.Tensor> { ["sum"] = _sum };

    public IMetrics TrainStep(Batch batch)
    {
        _sum.add_(batch.Examples.sum(0));
        return new Metrics(1);
    }

    public IMetrics Evaluate(Batch batch, torch.Generator generator) => new Metrics(1);

    public torch.Tensor Sample(int count, torch.Generator generator, torch.Tensor? condition = null) => torch.zeros([count, .. options.ExampleShape]) + _sum;

    public IReadOnlyDictionary<string, torch.Tensor> GetTrainingState() => new Dictionary<string, torch.Tensor>();

    public void SetTrainingState(IReadOnlyDictionary<string, torch.Tensor> state) { }

    public void Dispose() => _sum.Dispose();

    private sealed record Metrics(double Loss) : IMetrics
    {
        public IEnumerable<(string Name, double Value)> Named => [("loss", Loss)];
    }
}
