namespace GenModels.Fuzz;

/// <summary>A reader of files, and a whole file to damage.</summary>
/// <param name="Name">What the command line and reports call it.</param>
/// <param name="Kind">Where the file is text.</param>
/// <param name="Content">A file that the reader accepts.</param>
/// <param name="Read">Reads the file at a path, uses what it holds, and frees it.</param>
/// <param name="Rejections">The exceptions that the reader documents for files that are not what they should be.</param>
public sealed record FuzzTarget(string Name, FileKind Kind, byte[] Content, Action<string> Read, params IReadOnlyList<Type> Rejections)
{
    /// <summary>What is done to the content after it was damaged, such as compression.</summary>
    public Func<byte[], byte[]> Pack { get; init; } = content => content;

    /// <summary>
    /// Whether some damage does no harm. Where a checksum covers the file none does: <see cref="Read"/> then makes sure that what is accepted is
    /// what was saved.
    /// </summary>
    public bool ToleratesDamage { get; init; } = true;

    /// <summary>How many bytes of memory a byte of the file may cost, beside a constant.</summary>
    public int MemoryPerByte { get; init; } = 32;

    /// <summary>How long one file may take.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);
}

/// <summary>Where a file holds text, whose tokens are then damaged beside its bytes.</summary>
public enum FileKind
{
    /// <summary>Nowhere.</summary>
    Binary,

    /// <summary>In its header, after eight bytes with the header's length.</summary>
    Safetensors,

    /// <summary>Everywhere.</summary>
    Text,
}
