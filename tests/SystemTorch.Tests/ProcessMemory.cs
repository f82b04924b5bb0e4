using System.Runtime.InteropServices;

namespace SystemTorch.Tests;

/// <summary>
/// How much memory the process has allocated and not freed. Resident memory is no measure of that: glibc keeps what was freed, and by chance
/// that is more than ten times what is in use, where small blocks that wait for a finaliser, such as TorchSharp's scalars, lie between the
/// large ones of tensors.
/// </summary>
internal static partial class ProcessMemory
{
    /// <summary>Bytes in use, of native code and of .NET; where the C library does not tell, resident memory.</summary>
    public static long BytesInUse()
    {
        if (!OperatingSystem.IsLinux()) return Environment.WorkingSet;
        var native = mallinfo2();
        return (long)(native.uordblks + native.hblkhd) + GC.GetTotalMemory(forceFullCollection: false);
    }

    [LibraryImport("libc")] private static partial Statistics mallinfo2();

    // Two are read: what is in use of all arenas, and what is mapped for single large blocks.
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Statistics
    {
        public readonly nuint arena, ordblks, smblks, hblks, hblkhd, usmblks, fsmblks, uordblks, fordblks, keepcost;
    }
}
