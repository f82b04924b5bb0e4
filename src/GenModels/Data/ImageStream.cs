namespace GenModels.Data;

/// <summary>
/// The bytes of an image file for a decoder that takes what lies beyond their end for zeros and may look for an end marker there for ever: it can't
/// move beyond the end, and after some attempts to read there it is told to stop.
/// </summary>
internal sealed class ImageStream(byte[] content) : Stream
{
    // More than a decoder asks for where it fills up the image of a file that was cut.
    private const int MostMissing = 1 << 20;

    private int _position;

    /// <summary>How many bytes were asked for beyond the end: none, for a whole image.</summary>
    public int Missing { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => content.Length;

    public override long Position { get => _position; set => _position = (int)Math.Clamp(value, 0, content.Length); }

    public override int ReadByte()
    {
        if (_position < content.Length) return content[_position++];
        Miss(1);
        return -1;
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        int read = Math.Min(count, content.Length - _position);
        content.AsSpan(_position, read).CopyTo(buffer.AsSpan(offset));
        _position += read;
        if (read < count) Miss(count - read);
        return read;
    }

    public override long Seek(long offset, SeekOrigin origin) =>
        Position = offset + (origin switch { SeekOrigin.Begin => 0, SeekOrigin.Current => _position, _ => content.Length });

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void Miss(int count)
    {
        Missing += Math.Min(count, MostMissing);
        if (Missing > MostMissing) throw new EndOfStreamException("it ends before the image does.");
    }
}
