namespace GenModels.Samples;

/// <summary>Refuses networks that this machine has no memory for, before anything of them is allocated.</summary>
public static class TrainingMemory
{
    // Single precision. Beside a weight there are its gradient and two moments of Adam, and for a while copies that products and checkpoints take:
    // 27 bytes are the measured peak. Beside the output of a unit there is its gradient.
    private const double BytesPerWeight = 28, BytesPerOutput = 8;

    /// <summary>Throws where training would take more memory than there is.</summary>
    /// <param name="rows">The rows that pass through the networks in a step.</param>
    /// <param name="networks">The widths of each network's layers, from its input to its output.</param>
    /// <exception cref="ArgumentException">There is not enough memory.</exception>
    public static void Check(double rows, params IReadOnlyList<long>[] networks)
    {
        double weights = networks.Sum(widths => widths.Zip(widths.Skip(1), (from, to) => (from + 1.0) * to).Sum());
        double outputs = rows * networks.Sum(widths => widths.Sum(width => (double)width));
        double needed = BytesPerWeight * weights + BytesPerOutput * outputs, available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (needed <= available) return;
        throw new ArgumentException(
            FormattableString.Invariant($"Training would take about {needed / 1e9:G3} GB of memory, for {weights:G3} weights and {outputs:G3} activations per step, ") +
            FormattableString.Invariant($"and this machine has {available / 1e9:G3} GB. Choose smaller networks or batches."));
    }
}
