using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using TorchSharp;

namespace GenModels;

/// <summary>The native library that computes with tensors.</summary>
public static partial class Libtorch
{
    private const string NotLoaded = "libtorch could not be loaded";

    /// <summary>Loads libtorch, unless it is loaded already.</summary>
    /// <remarks>Every model calls this before it touches torch. Call it first in a program that uses torch before it makes a model.</remarks>
    /// <exception cref="DllNotFoundException">libtorch could not be loaded; the message says what to install.</exception>
    public static void EnsureLoaded()
    {
        if (OperatingSystem.IsLinux()) CheckRuntimeVersions();
        try
        {
            _ = torch.get_num_threads();
        }
        // The binding to the system's libtorch says by itself what is wrong; TorchSharp lists every file that it tried.
        catch (Exception e) when (e.GetBaseException() is DllNotFoundException or NotSupportedException && !e.Message.StartsWith(NotLoaded, StringComparison.Ordinal))
        {
            throw new DllNotFoundException(
                NotLoaded + ". An application adds the package TorchSharp-cpu, or one for CUDA; " +
                "with the binding to the system's libtorch, install libtorch-dev and libopenblas0-pthread.", e);
        }
    }

    // Asked before TorchSharp loads its library: where that fails, TorchSharp copies all of libtorch (480 MB on Linux) into the program's folder,
    // tries again, and prints a trace of its attempts.
    private static void CheckRuntimeVersions()
    {
        Assembly binding = typeof(torch).Assembly;
        if (binding.GetName().Name != "TorchSharp" || MissingRuntimeVersion("LibTorchSharp", binding) is not { } version) return;
        throw new DllNotFoundException(
            $"{NotLoaded}: TorchSharp's native library needs {version}, and this machine's C and C++ runtime libraries are older. " +
            "Run the program on Debian 13, Ubuntu 24.04 or later, install the runtime library of GCC 13 or later, " +
            "or use GenModels with the system's libtorch (TorchBinding=system ./build.sh pack).");
    }

    /// <summary>Tries to load a library, and gives the version of the C or C++ runtime that it needs and this machine lacks.</summary>
    /// <returns>Null where the library loads, or does not for another reason.</returns>
    internal static string? MissingRuntimeVersion(string library, Assembly binding)
    {
        try
        {
            NativeLibrary.Load(library, binding, null);
            return null;
        }
        catch (DllNotFoundException e)
        {
            var missing = MissingVersion().Match(e.Message);
            return missing.Success ? missing.Groups["version"].Value : null;
        }
    }

    // What glibc's loader says, in every language.
    [GeneratedRegex("version `(?<version>[^']+)' not found")]
    private static partial Regex MissingVersion();
}
