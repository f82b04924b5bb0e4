using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchSharp;

/// <summary>The C interface of native/systemtorch.cpp.</summary>
internal static unsafe partial class Native
{
    private const string Library = "systemtorch";

    private static readonly Lazy<nint> loaded = new(Load);

    static Native()
    {
        // Distributions' libtorch has two pools of threads, OpenMP's and OpenBLAS's. The first may spin while the second works,
        // where operators alternate between them; passive waiting must be chosen before OpenMP loads. A user's own choice stands.
        setenv("OMP_WAIT_POLICY", "passive", overwrite: 0);
        NativeLibrary.SetDllImportResolver(typeof(Native).Assembly, (name, _, _) => name == Library ? loaded.Value : 0);
    }

    private static nint Load()
    {
        nint library;
        try
        {
            library = NativeLibrary.Load(Library, typeof(Native).Assembly, null);
        }
        catch (DllNotFoundException e)
        {
            throw new DllNotFoundException(
                $"libtorch could not be loaded{Reason(e)}. On Debian and Ubuntu: sudo apt-get install libtorch-dev libopenblas0-pthread g++, then build again. " +
                "For a libtorch elsewhere, build with -p:LibtorchDir=FOLDER; for the one in the package TorchSharp-cpu, with -p:TorchBinding=nuget.");
        }
        string compiled = Version("st_compiled_version"), present = Version("st_loaded_version");
        if (IsSameInterface(compiled, present)) return library;
        throw new DllNotFoundException(
            $"libtorch could not be loaded: this program was compiled for libtorch {compiled}, and this machine has libtorch {present}; build it again here.");

        string Version(string function) =>
            Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)NativeLibrary.GetExport(library, function))()) ?? "";
    }

    /// <summary>Patch releases keep the interface of libtorch's C++ classes; minor versions do not.</summary>
    private static bool IsSameInterface(string compiled, string present) =>
        compiled.Split('.') is [var major, var minor, ..] && present.Split('.') is [var m, var n, ..] && (major, minor) == (m, n);

    /// <summary>What the loader misses. Its message has a line for each place where it looked, most of which are of no interest.</summary>
    private static string Reason(DllNotFoundException e)
    {
        string[] lines = e.Message.Split('\n', StringSplitOptions.TrimEntries);
        if (Array.Exists(lines, line => line.Contains("undefined symbol", StringComparison.Ordinal)))
            return ": this program was compiled for another version of it";
        string? missing = Array.Find(lines, line => line.StartsWith("libtorch", StringComparison.Ordinal));
        return missing is null ? "" : $": {missing}";
    }

    internal enum Tag { None, Tensor, Int, Double, Bool, IntList, TensorList, Generator, Device, Default }

    [StructLayout(LayoutKind.Sequential)]
    internal struct Value
    {
        public Tag Tag;
        public int Length;
        public long Bits;
    }

    /// <summary>Throws with libtorch's message, as TorchSharp does.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static Exception Failure() => new ExternalException(Marshal.PtrToStringUTF8(st_error()));

    internal static int Check(int status) => status >= 0 ? status : throw Failure();

    internal static nint Check(nint handle) => handle != 0 ? handle : throw Failure();

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)] private static partial int setenv(string name, string value, int overwrite);

    [LibraryImport(Library)] internal static partial nint st_error();
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial nint st_find_operator(string name, string overload);
    [LibraryImport(Library)] internal static partial int st_call(nint op, Value* arguments, int count, Value* results, int capacity);

    [LibraryImport(Library)] internal static partial void st_tensor_release(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial int st_tensor_dim(nint tensor, out long dim);
    [LibraryImport(Library), SuppressGCTransition] internal static partial int st_tensor_numel(nint tensor, out long count);
    [LibraryImport(Library), SuppressGCTransition] internal static partial int st_tensor_dtype(nint tensor, out int type);
    [LibraryImport(Library), SuppressGCTransition] internal static partial int st_tensor_device(nint tensor, out int type, out int index);
    [LibraryImport(Library), SuppressGCTransition] internal static partial int st_tensor_is_contiguous(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial int st_tensor_sizes(nint tensor, long* sizes);
    [LibraryImport(Library), SuppressGCTransition] internal static partial int st_tensor_strides(nint tensor, long* strides);
    [LibraryImport(Library)] internal static partial nint st_tensor_data(nint tensor);
    [LibraryImport(Library)] internal static partial int st_tensor_requires_grad(nint tensor);
    [LibraryImport(Library)] internal static partial int st_tensor_set_requires_grad(nint tensor, int value);
    [LibraryImport(Library)] internal static partial int st_tensor_is_leaf(nint tensor);
    [LibraryImport(Library)] internal static partial int st_tensor_grad(nint tensor, out nint grad);
    [LibraryImport(Library)] internal static partial int st_tensor_set_grad(nint tensor, nint grad);

    [LibraryImport(Library)]
    internal static partial int st_backward(nint* tensors, nint* grads, int count, int retain, int createGraph, nint* inputs, int inputCount);

    [LibraryImport(Library)]
    internal static partial int st_grad(
        nint* outputs, nint* grads, int count, nint* inputs, int inputCount, int retain, int createGraph, int allowUnused, nint* results);

    [LibraryImport(Library)] internal static partial int st_grad_mode();
    [LibraryImport(Library)] internal static partial int st_set_grad_mode(int enabled);
    [LibraryImport(Library)] internal static partial int st_inference_mode();
    [LibraryImport(Library)] internal static partial nint st_enter_inference_mode(int enabled);
    [LibraryImport(Library)] internal static partial void st_leave_inference_mode(nint guard);
    [LibraryImport(Library)] internal static partial int st_threads();
    [LibraryImport(Library)] internal static partial int st_set_threads(int count);

    [LibraryImport(Library)] internal static partial nint st_generator_new(ulong seed);
    [LibraryImport(Library)] internal static partial nint st_generator_default();
    [LibraryImport(Library)] internal static partial void st_generator_release(nint generator);
    [LibraryImport(Library)] internal static partial int st_generator_set_seed(nint generator, ulong seed);
    [LibraryImport(Library)] internal static partial int st_generator_get_seed(nint generator, out ulong seed);
    [LibraryImport(Library)] internal static partial int st_generator_seed(nint generator, out ulong seed);
    [LibraryImport(Library)] internal static partial nint st_generator_get_state(nint generator);
    [LibraryImport(Library)] internal static partial int st_generator_set_state(nint generator, nint state);
}
