using System.CommandLine;
using System.CommandLine.Parsing;
using GenModels.Data;
using GenModels.Networks;

namespace GenModels.Samples;

/// <summary>The options of samples whose networks may have convolutions.</summary>
public sealed class NetworkOptions
{
    private const string Dense = "dense", Convolutional = "conv";

    private readonly Option<string> _network;
    private readonly Option<int[]> _channels;

    /// <param name="command">The sample.</param>
    /// <param name="channels">The default of --channels.</param>
    public NetworkOptions(RunCommand command, params int[] channels)
    {
        _network = command.AddChoice("--network", "What the networks are made of: fully connected layers alone, or convolutions on the side of the image.", Dense, Dense, Convolutional);
        _channels = command.AddWidths("--channels", "With --network conv, the channels of each convolution, from the image inward; each halves the image.", channels);
    }

    /// <summary>The convolutions; null without --network conv.</summary>
    public ConvolutionalLayers? Layers(ParseResult parsed) =>
        parsed.GetValue(_network) == Convolutional ? new() { Channels = [.. parsed.GetRequiredValue(_channels)] } : null;

    /// <summary>The images in the shape that the networks take: with --network conv [channels, height, width].</summary>
    public DataSplit Shaped(ParseResult parsed, DataSplit images) =>
        Layers(parsed) is null ? images : new(Shaped(images.Train), Shaped(images.Test));

    /// <summary>Whether another option of the same command line stands beside --network conv.</summary>
    public bool IsConvolutional(ArgumentResult other) => other.GetResult(_network) is { Tokens: [{ Value: var text }] } && string.Equals(text, Convolutional, StringComparison.OrdinalIgnoreCase);

    private static ImageSet Shaped(ImageSet images) => images.Reshape(images.Channels, images.Height, images.Width);
}
