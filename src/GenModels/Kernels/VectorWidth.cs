using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace GenModels.Kernels;

/// <summary>How wide the vectors of kernels are.</summary>
internal static class VectorWidth
{
    /// <summary>The floats of the widest pack: 16, 8 or 4. Tests set it, to compare what each width computes on one machine.</summary>
    public static int Floats { get; set; } = Vector512.IsHardwareAccelerated ? 16 : Vector256.IsHardwareAccelerated ? 8 : 4;

    /// <summary>Whether the processor multiplies and adds in one rounding. Where it does not, .NET computes that number by number.</summary>
    public static bool HasMultiplyAdd => Fma.IsSupported || AdvSimd.IsSupported;
}
