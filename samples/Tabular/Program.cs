using System.Text.Json.Nodes;
using GenModels;
using GenModels.Data;
using GenModels.Evaluation;
using GenModels.Samples;
using GenModels.Training;
using TorchSharp;

var command = new RunCommand(
    "tabular", "Learns the rows of a table of numbers, writes as many made-up ones, and tells how alike the two tables are.",
    ["people"], "a CSV file: a line of names, then rows of numbers; people is a made-up table", data: "people", fit: _ => (Epochs: 60, BatchSize: 64));
var model = command.AddChoice("--model", "What learns the rows.", "vae", "vae", "gan");
var separator = command.AddChoice("--separator", "What stands between the fields of a CSV file.", "comma", "comma", "semicolon", "tab", "bar");

return command.Run(args, (parsed, run, cancellation) =>
{
    char between = parsed.GetValue(separator) switch { "semicolon" => ';', "tab" => '\t', "bar" => '|', _ => ',' };
    var table = run.Data == "people" ? People.Draw(run.Seed) : CsvTable.Read(run.Data, between);
    if (table.Rows < 10) throw new ArgumentException($"{run.Data} has {table.Rows} rows, expected at least 10.");
    using var scope = torch.NewDisposeScope();
    var order = new RandomGenerator(run.Seed);
    var shuffled = table.ToTensor().index_select(0, torch.tensor(Array.ConvertAll(order.Permutation(table.Rows), i => (long)i)));
    int held = table.Rows / 5, columns = table.Columns.Count;
    var (heldOut, train) = (shuffled.narrow(0, 0, held), shuffled.narrow(0, held, table.Rows - held));
    var scaler = StandardScaler.Fit(train);
    ArraySource Source(torch.Tensor rows) => new(scaler.Transform(rows).data<float>().ToArray(), columns);

    var device = run.Start();
    string kind = parsed.GetRequiredValue(model);
    using var synthesis = Synthesis.Of(kind, columns, run.Steps(table.Rows - held), run.Seed, device);
    var fit = new FitOptions { Epochs = run.Epochs, BatchSize = run.BatchSize, Seed = run.Seed };
    Console.WriteLine($"{train.shape[0]} rows of {columns} columns to learn from, {held} held out");
    var history = TrainingDisplay.Show(
        run, progress => Trainer.Fit(synthesis.Model, Source(train), fit, Source(heldOut), progress, run.Checkpoints, cancellation: cancellation));

    // Saved first: whatever fails below, the training is not lost. What the model draws is standardised, and the scaler takes it back.
    synthesis.Model.Save(run.File("model.safetensors"));
    scaler.Save(run.File("scaler.json"));
    if (kind == "gan") Curves.SaveLosses(run.File("curves.svg"), history);
    else Curves.Save(run.File("curves.svg"), history, "loss", "−ELBO, nats per row");
    var synthetic = new CsvTable(table.Columns, scaler.Inverse(synthesis.Draw(table.Rows, run.Seed)));
    synthetic.Write(run.File("synthetic.csv"), between);
    var (real, learned) = (new CsvTable(table.Columns, heldOut), new CsvTable(table.Columns, train));
    // What real rows score against other real rows is as good as it gets.
    var (comparison, ceiling) = (TableComparison.Of(real, synthetic), TableComparison.Of(real, learned));
    (string, JsonNode?)[] Findings(string prefix, TableComparison c) =>
    [
        ($"{prefix}ks", c.MeanKolmogorovSmirnov), ($"{prefix}js", c.MeanJensenShannon),
        ($"{prefix}correlationDifference", c.MeanCorrelationDifference), ($"{prefix}largestCorrelationDifference", c.LargestCorrelationDifference),
    ];
    RunResults.Write(run, synthesis.Model.Options, fit, history, [.. Findings("", comparison), .. Findings("real.", ceiling)]);
    Comparison.Print(comparison, ceiling);
    Console.WriteLine($"results in {Path.GetFullPath(run.Output)}");
});
