using System.Text.Json.Nodes;
using GenModels.Data;
using GenModels.Reporting;
using TorchSharp;

namespace GenModels.Samples;

/// <summary>Images, of whose samples a grid is drawn.</summary>
internal sealed class ImageData(string nameOrFolder, string? dataDirectory, CancellationToken cancellation) : IGanData
{
    private readonly DataSplit _split = DataSets.Load(nameOrFolder, dataDirectory, cancellation);

    public string Things => $"images of {_split.Train.Height}×{_split.Train.Width}";

    public IExampleSource Train => _split.Train;

    public IExampleSource Test => _split.Test;

    public IEnumerable<(string Name, JsonNode? Value)> Judge(Gan gan, RunOptions run)
    {
        using var scope = torch.NewDisposeScope();
        ImageGrid.Save(run.File("samples.png"), ClassSamples.Grid(gan, run.Seed), _split.Train.Height, _split.Train.Width, ClassSamples.Columns);
        return [];
    }
}
