using System.Globalization;
using GenModels.Data;
using TorchSharp;

namespace GenModels.Samples;

/// <summary>A made-up table of people, whose columns depend on each other in ways that are not all linear, and in which some wages are missing.</summary>
internal static class People
{
    private const int Rows = 5_000;

    public static TextTable Draw(ulong seed)
    {
        using var scope = torch.NewDisposeScope();
        var generator = RandomGenerator.For(seed, "people");
        torch.Tensor Noise() => generator.Normal([Rows], torch.ScalarType.Float64);
        var age = 18 + 52 * generator.Uniform([Rows], torch.ScalarType.Float64);
        var education = (13 + 2.5 * Noise() - 0.03 * (age - 40)).clamp(min: 6);
        // Two groups of jobs, so that hours have two peaks.
        var isFullTime = Noise().gt(-0.7);
        var hours = torch.where(isFullTime, 40 + 3 * Noise(), 20 + 4 * Noise());
        var wage = (2 + 0.08 * education - 0.0006 * (age - 50).square() + 0.3 * Noise()).exp();
        var height = 172 + 8 * Noise();
        var weight = 24.5 * (height / 100).square() + 0.1 * (age - 40) + 7 * Noise();
        var isOffice = (education - 13 + 2 * Noise()).gt(0);
        var isUntold = Noise().gt(1.3);

        var numbers = torch.stack([age, education, hours, wage, height, weight], 1).data<double>().ToArray();
        bool[] fullTime = isFullTime.data<bool>().ToArray(), office = isOffice.data<bool>().ToArray(), untold = isUntold.data<bool>().ToArray();
        return new TextTable(
            ["age", "education_years", "hours_per_week", "hourly_wage", "height_cm", "weight_kg", "job"],
            [.. numbers.Chunk(6).Select((n, i) => new[]
            {
                Text(n[0], 0), Text(n[1], 1), Text(n[2], 1), untold[i] ? null : Text(n[3], 2), Text(n[4], 1), Text(n[5], 1),
                fullTime[i] ? (office[i] ? "office" : "trade") : "part-time",
            })]);
    }

    private static string Text(double value, int digits) => value.ToString($"F{digits}", CultureInfo.InvariantCulture);
}
