using System.Buffers;
using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;
using static TorchSharp.torch;

namespace GenModels.Safetensors;

/// <summary>Writes safetensors files. The same names, values and metadata give the same bytes.</summary>
internal static class SafetensorsWriter
{
    private const long Chunk = 1 << 26;
    private const int Alignment = 8;

    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes tensors, from any device, and a map from string to string.</summary>
    /// <param name="file">Where to; <see cref="AtomicFile"/> gives a stream whose file appears when it is complete.</param>
    /// <param name="tensors">Tensors under their names, in any order.</param>
    /// <param name="metadata">What else the file tells.</param>
    /// <exception cref="ArgumentException">A tensor has a type that the file does not hold, or the name of the metadata.</exception>
    public static void Write(Stream file, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        // Wide elements first, so that each tensor starts at a multiple of its elements' size.
        Entry[] entries = [.. tensors.Select(t => Entry.Of(t.Key, t.Value)).OrderByDescending(e => e.Type.Size).ThenBy(e => e.Name, StringComparer.Ordinal)];
        WriteHeader(file, entries, metadata);
        foreach (var entry in entries) WriteValues(file, entry.Tensor);
    }

    private static void WriteHeader(Stream file, Entry[] entries, IReadOnlyDictionary<string, string> metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Readable))
        {
            json.WriteStartObject();
            if (metadata.Count > 0) WriteMetadata(json, metadata);
            long offset = 0;
            foreach (var entry in entries) offset = WriteEntry(json, entry, offset);
            json.WriteEndObject();
        }
        int padding = -buffer.WrittenCount & (Alignment - 1);
        buffer.GetSpan(padding)[..padding].Fill((byte)' ');
        buffer.Advance(padding);

        Span<byte> prefix = stackalloc byte[SafetensorsHeader.Prefix];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)buffer.WrittenCount);
        file.Write(prefix);
        file.Write(buffer.WrittenSpan);
    }

    private static void WriteMetadata(Utf8JsonWriter json, IReadOnlyDictionary<string, string> metadata)
    {
        json.WriteStartObject(SafetensorsHeader.MetadataName);
        foreach (var (key, value) in metadata.OrderBy(m => m.Key, StringComparer.Ordinal)) json.WriteString(key, value);
        json.WriteEndObject();
    }

    private static long WriteEntry(Utf8JsonWriter json, Entry entry, long offset)
    {
        long end = offset + entry.Tensor.numel() * entry.Type.Size;
        json.WriteStartObject(entry.Name);
        json.WriteString("dtype", entry.Type.Name);
        WriteNumbers(json, "shape", entry.Tensor.shape);
        WriteNumbers(json, "data_offsets", [offset, end]);
        json.WriteEndObject();
        return end;
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, ReadOnlySpan<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (long number in numbers) json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    private static void WriteValues(Stream file, Tensor tensor)
    {
        using var scope = NewDisposeScope();
        var flat = tensor.detach().cpu().contiguous().flatten();
        for (long start = 0, count = flat.numel(); start < count; start += Chunk)
        {
            using var part = flat.narrow(0, start, Math.Min(Chunk, count - start));
            file.Write(part.bytes);
        }
    }

    private sealed record Entry(string Name, Tensor Tensor, SafetensorsType Type)
    {
        public static Entry Of(string name, Tensor tensor)
        {
            if (name == SafetensorsHeader.MetadataName)
                throw new ArgumentException($"A tensor has the name {name}, which stands for the metadata.", nameof(name));
            var type = SafetensorsType.Find(tensor.dtype)
                ?? throw new ArgumentException($"The tensor '{name}' has the type {tensor.dtype}, expected one of {SafetensorsType.Names}.", nameof(tensor));
            return new Entry(name, tensor, type);
        }
    }
}
