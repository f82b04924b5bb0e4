using GenModels.Networks;

namespace GenModels.Samples;

/// <summary>Refuses networks that this machine has no memory for, before anything of them is allocated.</summary>
public static class TrainingMemory
{
    // Single precision. Beside a weight there are its gradient and two moments of Adam, and for a while copies that products and checkpoints take:
    // 27 bytes are the measured peak. Beside the output of a unit there is its gradient.
    private const double BytesPerWeight = 28, BytesPerOutput = 8;

    /// <summary>Throws where training would take more memory than there is.</summary>
    /// <param name="rows">The rows that pass through the networks in a step.</param>
    /// <param name="networks">The widths of the layers of each network, from its input to its output.</param>
    /// <exception cref="ArgumentException">There is not enough memory.</exception>
    public static void Check(double rows, params IReadOnlyList<long>[] networks) => Check(rows, null, [], networks);

    /// <summary>The same with convolutions on the side of the image in each network.</summary>
    /// <param name="rows">The rows that pass through the networks in a step.</param>
    /// <param name="convolutions">The convolutions; null where there are none.</param>
    /// <param name="image">The channels, height and width of an image.</param>
    /// <param name="networks">The widths of the layers of each network, from its input to its output; one of them is the image's size.</param>
    /// <exception cref="ArgumentException">There is not enough memory.</exception>
    public static void Check(double rows, ConvolutionalLayers? convolutions, IReadOnlyList<long> image, params IReadOnlyList<long>[] networks)
    {
        var (features, inside, outside) = convolutions is null ? (0, 0, 0) : Sizes(convolutions, image);
        if (convolutions is not null)
        {
            double size = image.Aggregate(1.0, (product, length) => product * length);
            networks = [.. networks.Select(IReadOnlyList<long> (widths) => [.. widths.Select(width => width == size ? (long)features : width)])];
        }
        double weights = networks.Sum(widths => inside + widths.Zip(widths.Skip(1), (from, to) => (from + 1.0) * to).Sum());
        double outputs = rows * networks.Sum(widths => outside + widths.Sum(width => (double)width));
        double needed = BytesPerWeight * weights + BytesPerOutput * outputs, available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (needed <= available) return;
        throw new ArgumentException(
            FormattableString.Invariant($"Training would take about {needed / 1e9:G3} GB of memory, for {weights:G3} weights and {outputs:G3} activations per step, ") +
            FormattableString.Invariant($"and this machine has {available / 1e9:G3} GB. Choose smaller networks or batches."));
    }

    /// <summary>Of convolutions, the values of the smallest images, the weights, and the values of all images together.</summary>
    private static (double Features, double Weights, double Outputs) Sizes(ConvolutionalLayers convolutions, IReadOnlyList<long> image)
    {
        double channels = image[0], pixels = (double)image[1] * image[2], weights = 0, outputs = channels * pixels;
        foreach (int next in convolutions.Channels)
        {
            weights += channels * next * convolutions.Kernel * convolutions.Kernel;
            (channels, pixels) = (next, pixels / 4);
            outputs += channels * pixels;
        }
        return (channels * pixels, weights, outputs);
    }
}
