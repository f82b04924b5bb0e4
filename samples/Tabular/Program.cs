using System.Text;
using System.Text.Json.Nodes;
using GenModels;
using GenModels.Data;
using GenModels.Evaluation;
using GenModels.Samples;
using GenModels.Training;
using TorchSharp;

var command = new RunCommand(
    "tabular", "Learns the rows of a table of numbers and categories, writes as many made-up ones, and tells how alike the two tables are.",
    ["people"], "a CSV file: a line of names, then rows of numbers and categories, some of which may be missing; people is a made-up table", data: "people", fit: _ => (Epochs: 60, BatchSize: 64));
var model = command.AddChoice("--model", "What learns the rows.", "vae", "vae", "gan");
var separator = command.AddChoice("--separator", "What stands between the fields of a CSV file.", "comma", "comma", "semicolon", "tab", "bar");
var missing = command.AddText("--missing", "What stands for a missing value, beside nothing at all.", "NA");

return command.Run(args, (parsed, run, cancellation) =>
{
    char between = parsed.GetValue(separator) switch { "semicolon" => ';', "tab" => '\t', "bar" => '|', _ => ',' };
    var table = run.Data == "people" ? People.Draw(run.Seed) : TextTable.Read(run.Data, between, parsed.GetRequiredValue(missing));
    if (table.Rows < 10) throw new ArgumentException($"{run.Data} has {table.Rows} rows, expected at least 10.");
    using var scope = torch.NewDisposeScope();
    var (train, heldOut) = table.Split(0.8, run.Seed);
    var encoding = TableEncoding.Fit(train);
    var (examples, test) = (encoding.Encode(train), encoding.Encode(heldOut));

    var device = run.Start();
    string kind = parsed.GetRequiredValue(model);
    using var synthesis = Synthesis.Of(kind, encoding.Size, run.Steps(train.Rows), run.Seed, device);
    var fit = new FitOptions { Epochs = run.Epochs, BatchSize = run.BatchSize, Seed = run.Seed };
    Console.WriteLine($"{train.Rows} rows of {table.Columns.Count} columns to learn from, {heldOut.Rows} held out");
    foreach (var column in encoding.Columns) Console.WriteLine($"  {column.Name}: {Kind(column)}");
    var history = TrainingDisplay.Show(
        run, progress => Trainer.Fit(synthesis.Model, examples, fit, test, progress, run.Checkpoints, cancellation: cancellation));

    // Saved first: whatever fails below, the training is not lost. What the model draws are encoded rows, and the encoding takes them back.
    synthesis.Model.Save(run.File("model.safetensors"));
    AtomicFile.Write(run.File("encoding.json"), stream => stream.Write(Encoding.UTF8.GetBytes(encoding.ToJson())));
    if (kind == "gan") Curves.SaveLosses(run.File("curves.svg"), history);
    else Curves.Save(run.File("curves.svg"), history, "loss", "−ELBO, nats per row");
    var synthetic = encoding.Decode(synthesis.Draw(table.Rows, run.Seed));
    synthetic.Write(run.File("synthetic.csv"), between);
    // Compared as examples, so that categories and missing values count too.
    CsvTable Encoded(TextTable rows) => new(encoding.ValueNames, encoding.Encode(rows).ToTensor(0, rows.Rows));
    var (real, learned) = (Encoded(heldOut), Encoded(train));
    // What real rows score against other real rows is as good as it gets.
    var (comparison, ceiling) = (TableComparison.Of(real, Encoded(synthetic)), TableComparison.Of(real, learned));
    (string, JsonNode?)[] Findings(string prefix, TableComparison c) =>
    [
        ($"{prefix}ks", c.MeanKolmogorovSmirnov), ($"{prefix}js", c.MeanJensenShannon),
        ($"{prefix}correlationDifference", c.MeanCorrelationDifference), ($"{prefix}largestCorrelationDifference", c.LargestCorrelationDifference),
    ];
    RunResults.Write(run, synthesis.Model.Options, fit, history, [.. Findings("", comparison), .. Findings("real.", ceiling)]);
    Comparison.Print(comparison, ceiling);
    Console.WriteLine($"results in {Path.GetFullPath(run.Output)}");
});

static string Kind(ColumnEncoding column) => column.Kind switch
{
    ColumnKind.Category => $"{column.Categories.Count} categories",
    ColumnKind.Integer => "whole numbers",
    _ => "numbers",
} + (column.HasMissing ? ", some missing" : "");
