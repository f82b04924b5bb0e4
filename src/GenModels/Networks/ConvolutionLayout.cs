using GenModels.Kernels;

namespace GenModels.Networks;

/// <summary>The sizes of a network's convolutions, from its input to its output.</summary>
/// <param name="Transposed">Whether they make an image, rather than read one.</param>
/// <param name="Planes">How many channels of the first layer's input are the same for all pixels.</param>
/// <param name="Layers">The layers: how the window moves, how many channels the smaller image has, and whether batch norm stands behind.</param>
internal sealed record ConvolutionLayout(bool Transposed, long Planes, IReadOnlyList<(PatchShape Shape, long Columns, bool BatchNorm)> Layers)
{
    /// <summary>The number of values of an example that the layers take.</summary>
    public long Inputs => Transposed ? Layers[0].Columns : (First.Channels - Planes) * First.Height * First.Width + Planes;

    /// <summary>The number of values that the layers give.</summary>
    public long Outputs => Transposed ? Layers[^1].Shape.ImageSize : Layers[^1].Shape.Positions * Layers[^1].Columns;

    private PatchShape First => Layers[0].Shape;

    /// <summary>Layers that read images.</summary>
    /// <param name="settings">Their settings.</param>
    /// <param name="image">The image's channels, height and width.</param>
    /// <param name="planes">How many values stand behind an image, of which the first layer sees a constant plane each.</param>
    public static ConvolutionLayout Reading(ConvolutionalLayers settings, IReadOnlyList<long> image, long planes) =>
        new(false, planes, [.. Stages(settings, image, planes).Select((stage, i) => (stage.Shape, stage.Columns, settings.BatchNorm && i > 0))]);

    /// <summary>Layers that make images of vectors: the stages that read them in reverse, behind a map from a vector to the smallest image.</summary>
    /// <param name="settings">Their settings.</param>
    /// <param name="inputs">The number of values of a vector.</param>
    /// <param name="image">The image's channels, height and width.</param>
    public static ConvolutionLayout Making(ConvolutionalLayers settings, long inputs, IReadOnlyList<long> image)
    {
        var stages = Stages(settings, image, planes: 0);
        var (last, columns) = stages[^1];
        // A vector is an image of one pixel, and its map to the smallest image a window as large as that.
        var map = new PatchShape(columns, last.Rows, last.Columns, last.Rows, last.Columns, 1, 0);
        var reversed = Enumerable.Reverse(stages).Select((stage, i) => (stage.Shape, stage.Columns, settings.BatchNorm && i < stages.Count - 1));
        return new(true, 0, [(map, inputs, settings.BatchNorm), .. reversed]);
    }

    /// <summary>The parameters and buffers of the layers.</summary>
    public IEnumerable<StateShape> Shapes() => Layers.SelectMany((layer, i) =>
        Convolution.Shapes(layer.Shape, layer.Columns, Transposed, hasBias: !layer.BatchNorm).Under(LayerNames.Of("", i))
            .Concat(layer.BatchNorm ? BatchNorm.Shapes(Transposed ? layer.Shape.Channels : layer.Columns).Under(LayerNames.Of("norm", i)) : []));

    private static List<(PatchShape Shape, long Columns)> Stages(ConvolutionalLayers settings, IReadOnlyList<long> image, long planes)
    {
        var stages = new List<(PatchShape Shape, long Columns)>();
        var (channels, height, width) = (image[0] + planes, image[1], image[2]);
        foreach (int next in settings.Channels)
        {
            var shape = new PatchShape(channels, height, width, settings.Kernel, settings.Kernel, ConvolutionalLayers.Stride, settings.Padding);
            stages.Add((shape, next));
            (channels, height, width) = (next, shape.Rows, shape.Columns);
        }
        return stages;
    }
}
