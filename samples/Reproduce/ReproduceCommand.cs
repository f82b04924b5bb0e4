using System.CommandLine;

namespace GenModels.Samples;

/// <summary>The command line: which experiment, and where it runs.</summary>
internal sealed class ReproduceCommand : SampleCommand
{
    private readonly IReadOnlyList<Recipe> _recipes;
    private readonly Argument<string> _recipe;
    private readonly Option<int?> _epochs;
    private readonly Option<string?> _dataDirectory;
    private readonly Option<int?> _threads;
    private readonly Option<string?> _output;
    private readonly Option<bool> _resume;

    public ReproduceCommand(IReadOnlyList<Recipe> recipes) : base("reproduce", "Repeats a published experiment, and writes its figures beside the published ones.")
    {
        _recipes = recipes;
        _recipe = new Argument<string>("recipe") { Description = string.Join("; ", recipes.Select(r => $"{r.Name}: {r.Summary}")) };
        _recipe.AcceptOnlyFromAmong([.. recipes.Select(r => r.Name)]);
        Add(_recipe);
        _epochs = AtLeastOne(AddOption(new Option<int?>("--epochs") { Description = "Passes over the data, in place of as many as the recipe says." }));
        _dataDirectory = AddOption(new Option<string?>("--data-dir") { Description = "A folder to look for named data sets in first." });
        _threads = AtLeastOne(AddOption(new Option<int?>("--threads") { Description = "How many threads compute; all cores by default." }));
        _output = AddOption(new Option<string?>("--out") { Description = "The folder for results; artifacts/reproduce/<recipe> by default." });
        _resume = AddOption("--resume", "Go on from the checkpoint in the folder for results, if there is one.", false);
    }

    public int Run(string[] args) => Run(args, (parsed, cancellation) =>
    {
        var recipe = _recipes.Single(r => r.Name == parsed.GetRequiredValue(_recipe));
        var run = new RunOptions(
            recipe.Data, parsed.GetValue(_dataDirectory), parsed.GetValue(_epochs) ?? recipe.Epochs, recipe.BatchSize, Seed(parsed), parsed.GetValue(_threads),
            "cpu", parsed.GetValue(_output) ?? Path.Combine("artifacts", SampleName, recipe.Name), parsed.GetValue(_resume), AllowChanges: false,
            TimeSpan.FromMinutes(1));
        run.Start();
        recipe.Run(run, cancellation);
        Console.WriteLine($"results in {Path.GetFullPath(run.Output)}");
    });
}
