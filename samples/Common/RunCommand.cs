using System.CommandLine;
using System.CommandLine.Parsing;
using System.Numerics;

namespace GenModels.Samples;

/// <summary>The command line of a sample that trains a model of its user's choice: what on, for how long, and where the results go.</summary>
public sealed class RunCommand : TrainingCommand
{
    private readonly IReadOnlyList<string> _sets;
    private readonly string _defaultData;
    private readonly Option<string> _data;
    private readonly Option<int> _epochs;
    private readonly Option<int> _batchSize;
    private readonly Option<string> _device;
    private readonly Option<string> _output;
    private readonly Option<double> _checkpointEvery;

    /// <param name="name">The sample's name.</param>
    /// <param name="description">What it does.</param>
    /// <param name="sets">The names that --data takes, in any case.</param>
    /// <param name="otherwise">What --data takes beside them.</param>
    /// <param name="data">The default of --data.</param>
    /// <param name="fit">The defaults of --epochs and --batch-size that suit some data.</param>
    public RunCommand(
        string name, string description, IReadOnlyList<string> sets, string otherwise, string data, Func<string, (int Epochs, int BatchSize)> fit)
        : base(name, description)
    {
        (_sets, _defaultData) = (sets, data);
        _data = AddText("--data", $"{string.Join(", ", sets)}, or {otherwise}.", data);
        _epochs = AddSuitedNumber("--epochs", "How often training passes over the data.", d => fit(d).Epochs, 1, MostEpochs);
        _batchSize = AddSuitedNumber("--batch-size", "Examples a step.", d => fit(d).BatchSize, 1, 1_000_000);
        _device = AddChoice("--device", "Where the model computes.", "cpu", "cpu", "cuda");
        _output = AddText("--out", "The folder for results.", Path.Combine("artifacts", name));
        _checkpointEvery = AddNumber("--checkpoint-every", "Seconds from one checkpoint to the next; 0 saves after every step.", 60.0, 0, 1_000_000);
    }

    /// <summary>The names of image sets that <see cref="Data.DataSets.Load(string, string?, CancellationToken)"/> knows.</summary>
    public static IReadOnlyList<string> ImageSets { get; } = ["digits", "mnist", "fashion-mnist", "cifar10", "emoji"];

    /// <summary>The folders of images that it reads.</summary>
    public const string ImageFolders = "a folder with the four IDX files, with those of CIFAR-10, or with PNG or JPEG images";

    /// <summary>Adds a number whose default is chosen for the data; help shows the one for the default data.</summary>
    public Option<T> AddSuitedNumber<T>(string name, string description, Func<string, T> value, T least, T most) where T : struct, INumber<T> =>
        AddNumber(name, $"{description} The default depends on the data.", result => value(DataOf(result)), least, most);

    /// <inheritdoc cref="SampleCommand.Run"/>
    public int Run(string[] args, Action<ParseResult, RunOptions, CancellationToken> action) => Run(args, (result, cancellation) => action(result, Read(result), cancellation));

    // Help asks for defaults outside of any command line, where --data has no result.
    /// <summary>The data that another option stands beside.</summary>
    public string DataOf(ArgumentResult result) => result.GetResult(_data) is { Tokens: [{ Value: var text }] } ? Named(text) : _defaultData;

    private string Named(string data) => _sets.FirstOrDefault(name => string.Equals(name, data, StringComparison.OrdinalIgnoreCase)) ?? data;

    private RunOptions Read(ParseResult r) =>
        Read(r, Named(r.GetRequiredValue(_data)), r.GetValue(_epochs), r.GetValue(_batchSize), r.GetRequiredValue(_output)) with
        {
            Device = r.GetRequiredValue(_device),
            CheckpointEvery = TimeSpan.FromSeconds(r.GetValue(_checkpointEvery)),
        };
}
