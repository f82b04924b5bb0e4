using System.CommandLine;
using System.Globalization;

namespace GenModels.Samples;

/// <summary>A sample's command line: the common options, the sample's own, and what happens to errors and Ctrl-C.</summary>
public sealed class RunCommand : RootCommand
{
    private const int Success = 0, Failed = 1, BadArguments = 2, Interrupted = 130;

    private readonly string _name;
    private readonly Option<string> _data;
    private readonly Option<string?> _dataDirectory = new("--data-dir") { Description = "A folder to look for named data sets in first." };
    private readonly Option<int> _epochs;
    private readonly Option<int> _batchSize;
    private readonly Option<ulong> _seed = Value("--seed", "Decides weights, order and noise: the same seed repeats the run.", 0ul);
    private readonly Option<int?> _threads = new("--threads") { Description = "How many threads libtorch uses; its own choice by default." };
    private readonly Option<string> _device = Value("--device", "cpu or cuda.", "cpu");
    private readonly Option<string?> _output = new("--out") { Description = "The folder for results; artifacts/<sample> by default." };

    public RunCommand(string name, string description, string dataHelp, string data, int epochs, int batchSize) : base(description)
    {
        _name = name;
        _data = Value("--data", dataHelp, data);
        _epochs = AtLeastOne(Value("--epochs", "How often training passes over the data.", epochs));
        _batchSize = AtLeastOne(Value("--batch-size", "Examples a step.", batchSize));
        AtLeastOne(_threads);
        _device.AcceptOnlyFromAmong("cpu", "cuda");
        foreach (var option in new Option[] { _data, _dataDirectory, _epochs, _batchSize, _seed, _threads, _device, _output }) Add(option);
    }

    /// <summary>An option with a default.</summary>
    public static Option<T> Value<T>(string name, string description, T value) =>
        new(name) { Description = description, DefaultValueFactory = _ => value };

    /// <summary>Parses, runs, and turns what goes wrong into one line on stderr and an exit status.</summary>
    public int Run(string[] args, Action<ParseResult, RunOptions, CancellationToken> action)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        using var interrupt = new CancellationTokenSource();
        // The first Ctrl-C ends training between two steps; the second ends the process.
        Console.CancelKeyPress += (_, e) =>
        {
            e.Cancel = !interrupt.IsCancellationRequested;
            interrupt.Cancel();
        };
        SetAction(result =>
        {
            action(result, Read(result), interrupt.Token);
            return Success;
        });
        var parsed = Parse(args);
        if (parsed.Errors.Count > 0) return Error(BadArguments, $"{parsed.Errors[0].Message} (--help lists the options)");
        try
        {
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (OperationCanceledException) when (interrupt.IsCancellationRequested)
        {
            return Error(Interrupted, "interrupted");
        }
        catch (Exception e) when (e is ArgumentException or InvalidDataException or FileNotFoundException or DirectoryNotFoundException)
        {
            return Error(BadArguments, Describe(e));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or Training.TrainingDivergedException or DllNotFoundException)
        {
            return Error(Failed, Describe(e));
        }
    }

    private RunOptions Read(ParseResult r) => new(
        r.GetRequiredValue(_data), r.GetValue(_dataDirectory), r.GetValue(_epochs), r.GetValue(_batchSize), r.GetValue(_seed),
        r.GetValue(_threads), r.GetRequiredValue(_device), r.GetValue(_output) ?? Path.Combine("artifacts", _name));

    // A text that is no number has an error of its own already.
    private static Option<T> AtLeastOne<T>(Option<T> option)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && long.TryParse(text, out long value) && value < 1)
                result.AddError($"{option.Name} is {text}, expected at least 1");
        });
        return option;
    }

    // .NET appends the parameter's name and the value on lines of their own.
    private static string Describe(Exception e) =>
        e is ArgumentException { ParamName: { } name } ? $"{name}: {e.Message.Split(" (Parameter '")[0]}" : e.Message;

    private int Error(int status, string message)
    {
        Console.Error.WriteLine($"{_name}: {string.Join(' ', message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))}");
        return status;
    }
}
