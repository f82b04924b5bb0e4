using System.CommandLine;

namespace GenModels.Samples;

/// <summary>The options of all samples that train models: where data are, on how many threads, and whether a run goes on from a checkpoint.</summary>
public abstract class TrainingCommand : SampleCommand
{
    /// <summary>The greatest number of epochs that a command line takes.</summary>
    protected const int MostEpochs = 1_000_000;

    // Threads beyond the cores only wait for each other; with thousands the system runs out of them.
    private static readonly int MostThreads = Math.Max(64, 4 * Environment.ProcessorCount);

    private readonly Option<string> _dataDirectory;
    private readonly Option<int> _threads;
    private readonly Option<bool> _resume;
    private readonly Option<bool> _allowChanges;

    protected TrainingCommand(string name, string description) : base(name, description)
    {
        _dataDirectory = AddText("--data-dir", "A folder to look for named data sets in first.");
        _dataDirectory.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: { Length: > 0 } folder }] && !Directory.Exists(folder)) result.AddError($"--data-dir is {OptionValue.Shown(folder)}, expected a folder that exists");
        });
        _threads = AddNumber("--threads", "How many threads compute; all cores by default.", Environment.ProcessorCount, 1, MostThreads);
        _resume = AddFlag("--resume", "Go on from the checkpoint in the folder for results, if there is one.");
        _allowChanges = AddFlag("--allow-changes", "Go on though options or data are not those of the checkpoint.");
    }

    /// <summary>What was given, with the settings that a sample has no options for.</summary>
    protected RunOptions Read(ParseResult result, string data, int epochs, int batchSize, string output) => new(
        data, result.GetValue(_dataDirectory), epochs, batchSize, Seed(result), result.GetValue(_threads), "cpu", output,
        result.GetValue(_resume), result.GetValue(_allowChanges), TimeSpan.FromMinutes(1));
}
