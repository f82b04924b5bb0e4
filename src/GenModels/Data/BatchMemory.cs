namespace GenModels.Data;

/// <summary>How many examples are worked on at once where the caller has no say: as many as a bounded amount of memory holds.</summary>
internal static class BatchMemory
{
    private const long Bytes = 256L << 20;

    /// <summary>The number of examples in a batch.</summary>
    /// <param name="values">The number of values that an example takes, in single precision.</param>
    /// <param name="most">The largest batch.</param>
    /// <param name="bytes">The memory of a batch. One example may take more.</param>
    public static int Examples(long values, int most, long bytes = Bytes) => (int)Math.Clamp(bytes / sizeof(float) / values, 1, most);
}
