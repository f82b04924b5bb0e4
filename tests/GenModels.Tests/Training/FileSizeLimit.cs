using System.Runtime.InteropServices;

namespace GenModels.Tests.Training;

/// <summary>Makes writes to files fail from a size on, as they do on a full disk, until it is disposed. Linux only.</summary>
internal sealed partial class FileSizeLimit : IDisposable
{
    private const int FileSize = 1, TooLarge = 25;
    private const nint Ignore = 1;

    private readonly Limit _before;
    private readonly nint _handler;

    public FileSizeLimit(ulong bytes)
    {
        // Without a signal the write returns an error.
        _handler = Signal(TooLarge, Ignore);
        Get(FileSize, out _before).Should().Be(0);
        Set(FileSize, new Limit(bytes, _before.Most)).Should().Be(0);
    }

    public void Dispose()
    {
        Set(FileSize, _before).Should().Be(0);
        _ = Signal(TooLarge, _handler);
    }

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint Signal(int number, nint handler);

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int Get(int resource, out Limit limit);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int Set(int resource, in Limit limit);

    private readonly record struct Limit(ulong Now, ulong Most);
}
