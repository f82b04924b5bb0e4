using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace GenModels.Data;

/// <summary>
/// Grey images that stay in their IDX file and are read by index, batch by batch: for sets larger than memory. A pixel b reads as b / 255.
/// </summary>
/// <remarks>
/// The system keeps in memory what it has room for. Where that is all, an image costs about 0.4 µs more than from an <see cref="ImageSet"/>. The
/// file is read and not mapped, since the process would not survive the end of a file that is cut while it is mapped, or a device that fails;
/// so these are an <see cref="IOException"/> of <see cref="Gather"/>. Several threads may read at once.
/// </remarks>
public sealed class IdxImageFile : IExampleSource, IDisposable
{
    private const int BufferSize = 1 << 18;
    private const float MaxValue = 255;

    private readonly SafeFileHandle _file;
    private readonly string _path;
    private readonly int _header;
    private readonly ExampleLayout _layout;

    /// <summary>Opens a file and checks its header and length.</summary>
    /// <param name="path">A plain IDX file of images: magic number 2051; count, height, width; then a byte a pixel.</param>
    /// <param name="exampleShape">The shape of one example, of as many values as an image has pixels; [height × width] where none is given.</param>
    /// <exception cref="ArgumentException">The shape is of another number of values.</exception>
    /// <exception cref="InvalidDataException">The file isn't what it should be.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public IdxImageFile(string path, params long[] exampleShape)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(exampleShape);
        using (var file = File.OpenRead(path))
        {
            (var dimensions, _header) = IdxReader.ReadPlainHeader(file, path, IdxFile.ImagesMagic);
            (Count, Height, Width) = (dimensions[0], dimensions[1], dimensions[2]);
        }
        long pixels = (long)Height * Width;
        _layout = new ExampleLayout(exampleShape.Length > 0 ? exampleShape : [pixels], nameof(exampleShape));
        if (_layout.Length != pixels)
        {
            throw new ArgumentException(
                $"The shape {ExampleLayout.Describe(exampleShape)} holds {_layout.Length} values, expected {pixels}, for images of {Height}×{Width}.", nameof(exampleShape));
        }
        _path = path;
        _file = File.OpenHandle(path, options: FileOptions.RandomAccess);
    }

    /// <summary>Rows of an image.</summary>
    public int Height { get; }

    /// <summary>Columns of an image.</summary>
    public int Width { get; }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public IReadOnlyList<long> ExampleShape => _layout.Shape;

    /// <inheritdoc/>
    /// <exception cref="IOException">The file has been cut since it was opened, or can't be read.</exception>
    /// <exception cref="ObjectDisposedException">The file is closed.</exception>
    public void Gather(ReadOnlySpan<int> indices, Span<float> destination)
    {
        ObjectDisposedException.ThrowIf(_file.IsClosed, this);
        _layout.CheckGather(Count, indices, destination);
        int length = _layout.Length;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Math.Max(length, BufferSize));
        try
        {
            int atOnce = buffer.Length / length;
            for (int start = 0, run; start < indices.Length; start += run)
            {
                run = Run(indices[start..], atOnce);
                var bytes = buffer.AsSpan(0, run * length);
                Read(indices[start], bytes);
                PixelScaling.Scale(bytes, MaxValue, destination.Slice(start * length, bytes.Length));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    /// <summary>How many indices follow each other from the first on, so that one read gets their images.</summary>
    private static int Run(ReadOnlySpan<int> indices, int most)
    {
        int run = 1;
        while (run < indices.Length && run < most && indices[run] == indices[run - 1] + 1) run++;
        return run;
    }

    private void Read(int index, Span<byte> bytes)
    {
        long position = _header + (long)index * _layout.Length;
        for (int read = 0, got; read < bytes.Length; read += got)
        {
            got = RandomAccess.Read(_file, bytes[read..], position + read);
            if (got == 0)
                throw new IOException($"The file '{_path}' ends before image {index + read / _layout.Length}, of {Count}: it has been cut since it was opened.");
        }
    }
}
