using System.IO.Compression;
using System.Text.Json;

namespace GenModels.Tests;

/// <summary>Reference values that a script beside the tests made.</summary>
internal static class ReferenceFile
{
    /// <summary>The content of a gzipped file under a folder named reference.</summary>
    public static Stream Open(string name) => new GZipStream(OpenResource(name), CompressionMode.Decompress);

    /// <summary>A file under a folder named reference, as it is.</summary>
    public static byte[] Bytes(string name)
    {
        using var content = new MemoryStream();
        using var resource = OpenResource(name);
        resource.CopyTo(content);
        return content.ToArray();
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

    private static Stream OpenResource(string name)
    {
        var assembly = typeof(ReferenceFile).Assembly;
        string resource = assembly.GetManifestResourceNames().Single(r => r.EndsWith($".reference.{name}", StringComparison.Ordinal));
        return assembly.GetManifestResourceStream(resource) ?? throw new FileNotFoundException(name);
    }
}
