using System.Text.Json.Nodes;
using GenModels.Data;
using GenModels.Reporting;
using TorchSharp;

namespace GenModels.Samples;

/// <summary>Points in the plane: ring and grid, whose modes can be counted in the samples, and moons, which have a shape instead.</summary>
internal sealed class PlanarData : IGanData
{
    private const int Points = 25_600, HeldOut = 2_560, Samples = 2_500;

    private readonly GaussianMixture2D? _modes;
    private readonly ArraySource _test;

    public PlanarData(string name, ulong seed)
    {
        _modes = name switch
        {
            "ring" => GaussianMixture2D.Ring(),
            // Of the usual shape, 40 standard deviations from mode to mode, but at the scale that the ring has.
            "grid" => GaussianMixture2D.Grid(spacing: 0.5f, standardDeviation: 0.0125f),
            _ => null,
        };
        Func<int, ulong, ArraySource> draw = _modes is null ? new TwoMoons().Sample : _modes.Sample;
        (Train, _test) = (draw(Points, seed), draw(HeldOut, ~seed));
    }

    public string Things => "points";

    public IExampleSource Train { get; }

    public IExampleSource Test => _test;

    public static bool Has(string name) => name is "ring" or "grid" or "moons";

    public IEnumerable<(string Name, JsonNode? Value)> Judge(Gan gan, RunOptions run)
    {
        using var scope = torch.NewDisposeScope();
        var samples = gan.Sample(Samples, run.Seed).cpu();
        var chart = new ScatterChart { Title = run.Data };
        chart.Add("data", _test.Values);
        chart.Add("samples", samples.data<float>().ToArray());
        chart.Save(run.File("samples.svg"));
        return _modes is null ? [] : Coverage(_modes, samples);
    }

    // A sample is of high quality within 3 standard deviations of a mode's centre, and a mode with such a sample is covered
    // (Srivastava et al., "VEEGAN", 2017, section 4.1).
    private static IEnumerable<(string Name, JsonNode? Value)> Coverage(GaussianMixture2D modes, torch.Tensor samples)
    {
        float[] centres = [.. modes.Centres.SelectMany(c => new[] { c.X, c.Y })];
        var offsets = samples.unsqueeze(1) - torch.tensor(centres, [1, modes.Centres.Count, 2]);
        var isGood = offsets.square().sum(2).lt(9 * modes.StandardDeviation * modes.StandardDeviation).to(torch.float64);
        double[] shareOfMode = isGood.mean([0]).data<double>().ToArray();
        return [("modes", shareOfMode.Length), ("modesCovered", shareOfMode.Count(share => share > 0)), ("highQualityShare", isGood.sum().item<double>() / Samples)];
    }
}
