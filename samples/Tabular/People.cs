using GenModels.Data;
using TorchSharp;

namespace GenModels.Samples;

/// <summary>A made-up table of people, whose columns depend on each other in ways that are not all linear.</summary>
internal static class People
{
    private const int Rows = 5_000;

    public static CsvTable Draw(ulong seed)
    {
        using var scope = torch.NewDisposeScope();
        var generator = new RandomGenerator(seed);
        torch.Tensor Noise() => generator.Normal([Rows], torch.ScalarType.Float64);
        var age = 18 + 52 * generator.Uniform([Rows], torch.ScalarType.Float64);
        var education = (13 + 2.5 * Noise() - 0.03 * (age - 40)).clamp(min: 6);
        // Two groups of jobs, so that hours have two peaks.
        var hours = torch.where(Noise().gt(-0.7), 40 + 3 * Noise(), 20 + 4 * Noise());
        var wage = (2 + 0.08 * education - 0.0006 * (age - 50).square() + 0.3 * Noise()).exp();
        var height = 172 + 8 * Noise();
        var weight = 24.5 * (height / 100).square() + 0.1 * (age - 40) + 7 * Noise();
        return new CsvTable(
            ["age", "education_years", "hours_per_week", "hourly_wage", "height_cm", "weight_kg"],
            torch.stack([age, education, hours, wage, height, weight], 1));
    }
}
