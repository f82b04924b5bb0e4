using System.Runtime.InteropServices;

namespace GenModels;

/// <summary>Flushes folders to disk: on Unix, a rename is only certain to survive a power failure once its folder has been flushed.</summary>
internal static partial class FolderFlush
{
    private const int ReadOnly = 0;

    /// <summary>
    /// Flushes a folder, where the file system can do that. Failure is no error: what was renamed is in its place and readable either way.
    /// Windows has no such call and needs none, since NTFS keeps renames in its journal.
    /// </summary>
    public static void ToDisk(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        int descriptor = Open(folder, ReadOnly);
        if (descriptor < 0) return;
        _ = Flush(descriptor);
        _ = Close(descriptor);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Flush(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
