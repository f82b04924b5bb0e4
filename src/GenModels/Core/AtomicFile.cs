namespace GenModels;

/// <summary>Writes files that are either complete or not there: a reader never sees half of one.</summary>
public static class AtomicFile
{
    private const string Prefix = ".genmodels-", Suffix = ".tmp";

    /// <summary>Matches the temporary files of all writers, whatever they write.</summary>
    internal const string TemporaryFiles = Prefix + "*" + Suffix;

    // A writer holds a lock on its temporary file except for an instant after creating it and before renaming it.
    private static readonly TimeSpan Abandoned = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Writes to a temporary file in the folder of <paramref name="path"/>, flushes it to disk and renames it, replacing what was there. Creates
    /// the folder if needed. If <paramref name="write"/> throws, the old file stays and the temporary one is deleted.
    /// </summary>
    /// <remarks>
    /// <para>Any number of threads and processes may write the same file: each writes a temporary file of its own, and the last rename wins.</para>
    /// <para>Where <paramref name="path"/> is a symbolic link, the file that it points to is replaced and the link stays. On Unix, a file that is
    /// replaced passes its permissions on, and the folder is flushed to disk too, so that the rename survives a power failure.</para>
    /// <para>Temporary files that killed processes have left in the folder are deleted a minute or more after they were last written to.</para>
    /// </remarks>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes its content.</param>
    /// <param name="previous">Where in the same file system the file goes that is replaced; null drops it.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty or names no file.</exception>
    /// <exception cref="IOException">The folder or the file can't be written; the message says which file and why.</exception>
    public static void Write(string path, Action<Stream> write, string? previous = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(write);
        try
        {
            string target = Resolve(path);
            // A rename is atomic only within one file system, hence the same folder.
            string folder = Path.GetDirectoryName(target) ?? throw new ArgumentException($"The path '{path}' names no file.", nameof(path));
            Directory.CreateDirectory(folder);
            DeleteAbandoned(folder);
            Replace(target, Path.Combine(folder, $"{Prefix}{Path.GetRandomFileName()}{Suffix}"), previous, write);
            FolderFlush.ToDisk(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException || IsTooLarge(e))
        {
            throw new IOException($"The file '{path}' can't be written: {e.Message}", e);
        }
    }

    // How .NET reports on Unix that a file would exceed a limit, such as the 4 GiB of a FAT file system or the process's own.
    private static bool IsTooLarge(Exception e) =>
        e is ArgumentOutOfRangeException { ParamName: "value", Source: var source } && source == typeof(FileStream).Assembly.GetName().Name;

    private static string Resolve(string path)
    {
        var file = new FileInfo(path);
        return (file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true) ?? file).FullName;
    }

    private static void Replace(string target, string temporary, string? previous, Action<Stream> write)
    {
        // Between two renames there is nothing but the previous file.
        var stream = Create(temporary, ModeOf(target) ?? ModeOf(previous));
        try
        {
            using (stream)
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            if (previous is not null) MoveIfPresent(target, previous);
            File.Move(temporary, target, overwrite: true);
        }
        catch
        {
            DeleteIfPossible(temporary);
            throw;
        }
    }

    /// <summary>Creates the temporary file with the permissions of a file that is there; where there is none, with those that new files have.</summary>
    private static FileStream Create(string temporary, UnixFileMode? mode)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (OperatingSystem.IsWindows() || mode is not { } permissions) return new FileStream(temporary, options);

        options.UnixCreateMode = permissions;
        var stream = new FileStream(temporary, options);
        // The process's umask may have withheld some.
        if (File.GetUnixFileMode(stream.SafeFileHandle) != permissions) File.SetUnixFileMode(stream.SafeFileHandle, permissions);
        return stream;
    }

    private static UnixFileMode? ModeOf(string? path)
    {
        if (OperatingSystem.IsWindows() || path is null) return null;
        // It looks at the file once, so that both answers belong together though another writer may be replacing the file.
        var file = new FileInfo(path);
        return file.Exists ? file.UnixFileMode : null;
    }

    private static void MoveIfPresent(string source, string destination)
    {
        try
        {
            File.Move(source, destination, overwrite: true);
        }
        // There was none, or another writer has just moved it.
        catch (FileNotFoundException)
        {
        }
    }

    private static void DeleteAbandoned(string folder)
    {
        try
        {
            foreach (string file in Directory.EnumerateFiles(folder, TemporaryFiles))
                if (DateTime.UtcNow - File.GetLastWriteTimeUtc(file) > Abandoned) DeleteIfUnlocked(file);
        }
        // A folder whose files can't be listed can be written to all the same.
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    private static void DeleteIfUnlocked(string path)
    {
        try
        {
            new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose).Dispose();
        }
        // Someone is still writing it, or has just finished or deleted it.
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    // The error that led here is the one to report.
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
