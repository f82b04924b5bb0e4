using System.Buffers.Binary;
using System.Text.Unicode;

namespace GenModels.Safetensors;

/// <summary>The checked header of a safetensors file: the length of its JSON in eight bytes, little-endian, then the JSON.</summary>
/// <remarks>Every tensor's bytes lie in the file, one after the other, without gaps, overlaps or bytes that belong to none.</remarks>
internal sealed class SafetensorsHeader
{
    /// <summary>The name of the map from string to string that stands among the tensors.</summary>
    public const string MetadataName = "__metadata__";

    /// <summary>The number of bytes before the JSON.</summary>
    public const int Prefix = 8;

    /// <summary>The greatest length of the JSON, which is the format's own limit.</summary>
    public const long MaxLength = 100_000_000;

    /// <summary>The greatest number of dimensions of a tensor, which is libtorch's limit.</summary>
    public const int MaxDimensions = 64;

    private SafetensorsHeader(IReadOnlyDictionary<string, string> metadata, IReadOnlyDictionary<string, StoredTensor> tensors, long dataStart) =>
        (Metadata, Tensors, DataStart) = (metadata, tensors, dataStart);

    public IReadOnlyDictionary<string, string> Metadata { get; }

    public IReadOnlyDictionary<string, StoredTensor> Tensors { get; }

    /// <summary>Where the bytes of the tensors start in the file.</summary>
    public long DataStart { get; }

    /// <param name="file">The file, at its start.</param>
    /// <param name="path">What messages call the file.</param>
    /// <exception cref="ModelFileException">The header is not what the format asks for, or does not fit the file's length.</exception>
    public static SafetensorsHeader Read(Stream file, string path)
    {
        byte[] json = ReadJson(file, path);
        var (metadata, tensors) = new SafetensorsHeaderParser(json, path).Parse();
        long start = Prefix + json.Length;
        CheckPlaces(tensors, file.Length - start, path);
        return new SafetensorsHeader(metadata, tensors, start);
    }

    private static byte[] ReadJson(Stream file, string path)
    {
        long rest = file.Length - Prefix;
        if (rest < 0) throw ModelFileException.For(path, $"has {file.Length} bytes", $"a safetensors file, which starts with {Prefix} bytes for the length of its header");
        Span<byte> prefix = stackalloc byte[Prefix];
        file.ReadExactly(prefix);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > (ulong)Math.Min(rest, MaxLength))
            throw ModelFileException.For(
                path, $"announces a header of {length} bytes and has {rest} after that number",
                $"a safetensors file, whose header lies in the file and has at most {MaxLength} bytes");
        byte[] json = GC.AllocateUninitializedArray<byte>((int)length);
        file.ReadExactly(json);
        if (!json.AsSpan().StartsWith("{"u8)) throw ModelFileException.For(path, "has a header that does not start with '{'", "a safetensors file, whose header is a JSON object");
        if (!Utf8.IsValid(json)) throw ModelFileException.For(path, "has a header that is not UTF-8", "a safetensors file, whose header is UTF-8");
        return json;
    }

    private static void CheckPlaces(IReadOnlyDictionary<string, StoredTensor> tensors, long dataLength, string path)
    {
        long end = 0;
        foreach (var (name, tensor) in tensors.OrderBy(t => t.Value.Begin).ThenBy(t => t.Value.End))
        {
            if (tensor.Begin != end)
                throw ModelFileException.For(
                    path, $"has the tensor {Quoted.Text(name)} at byte {tensor.Begin} of its data, where the one before it ends at {end}",
                    "tensors one after the other, without gaps and overlaps");
            end = tensor.End;
        }
        if (end != dataLength)
            throw ModelFileException.For(
                path, $"has {dataLength} bytes of data", $"{end}, where its last tensor ends: the file is {(end > dataLength ? "truncated" : "longer than its content")}");
    }
}
