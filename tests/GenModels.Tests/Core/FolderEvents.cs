using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace GenModels.Tests.Core;

/// <summary>Tells by inotify when a folder was opened and what was renamed into it. Linux only.</summary>
internal sealed partial class FolderEvents : IDisposable
{
    private const int NonBlocking = 0x800;
    private const uint Opened = 0x20, MovedTo = 0x80, IsFolder = 0x40000000;

    private readonly int _descriptor = Init(NonBlocking);

    public FolderEvents(string folder) => Watch(_descriptor, folder, Opened | MovedTo).Should().BePositive();

    /// <summary>What has happened, in order.</summary>
    public IReadOnlyList<string> Read()
    {
        byte[] buffer = new byte[65_536];
        nint length = Read(_descriptor, buffer, buffer.Length);
        var events = new List<string>();
        for (int at = 0; at < length;)
        {
            // struct inotify_event: watch, mask, cookie, length of the name, the name.
            uint mask = BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(at + 4));
            int size = BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(at + 12));
            string name = Encoding.UTF8.GetString(buffer, at + 16, size).TrimEnd('\0');
            if ((mask & MovedTo) != 0) events.Add($"moved to {name}");
            else if ((mask & IsFolder) != 0) events.Add("folder opened");
            at += 16 + size;
        }
        return events;
    }

    public void Dispose() => _ = Close(_descriptor);

    [LibraryImport("libc", EntryPoint = "inotify_init1")]
    private static partial int Init(int flags);

    [LibraryImport("libc", EntryPoint = "inotify_add_watch", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Watch(int descriptor, string path, uint mask);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint Read(int descriptor, [Out] byte[] buffer, nint count);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
