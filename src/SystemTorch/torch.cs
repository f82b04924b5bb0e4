using static TorchSharp.Native;

namespace TorchSharp;

/// <summary>TorchSharp's entry point, over the libtorch of the system.</summary>
public static partial class torch
{
    public static int get_num_threads() => Check(st_threads());

    public static void set_num_threads(int num) => Check(st_set_threads(num));
}
