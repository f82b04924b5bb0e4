using System.Globalization;
using System.Text.Json;

namespace GenModels.Benchmarks.Comparison;

/// <summary>Runs workloads and prints a table that docs/performance.md can take as it is.</summary>
internal static class ComparisonTable
{
    private const int DefaultPairs = 9;
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    /// <param name="arguments">Names of workloads, all where there are none, and <c>--pairs n</c>.</param>
    public static void Print(string[] arguments)
    {
        int at = Array.IndexOf(arguments, "--pairs");
        int pairs = at < 0 ? DefaultPairs : int.Parse(arguments[at + 1], CultureInfo.InvariantCulture);
        string[] names = at < 0 ? arguments : [.. arguments[..at], .. arguments[(at + 2)..]];
        var chosen = names.Length == 0 ? Workload.All : [.. names.Select(Workload.Named)];

        Console.WriteLine("| workload | GenModels, ms | PyTorch, ms | PyTorch ÷ GenModels (quartiles) | floor, ms | GenModels ÷ floor | PyTorch ÷ floor | peak MB | threads | loss |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|");
        var rows = new List<Row>();
        foreach (var workload in chosen)
        {
            rows.Add(new SideBySide(workload, pairs).Run());
            Console.WriteLine(Line(rows[^1]));
        }
        Directory.CreateDirectory("artifacts/bench");
        File.WriteAllText("artifacts/bench/results.json", JsonSerializer.Serialize(rows, s_indented));
    }

    private static string Line(Row row) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {row.Workload} | {row.GenModels:F3} | {row.PyTorch:F3} | **{row.Ratio.Median:F2}** ({row.Ratio.Lower:F2} to {row.Ratio.Upper:F2}) " +
        $"| {row.Floor:F3} | **{row.OverFloor.Median:F2}** | {row.PyTorch / row.Floor:F2} | {row.GenModelsMegabytes:F0} / {row.PyTorchMegabytes:F0} " +
        $"| {row.GenModelsThreads} / {row.PyTorchThreads} / {row.FloorThreads} | {row.GenModelsLoss:G6} / {row.PyTorchLoss:G6} |");
}
