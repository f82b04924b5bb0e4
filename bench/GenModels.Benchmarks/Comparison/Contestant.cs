using System.Diagnostics;
using System.Globalization;

namespace GenModels.Benchmarks.Comparison;

/// <summary>How many threads each of the two pools has: torch's own, and that of the library behind its matrix products.</summary>
internal sealed record ThreadSetting(int Torch, int MatrixProducts)
{
    public static IReadOnlyList<ThreadSetting> All { get; } = [new(1, 1), new(1, 2), new(2, 2), new(2, 1)];

    public override string ToString() => $"{Torch}+{MatrixProducts}";
}

/// <summary>A worker process of one side.</summary>
internal sealed class Contestant : IDisposable
{
    private readonly Process _process;

    private Contestant(string program, ThreadSetting threads, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["OPENBLAS_NUM_THREADS"] = threads.MatrixProducts.ToString(CultureInfo.InvariantCulture);
        start.Environment["OMP_NUM_THREADS"] = threads.Torch.ToString(CultureInfo.InvariantCulture);
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{program} could not be started.");
        Greeting = Line();
    }

    /// <summary>What the process said when it was ready.</summary>
    public string Greeting { get; }

    public static Contestant GenModels(Workload workload, ThreadSetting threads, string weightsFile) => new(
        Environment.ProcessPath ?? "dotnet", threads, [.. Self(), "worker", workload.Name, threads.Torch.ToString(CultureInfo.InvariantCulture), weightsFile]);

    // The seeds are what the other side greets with: those of its streams.
    public static Contestant PyTorch(Workload workload, ThreadSetting threads, string weightsFile, string seeds) => new(
        Environment.GetEnvironmentVariable("GENMODELS_PYTHON") ?? "/usr/bin/python3", threads,
        [PyTorchScript(), workload.Name, threads.Torch.ToString(CultureInfo.InvariantCulture), weightsFile, .. seeds.Split(' ')]);

    /// <summary>Milliseconds a step, and the mean loss over the steps.</summary>
    public (double Milliseconds, double Loss) Steps(int count) => Timed("steps", count);

    /// <summary>Milliseconds for the matrix products of one step.</summary>
    public double Floor(int count) => Timed("floor", count).Milliseconds;

    public double PeakMegabytes() => Ask("memory").Figure;

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(5_000)) _process.Kill();
        _process.Dispose();
    }

    private (double Milliseconds, double Loss) Timed(string what, int count)
    {
        var (seconds, loss) = Ask(string.Create(CultureInfo.InvariantCulture, $"{what} {count}"));
        return (seconds * 1_000 / count, loss);
    }

    private (double Figure, double Second) Ask(string order)
    {
        _process.StandardInput.WriteLine(order);
        string[] answer = Line().Split(' ');
        return (double.Parse(answer[0], CultureInfo.InvariantCulture), double.Parse(answer[1], CultureInfo.InvariantCulture));
    }

    private string Line() => _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("A worker ended early; what it said stands above.");

    // Under `dotnet Some.dll` the process is dotnet and its first argument the assembly.
    private static string[] Self() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [Environment.GetCommandLineArgs()[0]] : [];

    private static string PyTorchScript()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (Path.Combine(folder.FullName, "bench", "pytorch", "workloads.py") is var script && File.Exists(script)) return script;
        throw new FileNotFoundException("bench/pytorch/workloads.py was not found above the program.");
    }
}
