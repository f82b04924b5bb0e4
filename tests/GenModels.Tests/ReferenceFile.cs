using System.IO.Compression;
using System.Text.Json;

namespace GenModels.Tests;

/// <summary>Reference values that a script beside the tests made.</summary>
internal static class ReferenceFile
{
    /// <summary>The content of a gzipped file under a folder named reference.</summary>
    public static Stream Open(string name)
    {
        var assembly = typeof(ReferenceFile).Assembly;
        string resource = assembly.GetManifestResourceNames().Single(r => r.EndsWith($".reference.{name}", StringComparison.Ordinal));
        return new GZipStream(assembly.GetManifestResourceStream(resource) ?? throw new FileNotFoundException(name), CompressionMode.Decompress);
    }

    public static T Read<T>(string name)
    {
        using var stream = Open(name);
        return JsonSerializer.Deserialize<T>(stream, JsonSerializerOptions.Web) ?? throw new InvalidDataException(name);
    }

    /// <summary>Single-precision values that stand in a text.</summary>
    public static torch.Tensor Tensor(string base64, long[] shape) => torch.tensor(Floats(base64)).view(shape);

    public static float[] Floats(string base64)
    {
        byte[] bytes = Convert.FromBase64String(base64);
        var values = new float[bytes.Length / sizeof(float)];
        Buffer.BlockCopy(bytes, 0, values, 0, bytes.Length);
        return values;
    }
}
