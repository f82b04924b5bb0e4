using System.Text.Json.Nodes;
using GenModels.Data;
using GenModels.Reporting;
using TorchSharp;

namespace GenModels.Samples;

/// <summary>Images, of whose samples a grid is drawn.</summary>
internal sealed class ImageData(DataSplit images) : IGanData
{
    public string Things => $"images of {images.Train.Height}×{images.Train.Width}";

    public IExampleSource Train => images.Train;

    public IExampleSource Test => images.Test;

    public IEnumerable<(string Name, JsonNode? Value)> Judge(Gan gan, RunOptions run)
    {
        using var scope = torch.NewDisposeScope();
        ImageGrid.Save(run.File("samples.png"), ClassSamples.Grid(gan, run.Seed), images.Train.Height, images.Train.Width, ClassSamples.Columns);
        return [];
    }
}
