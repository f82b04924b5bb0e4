using System.CommandLine;

namespace GenModels.Samples;

/// <summary>The command line of a sample that trains a model: the options that all of these have, and the sample's own.</summary>
public sealed class RunCommand : SampleCommand
{
    private readonly Option<string> _data;
    private readonly Option<string?> _dataDirectory;
    private readonly Option<int> _epochs;
    private readonly Option<int> _batchSize;
    private readonly Option<int?> _threads;
    private readonly Option<string> _device;
    private readonly Option<string?> _output;
    private readonly Option<bool> _resume;
    private readonly Option<bool> _allowChanges;
    private readonly Option<double> _checkpointEvery;

    /// <param name="name">The sample's name.</param>
    /// <param name="description">What it does.</param>
    /// <param name="dataHelp">What --data takes.</param>
    /// <param name="data">The default of --data.</param>
    /// <param name="fit">The defaults of --epochs and --batch-size that suit some data.</param>
    public RunCommand(string name, string description, string dataHelp, string data, Func<string, (int Epochs, int BatchSize)> fit) : base(name, description)
    {
        _data = AddOption("--data", dataHelp, data);
        _dataDirectory = AddOption(new Option<string?>("--data-dir") { Description = "A folder to look for named data sets in first." });
        _epochs = AtLeastOne(AddSuitedOption("--epochs", "How often training passes over the data.", d => fit(d).Epochs));
        _batchSize = AtLeastOne(AddSuitedOption("--batch-size", "Examples a step.", d => fit(d).BatchSize));
        _threads = AtLeastOne(AddOption(new Option<int?>("--threads") { Description = "How many threads compute; all cores by default." }));
        _device = AddOption("--device", "cpu or cuda.", "cpu");
        _device.AcceptOnlyFromAmong("cpu", "cuda");
        _output = AddOption(new Option<string?>("--out") { Description = "The folder for results; artifacts/<sample> by default." });
        _resume = AddOption("--resume", "Go on from the checkpoint in the folder for results, if there is one.", false);
        _allowChanges = AddOption("--allow-changes", "Go on though options or data are not those of the checkpoint.", false);
        _checkpointEvery = AddOption("--checkpoint-every", "Seconds from one checkpoint to the next; 0 saves after every step.", 60.0);
        _checkpointEvery.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && double.TryParse(text, out double value) && !(value >= 0 && value <= TimeSpan.MaxValue.TotalSeconds / 2))
                result.AddError($"--checkpoint-every is {text}, expected a number of seconds that is 0 or more");
        });
    }

    /// <summary>Adds an option whose default is chosen for the data; help shows the one for the default data.</summary>
    public Option<T> AddSuitedOption<T>(string name, string description, Func<string, T> value) =>
        AddOption(new Option<T>(name) { Description = description, DefaultValueFactory = result => value(result.GetRequiredValue(_data)) });

    /// <inheritdoc cref="SampleCommand.Run"/>
    public int Run(string[] args, Action<ParseResult, RunOptions, CancellationToken> action) =>
        Run(args, (result, cancellation) => action(result, Read(result), cancellation));

    private RunOptions Read(ParseResult r) => new(
        r.GetRequiredValue(_data), r.GetValue(_dataDirectory), r.GetValue(_epochs), r.GetValue(_batchSize), Seed(r),
        r.GetValue(_threads), r.GetRequiredValue(_device), r.GetValue(_output) ?? Path.Combine("artifacts", SampleName),
        r.GetValue(_resume), r.GetValue(_allowChanges), TimeSpan.FromSeconds(r.GetValue(_checkpointEvery)));
}
