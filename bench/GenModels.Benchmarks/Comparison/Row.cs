namespace GenModels.Benchmarks.Comparison;

/// <summary>What a comparison found. Times are medians in milliseconds a step, ratios are taken pair by pair.</summary>
internal sealed record Row
{
    public required string Workload { get; init; }
    public required double GenModels { get; init; }
    public required double PyTorch { get; init; }
    public required double Floor { get; init; }
    public required Spread Ratio { get; init; }
    public required Spread OverFloor { get; init; }
    public required double GenModelsMegabytes { get; init; }
    public required double PyTorchMegabytes { get; init; }
    public required double GenModelsLoss { get; init; }
    public required double PyTorchLoss { get; init; }
    public string GenModelsThreads { get; init; } = "";
    public string PyTorchThreads { get; init; } = "";
    public string FloorThreads { get; init; } = "";
}

/// <summary>A median and the quartiles around it.</summary>
internal sealed record Spread(double Lower, double Median, double Upper)
{
    public static Spread Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return new(At(sorted, 0.25), At(sorted, 0.5), At(sorted, 0.75));
    }

    private static double At(double[] sorted, double part)
    {
        double place = part * (sorted.Length - 1);
        int below = (int)place, above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
