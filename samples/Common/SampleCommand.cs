using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using GenModels.Training;

namespace GenModels.Samples;

/// <summary>A sample's command line: its options, and what happens to errors and Ctrl-C.</summary>
public class SampleCommand : RootCommand
{
    private const int Success = 0, Failed = 1, BadArguments = 2, Interrupted = 130;

    private readonly Option<ulong> _seed;

    public SampleCommand(string name, string description) : base(description)
    {
        SampleName = name;
        _seed = AddOption("--seed", "Decides everything that is drawn: the same seed repeats the run.", 0ul);
    }

    protected string SampleName { get; }

    /// <summary>Adds an option with a default.</summary>
    public Option<T> AddOption<T>(string name, string description, T value) =>
        AddOption(new Option<T>(name) { Description = description, DefaultValueFactory = _ => value });

    public ulong Seed(ParseResult result) => result.GetValue(_seed);

    /// <summary>Parses, runs, and turns what goes wrong into one line on stderr and an exit status.</summary>
    public int Run(string[] args, Action<ParseResult, CancellationToken> action)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        using var interrupt = new CancellationTokenSource();
        // The first Ctrl-C ends training between two steps, after a checkpoint; the second ends the process. So does a polite kill.
        void Interrupt(PosixSignalContext signal)
        {
            signal.Cancel = !interrupt.IsCancellationRequested;
            interrupt.Cancel();
        }
        using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
        using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
        SetAction(result =>
        {
            Libtorch.EnsureLoaded();
            action(result, interrupt.Token);
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
        catch (Exception e) when (e is ArgumentException or InvalidDataException or FileNotFoundException or DirectoryNotFoundException or ConfigurationChangedException)
        {
            return Error(BadArguments, Describe(e));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or TrainingDivergedException or DllNotFoundException)
        {
            return Error(Failed, Describe(e));
        }
    }

    protected TOption AddOption<TOption>(TOption option) where TOption : Option
    {
        Add(option);
        return option;
    }

    /// <summary>Refuses numbers below 1.</summary>
    // A text that is no number has an error of its own already.
    protected static Option<T> AtLeastOne<T>(Option<T> option)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && long.TryParse(text, out long value) && value < 1)
                result.AddError($"{option.Name} is {text}, expected at least 1");
        });
        return option;
    }

    // .NET appends the parameter's name and the value.
    private static string Describe(Exception e) => e is ArgumentException ? e.Message.Split(" (Parameter '")[0] : e.Message;

    private int Error(int status, string message)
    {
        Console.Error.WriteLine($"{SampleName}: {string.Join(' ', message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))}");
        return status;
    }
}
