using GenModels.Tests.Samples;

namespace GenModels.Tests.Packaging;

/// <summary>A sample's program in a folder of its own, for tests that take something away from it.</summary>
internal static class SampleCopy
{
    /// <summary>Copies what is managed code, and tells the native libraries that the sample has beside it.</summary>
    public static IReadOnlyList<string> Make(string sample, string folder)
    {
        string source = Path.GetDirectoryName(SampleProcess.PathOf(sample)) ?? "";
        var natives = new List<string>();
        foreach (string file in Directory.GetFiles(source, "*", SearchOption.AllDirectories))
        {
            if (IsNative(file)) natives.Add(file);
            else Copy(file, Path.Combine(folder, Path.GetRelativePath(source, file)));
        }
        return natives;
    }

    private static void Copy(string file, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(target) ?? "");
        File.Copy(file, target);
    }

    private static bool IsNative(string file)
    {
        string name = Path.GetFileName(file);
        return name.Contains(".so", StringComparison.Ordinal) || name.EndsWith(".dylib", StringComparison.Ordinal)
            || name is "LibTorchSharp.dll" or "torch_cpu.dll" or "torch.dll" or "c10.dll";
    }
}
