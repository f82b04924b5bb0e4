using static TorchSharp.torch;

namespace GenModels.Safetensors;

/// <summary>
/// Reads a safetensors file: the header when it is opened, checked in full, and tensors when they are asked for. Memory follows what the
/// file holds, not what its header claims.
/// </summary>
internal sealed class SafetensorsReader : IDisposable
{
    private const long Chunk = 1 << 26;

    private readonly Stream _file;
    private readonly SafetensorsHeader _header;

    /// <summary>Reads and checks the header.</summary>
    /// <param name="file">The file, at its start; a stream that can seek. The reader owns it.</param>
    /// <param name="path">What messages call the file.</param>
    /// <exception cref="ModelFileException">The file is not a safetensors file, or damaged.</exception>
    public SafetensorsReader(Stream file, string path)
    {
        (_file, Path) = (file, path);
        if (!file.CanSeek) throw ModelFileException.For(path, "is not a regular file", "a safetensors file on disk");
        _header = Unbroken(() => SafetensorsHeader.Read(file, path));
    }

    /// <summary>What messages call the file.</summary>
    public string Path { get; }

    /// <summary>The header's map from string to string; empty where it has none.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    /// <summary>What the header says of the tensors.</summary>
    public IReadOnlyDictionary<string, StoredTensor> Tensors => _header.Tensors;

    /// <summary>Opens a file and reads its header.</summary>
    /// <exception cref="ModelFileException">The file is not a safetensors file, or damaged.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static SafetensorsReader Open(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var file = OpenFile(path);
        try
        {
            return new SafetensorsReader(file, path);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads a tensor into the CPU's memory.</summary>
    /// <returns>Owned by the caller.</returns>
    /// <exception cref="ModelFileException">The file ended before its time, or holds a truth value that is neither 0 nor 1.</exception>
    public Tensor Read(string name)
    {
        var stored = Tensors[name];
        using var scope = NewDisposeScope();
        var tensor = empty(stored.Shape, stored.Type.Type);
        var flat = tensor.flatten();
        _file.Position = _header.DataStart + stored.Begin;
        for (long start = 0, count = flat.numel(); start < count; start += Chunk)
        {
            using var part = flat.narrow(0, start, Math.Min(Chunk, count - start));
            var bytes = part.bytes;
            ReadExactly(bytes);
            if (stored.Type.Type == ScalarType.Bool && bytes.IndexOfAnyExceptInRange((byte)0, (byte)1) is >= 0 and var at)
                throw ModelFileException.For(Path, $"has {bytes[at]} as a truth value of {Quoted.Text(name)}", "0 or 1");
        }
        return tensor.MoveToOuterDisposeScope();
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    private static FileStream OpenFile(string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FileNotFoundException($"There is no file '{path}'.", path, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The file '{path}' can't be read: {e.Message}", e);
        }
    }

    private void ReadExactly(Span<byte> bytes)
    {
        if (_file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length) throw Ended();
    }

    private T Unbroken<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (EndOfStreamException)
        {
            throw Ended();
        }
    }

    private ModelFileException Ended() => ModelFileException.For(Path, "ended while it was read", "all the bytes that its header announces");
}
