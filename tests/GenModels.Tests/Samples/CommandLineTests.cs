using System.Reflection;
using System.Text.RegularExpressions;

namespace GenModels.Tests.Samples;

/// <summary>Keeps tests that catch the console's output from running beside others.</summary>
[CollectionDefinition(nameof(ConsoleCollection), DisableParallelization = true)]
public sealed class ConsoleCollection;

/// <summary>
/// The samples' command lines. Most are read in this process, where thousands take seconds: what is refused is refused before anything starts.
/// </summary>
[Collection(nameof(ConsoleCollection))]
public sealed partial class CommandLineTests
{
    public static TheoryData<string> Samples { get; } = new("Autoencoder", "Classifier", "Divergences", "Gan", "Reproduce", "Tabular", "Vae");

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_sample_helps_and_refuses_nonsense_in_one_line(string sample)
    {
        var help = Start(sample, "--help");
        (help.Status, help.Error).Should().Be((0, ""));
        help.Output.Should().Contain("Usage:").And.Contain("--seed");
        var refusal = Start(sample, "--seed", "x");
        (refusal.Status, refusal.Output).Should().Be((2, ""));
        refusal.Error.Should().Be($"{sample.ToLowerInvariant()}: --seed is 'x', expected a whole number from 0 to 18446744073709551615 (--help lists the options){Environment.NewLine}");
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Help_is_the_same_under_all_its_names_and_beside_other_options(string sample)
    {
        var help = Read(sample, "--help");
        (help.Status, help.Error).Should().Be((0, ""));
        foreach (string[] line in new[] { ["-h"], ["-?"], ["--help", "--seed", "x"], new[] { "--seed", "3", "-h" } }) Read(sample, line).Should().Be(help);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Every_option_refuses_what_it_can_not_take_in_one_line_that_names_it(string sample)
    {
        var accepted = Options(sample).SelectMany(option => option.Wrong.Select(line => (option.Name, Line: line)))
            .Where(wrong => !IsRefused(sample, wrong.Name, [.. Harmless(sample, wrong.Name), .. wrong.Line])).Select(wrong => string.Join(' ', wrong.Line));
        accepted.Should().BeEmpty();
    }

    [Theory]
    [InlineData("Vae", "--latent-size", "100000000")]
    [InlineData("Vae", "--hidden", "400", "100000000")]
    [InlineData("Vae", "--hidden", "1", "1", "1", "1", "1", "1", "1", "1", "1", "1", "1", "1", "1", "1", "1", "1", "1", "1", "1", "1", "1")]
    [InlineData("Vae", "--threads", "1000000")]
    [InlineData("Vae", "--learning-rate", "0,001")]
    [InlineData("Vae", "--learning-rate", "NaN")]
    [InlineData("Vae", "--seed", "1\r2")]
    [InlineData("Vae", "--data-dir", "/nowhere/at/all")]
    [InlineData("Gan", "--objective", "7")]
    [InlineData("Gan", "--objective", "Hinge,Wasserstein")]
    public void Absurd_values_are_refused(string sample, string option, params string[] values) =>
        IsRefused(sample, option, [.. Harmless(sample, option), option, .. values]).Should().BeTrue();

    [Theory]
    [InlineData("Vae", "--data has no value: --epochs follows it", "--data", "--epochs", "3")]
    [InlineData("Vae", "--out has no value: --resume follows it", "--out", "--resume")]
    [InlineData("Vae", "--hidden is given 2 times, expected once", "--hidden", "3", "--hidden", "4")]
    [InlineData("Vae", "--seed is '@file'", "--seed", "@file")]
    [InlineData("Vae", "'--epoch'", "--epoch", "3")]
    [InlineData("Vae", "'surplus'", "surplus")]
    [InlineData("Reproduce", "'recipe' missing")]
    [InlineData("Reproduce", "expected vae, iwae-5, ", "guess")]
    [InlineData("Reproduce", "'gan'", "vae", "gan")]
    public void What_is_wrong_with_a_line_is_said(string sample, string message, params string[] line)
    {
        IsRefused(sample, message, line).Should().BeTrue();
    }

    [Theory]
    [InlineData("Vae")]
    [InlineData("Autoencoder")]
    public void A_network_that_memory_can_not_hold_is_refused_before_anything_of_it_is_made(string sample)
    {
        using var folder = new SampleFolder(sample);
        var (status, output, error) = folder.Run(["--data", "digits", "--hidden", .. Enumerable.Repeat("100000", 20)]);
        (status, output).Should().Be((2, ""));
        // 19 square layers of 10¹⁰ weights each, and what leads to them and away.
        error.Should().Contain("GB of memory, for 3.8E+11 weights").And.Contain("Choose smaller networks");
        Directory.Exists(folder.Path).Should().BeFalse();
    }

    private static bool IsRefused(string sample, string message, string[] line)
    {
        var (status, output, error) = Read(sample, line);
        return status == 2 && output.Length == 0 && error.StartsWith($"{sample.ToLowerInvariant()}: ", StringComparison.Ordinal)
            && error.Contains(message, StringComparison.Ordinal) && error.IndexOfAny(['\r', '\n']) == error.Length - Environment.NewLine.Length;
    }

    // With them, a line that should have been refused and is not ends in another error and not in a training.
    private static string[] Harmless(string sample, string option) => sample switch
    {
        "Reproduce" => ["no-such-recipe"],
        "Divergences" => ["--no-such-option"],
        _ => option == "--data" ? [] : ["--data", "no-such-data"],
    };

    /// <summary>What help tells of a sample's options, and lines that must be refused on that account.</summary>
    private static IEnumerable<(string Name, IEnumerable<string[]> Wrong)> Options(string sample)
    {
        var found = OptionLine().Matches(Read(sample, "--help").Output).Where(m => m.Groups["name"].Value is not ("--help" or "--version")).ToArray();
        found.Should().NotBeEmpty();
        foreach (var match in found)
        {
            string name = match.Groups["name"].Value;
            if (!match.Groups["takes"].Success)
            {
                yield return (name, [[name, name]]);
                continue;
            }
            // A text that every kind of option refuses, and what only some do.
            string[] values = ["", " ", .. match.Groups["most"] is { Success: true, Value: var most } ? (string[])["x", "NaN", "Infinity", "-1", "1e400", "0x1", "1,5", $"{most}0"] : [],
                .. match.Groups["takes"].Value.Contains('|', StringComparison.Ordinal) ? (string[])["x", "1,2"] : []];
            yield return (name, [[name], [name, "1", name, "1"], [name, "--resume"], .. values.Select(value => new[] { name, value })]);
        }
    }

    [GeneratedRegex(@"^ +(?<name>--[a-z0-9-]+)(?: <(?<takes>[^\n]*?)>)?  +[^\n]*?(?:From \S+ to (?<most>\S+)\.[^\n]*)?\r?$", RegexOptions.Multiline)]
    private static partial Regex OptionLine();

    /// <summary>Runs a sample's program in this process.</summary>
    private static (int Status, string Output, string Error) Read(string sample, params string[] line)
    {
        var (output, error) = (Console.Out, Console.Error);
        using StringWriter told = new(), wrong = new();
        try
        {
            Console.SetOut(told);
            Console.SetError(wrong);
            object? status = Assembly.LoadFrom(SampleProcess.PathOf(sample)).EntryPoint?.Invoke(null, [line]);
            return (status.Should().BeOfType<int>().Subject, told.ToString(), wrong.ToString());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
        }
    }

    private static (int Status, string Output, string Error) Start(string sample, params string[] line)
    {
        using var process = SampleProcess.Start(sample, line);
        return process.Finish();
    }
}
