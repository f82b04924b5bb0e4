using System.Diagnostics;
using System.Globalization;
using TorchSharp;

namespace GenModels.Benchmarks;

/// <summary>The same measurement as bench/pytorch/operator_call.py, so that the two can be run in turn.</summary>
internal static class OperatorCallTiming
{
    private const int WarmUp = 100_000;
    private const int Calls = 1_000_000;

    public static void Print()
    {
        torch.set_num_threads(1);
        using var left = torch.rand(4, 4);
        using var right = torch.rand(4, 4);
        Print("add", calls => Add(left, right, calls));
        Print("mm", calls => Multiply(left, right, calls));
        Print("add in scopes", calls => AddInScopes(left, right, calls));
    }

    private static void Print(string name, Action<int> run)
    {
        run(WarmUp);
        long start = Stopwatch.GetTimestamp();
        run(Calls);
        double microseconds = Stopwatch.GetElapsedTime(start).TotalMicroseconds / Calls;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-14}{microseconds:F3} µs/call"));
    }

    private static void Add(torch.Tensor left, torch.Tensor right, int calls)
    {
        for (int i = 0; i < calls; i++) (left + right).Dispose();
    }

    private static void Multiply(torch.Tensor left, torch.Tensor right, int calls)
    {
        for (int i = 0; i < calls; i++) left.mm(right).Dispose();
    }

    // A training step calls operators by the dozen in one scope.
    private static void AddInScopes(torch.Tensor left, torch.Tensor right, int calls)
    {
        const int InOneScope = 20;
        for (int i = 0; i < calls; i += InOneScope)
        {
            using var scope = torch.NewDisposeScope();
            for (int j = 0; j < InOneScope; j++) _ = left + right;
        }
    }
}
