using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using GenModels.Data;
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
        _seed = AddNumber("--seed", "Decides everything that is drawn: the same seed repeats the run.", 0ul, ulong.MinValue, ulong.MaxValue);
    }

    protected string SampleName { get; }

    /// <summary>Adds an option that takes a number of [least, most], which help states.</summary>
    public Option<T> AddNumber<T>(string name, string description, T value, T least, T most) where T : struct, INumber<T> =>
        AddNumber(name, description, _ => value, least, most);

    /// <summary>Adds an option that takes the widths of a network's hidden layers.</summary>
    public Option<int[]> AddWidths(string name, string description, params int[] value) => AddWidths(name, description, _ => value);

    /// <inheritdoc cref="AddWidths(string, string, int[])"/>
    public Option<int[]> AddWidths(string name, string description, Func<ArgumentResult, int[]> value)
    {
        const int least = 1, most = 100_000;
        return AddOption(new Option<int[]>(name)
        {
            Description = Bounded(description, least, most),
            AllowMultipleArgumentsPerToken = true,
            CustomParser = OptionValue.Widths(name, least, most),
            DefaultValueFactory = value,
        });
    }

    /// <summary>Adds an option that takes one of several words, in any case.</summary>
    public Option<T> AddChoice<T>(string name, string description, T value, params T[] choices) => AddOption(new Option<T>(name)
    {
        Description = description,
        HelpName = string.Join('|', choices),
        CustomParser = OptionValue.Choice(name, choices),
        DefaultValueFactory = _ => value,
    });

    /// <summary>Adds an option that takes a name or a path.</summary>
    public Option<string> AddText(string name, string description, string value)
    {
        var option = AddText(name, description);
        option.DefaultValueFactory = _ => value;
        return option;
    }

    /// <summary>Adds an option that takes a name or a path, and is empty where it is not given.</summary>
    public Option<string> AddText(string name, string description) =>
        AddOption(new Option<string>(name) { Description = description, CustomParser = OptionValue.Text(name) });

    /// <summary>Adds an option that is given or not.</summary>
    public Option<bool> AddFlag(string name, string description) => AddOption(new Option<bool>(name) { Description = description });

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
        // A path may start with @, which would otherwise name a file of arguments.
        var parsed = Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        // An error in an option explains more than what it leaves behind as unrecognized.
        if ((parsed.Errors.FirstOrDefault(error => error.SymbolResult is OptionResult) ?? parsed.Errors.FirstOrDefault()) is { } wrong)
            return Error(BadArguments, $"{wrong.Message.TrimEnd('.')} (--help lists the options)");
        try
        {
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (OperationCanceledException) when (interrupt.IsCancellationRequested)
        {
            return Error(Interrupted, "interrupted");
        }
        catch (ConfigurationChangedException e)
        {
            return Error(BadArguments, $"{e.Message} (--allow-changes allows them; without --resume training starts anew)");
        }
        catch (Exception e) when (e is ArgumentException or InvalidDataException or FileNotFoundException or DirectoryNotFoundException or DataNotFoundException)
        {
            return Error(BadArguments, Describe(e));
        }
        // Libtorch tells of its own failures, such as a lack of memory, by external exceptions.
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or TrainingDivergedException or DllNotFoundException or OutOfMemoryException or ExternalException)
        {
            return Error(Failed, Describe(e));
        }
    }

    /// <summary>What went wrong, without the parameter's name and value, which .NET appends, and without libtorch's stack trace.</summary>
    internal static string Describe(Exception e) => e switch
    {
        ArgumentException => e.Message.Split(" (Parameter '")[0],
        ExternalException => e.Message.Split('\n')[0],
        _ => e.Message,
    };

    /// <summary>Adds a number with a default that depends on what else is given; without one it is 0 where the option is not given.</summary>
    public Option<T> AddNumber<T>(string name, string description, Func<ArgumentResult, T>? value, T least, T most) where T : struct, INumber<T> =>
        AddOption(new Option<T>(name)
        {
            Description = Bounded(description, least, most),
            CustomParser = OptionValue.Number(name, least, most),
            DefaultValueFactory = value,
        });

    private static string Bounded<T>(string description, T least, T most) => string.Create(CultureInfo.InvariantCulture, $"{description} From {least} to {most}.");

    private TOption AddOption<TOption>(TOption option) where TOption : Option
    {
        option.Validators.Add(result =>
        {
            if (result.IdentifierTokenCount > 1) result.AddError($"{option.Name} is given {result.IdentifierTokenCount} times, expected once");
            // The parser takes an option for the value of the one before, which would make a folder that is called --resume.
            if (result.Tokens.FirstOrDefault(token => token.Value.StartsWith("--", StringComparison.Ordinal)) is { } next)
                result.AddError($"{option.Name} has no value: {next.Value} follows it");
        });
        Add(option);
        return option;
    }

    private int Error(int status, string message)
    {
        Console.Error.WriteLine($"{SampleName}: {string.Join(' ', message.Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))}");
        return status;
    }
}
