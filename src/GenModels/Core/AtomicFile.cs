namespace GenModels;

/// <summary>Writes files that are either complete or not there: a reader never sees half of one.</summary>
public static class AtomicFile
{
    /// <summary>
    /// Writes to a temporary file in the folder of <paramref name="path"/>, flushes it to disk and renames it, replacing what was there.
    /// Creates the folder if needed. If <paramref name="write"/> throws, the old file stays and the temporary one is deleted; one that a killed
    /// process has left is overwritten by the next write to the same path.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes its content.</param>
    /// <param name="previous">Where in the same file system the file goes that is replaced; null drops it.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty.</exception>
    /// <exception cref="IOException">
    /// The folder or the file can't be written, or another write to it is under way; the message says which file and why.
    /// </exception>
    public static void Write(string path, Action<Stream> write, string? previous = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(write);
        var target = Path.GetFullPath(path);
        // A rename is atomic only within one file system, hence the same folder.
        var folder = Path.GetDirectoryName(target)
            ?? throw new ArgumentException($"The path '{path}' names no file.", nameof(path));
        try
        {
            Directory.CreateDirectory(folder);
            Replace(target, Path.Combine(folder, $".{Path.GetFileName(target)}.tmp"), previous, write);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The file '{path}' can't be written: {e.Message}", e);
        }
    }

    private static void Replace(string target, string temporary, string? previous, Action<Stream> write)
    {
        // Outside the block that deletes: where this fails, the file is another's.
        var stream = new FileStream(temporary, FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        try
        {
            using (stream)
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            if (previous is not null && File.Exists(target)) File.Move(target, previous, overwrite: true);
            File.Move(temporary, target, overwrite: true);
        }
        catch
        {
            DeleteIfPossible(temporary);
            throw;
        }
    }

    // The error that led here is the one to tell.
    private static void DeleteIfPossible(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }
}
