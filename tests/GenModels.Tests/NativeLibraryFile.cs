using System.Text;
using System.Text.RegularExpressions;

namespace GenModels.Tests;

/// <summary>The native library of the binding, as it lies beside the tests.</summary>
internal static class NativeLibraryFile
{
    /// <summary>Whether the binding is TorchSharp itself.</summary>
    public static bool IsTorchSharps { get; } = typeof(torch).Assembly.GetName().Name == "TorchSharp";

    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, IsTorchSharps ? "libLibTorchSharp.so" : "libsystemtorch.so");

    /// <summary>Copies it, with one version of the C++ runtime that it needs made GLIBCXX_3.4.99, which no machine has.</summary>
    public static void CopyThatNeedsAnUnknownVersion(string target)
    {
        // Latin-1 maps each byte to one character and back.
        string content = Encoding.Latin1.GetString(File.ReadAllBytes(Path));
        string needed = Regex.Match(content, @"GLIBCXX_3\.4\.\d\d(?=\0)").Value;
        needed.Should().NotBeEmpty();
        File.WriteAllBytes(target, Encoding.Latin1.GetBytes(content.Replace(needed + "\0", "GLIBCXX_3.4.99\0", StringComparison.Ordinal)));
    }
}
