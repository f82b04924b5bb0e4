using System.IO.Compression;
using System.Text.Json;

namespace GenModels.Tests;

/// <summary>Reference values that a script beside the tests made.</summary>
internal static class ReferenceFile
{
    public static T Read<T>(string name)
    {
        var assembly = typeof(ReferenceFile).Assembly;
        string resource = assembly.GetManifestResourceNames().Single(r => r.EndsWith($".{name}", StringComparison.Ordinal));
        using var stream = assembly.GetManifestResourceStream(resource) ?? throw new FileNotFoundException(name);
        using var gzip = new GZipStream(stream, CompressionMode.Decompress);
        return JsonSerializer.Deserialize<T>(gzip, JsonSerializerOptions.Web) ?? throw new InvalidDataException(name);
    }

    public static float[] Floats(string base64)
    {
        byte[] bytes = Convert.FromBase64String(base64);
        var values = new float[bytes.Length / sizeof(float)];
        Buffer.BlockCopy(bytes, 0, values, 0, bytes.Length);
        return values;
    }
}
