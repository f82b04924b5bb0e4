using System.CommandLine;

namespace GenModels.Samples;

/// <summary>The command line: which experiment, and where it runs.</summary>
internal sealed class ReproduceCommand : TrainingCommand
{
    private readonly IReadOnlyList<Recipe> _recipes;
    private readonly Argument<string> _recipe;
    private readonly Option<int> _epochs;
    private readonly Option<string> _output;

    public ReproduceCommand(IReadOnlyList<Recipe> recipes) : base("reproduce", "Repeats a published experiment, and writes its figures beside the published ones.")
    {
        _recipes = recipes;
        string[] names = [.. recipes.Select(r => r.Name)];
        _recipe = new Argument<string>("recipe") { Description = string.Join("; ", recipes.Select(r => $"{r.Name}: {r.Summary}")), CustomParser = OptionValue.Choice("the recipe", names) };
        Add(_recipe);
        _epochs = AddNumber("--epochs", "Passes over the data; as many as the recipe says by default.", null, 1, MostEpochs);
        _output = AddText("--out", "The folder for results; artifacts/reproduce/<recipe> by default.");
    }

    public int Run(string[] args) => Run(args, (parsed, cancellation) =>
    {
        var recipe = _recipes.Single(r => r.Name == parsed.GetRequiredValue(_recipe));
        int epochs = parsed.GetValue(_epochs);
        var run = Read(
            parsed, recipe.Data, epochs > 0 ? epochs : recipe.Epochs, recipe.BatchSize, parsed.GetValue(_output) ?? Path.Combine("artifacts", SampleName, recipe.Name));
        run.Start();
        recipe.Run(run, cancellation);
        Console.WriteLine($"results in {Path.GetFullPath(run.Output)}");
    });
}
