using System.Text.Json.Nodes;
using GenModels.Data;
using GenModels.Evaluation;
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

    public static IReadOnlyList<string> Names { get; } = ["ring", "grid", "moons"];

    public static bool Has(string name) => Names.Contains(name);

    public IEnumerable<(string Name, JsonNode? Value)> Judge(Gan gan, RunOptions run)
    {
        using var scope = torch.NewDisposeScope();
        var samples = gan.Sample(Samples, run.Seed).cpu();
        var chart = new ScatterChart { Title = run.Data };
        chart.Add("data", _test.Values);
        chart.Add("samples", samples.data<float>().ToArray());
        chart.Save(run.File("samples.svg"));
        if (_modes is null) return [];
        var coverage = ModeCoverage.Of(samples, _modes);
        return
        [
            ("modes", coverage.Modes), ("modesCovered", coverage.Covered), ("highQualityShare", coverage.HighQuality),
            ("highQualityCeiling", coverage.Ceiling), ("reverseKl", coverage.ReverseKl),
        ];
    }
}
