using GenModels.Data;

namespace GenModels.Tests.Data;

public sealed class IdxReaderTests
{
    private const int ImagesMagic = 2051;

    private static readonly byte[] Plain = IdxBytes.Images(3, 4, 5);
    private static readonly byte[] Gzipped = IdxBytes.Gzip(Plain);

    private static IdxContent Read(byte[] file, int magic = ImagesMagic) => IdxReader.Read(new MemoryStream(file), "some-file", magic);

    private static string ErrorOf(byte[] file, int magic = ImagesMagic)
    {
        var read = () => Read(file, magic);
        return read.Should().Throw<InvalidDataException>().WithMessage("The file 'some-file' *xpected *").Which.Message;
    }

    public static TheoryData<bool> BothForms => new() { false, true };

    [Theory]
    [MemberData(nameof(BothForms))]
    public void Reads_dimensions_and_values_plain_and_gzipped_alike(bool isGzipped)
    {
        var content = Read(isGzipped ? Gzipped : Plain);

        content.Dimensions.Should().Equal(3, 4, 5);
        content.Values.Should().Equal(Plain[16..]);
    }

    [Fact]
    public void Reads_gzipped_content_of_several_chunks()
    {
        var plain = IdxBytes.Images(300, 100, 100);

        Read(IdxBytes.Gzip(plain)).Values.AsSpan().SequenceEqual(plain.AsSpan(16)).Should().BeTrue();
    }

    [Theory]
    [MemberData(nameof(BothForms))]
    public void A_file_cut_at_any_length_is_refused(bool isGzipped)
    {
        var whole = isGzipped ? Gzipped : Plain;
        for (var length = 0; length < whole.Length; length++)
            ErrorOf(whole[..length]);
    }

    [Fact]
    public void A_flipped_bit_of_a_plain_file_is_refused_in_the_header_and_read_in_the_values()
    {
        for (var bit = 0; bit < 8 * Plain.Length; bit++)
        {
            var flipped = Flip(Plain, bit);
            if (bit < 8 * 16)
                ErrorOf(flipped);
            else
                Read(flipped).Values.Should().Equal(flipped[16..]);
        }
    }

    [Fact]
    public void A_flipped_bit_of_a_gzip_file_never_changes_what_is_read()
    {
        var refused = 0;
        for (var bit = 0; bit < 8 * Gzipped.Length; bit++)
        {
            try
            {
                Read(Flip(Gzipped, bit)).Values.Should().Equal(Plain[16..], "bit {0} of the file was flipped and it was accepted", bit);
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }
        // Only the header's time stamp, flags and system (8 of its bytes) say nothing about the content.
        refused.Should().BeGreaterThanOrEqualTo(8 * (Gzipped.Length - 8));
    }

    [Fact]
    public void Bytes_after_the_end_are_refused()
    {
        ErrorOf([.. Plain, 0]).Should().Contain("has 1 bytes after its end");
        ErrorOf(IdxBytes.Gzip([.. Plain, 0, 0])).Should().Contain("has 2 bytes after its end");
    }

    [Fact]
    public void Bytes_after_the_end_of_a_gzip_file_are_refused()
    {
        ErrorOf([.. Gzipped, 1, 2, 3]).Should().Contain("has bytes after them");
        ErrorOf([.. Gzipped, .. IdxBytes.Gzip([1, 2, 3])]).Should().Contain("has 3 bytes after its end");
    }

    [Fact]
    public void Messages_tell_what_the_file_is_instead()
    {
        ErrorOf(IdxBytes.Labels(1, 2)).Should().Contain("starts with 2049, the magic number of labels").And.Contain("magic number 2051");
        ErrorOf(Plain, 2049).Should().Contain("starts with 2051, the magic number of images").And.Contain("magic number 2049");
        ErrorOf("<!DOCTYPE html>"u8.ToArray()).Should().Contain("starts with the text \"<!DO\"");
        ErrorOf([0x89, 0x50, 0x4e, 0x47, 1, 2]).Should().Contain("starts with the number 2303741511");
        ErrorOf([]).Should().Contain("ends after 0 bytes");
        ErrorOf(IdxBytes.Gzip([])).Should().Contain("ends after 0 bytes");
        ErrorOf(Plain[..10]).Should().Contain("ends after 10 bytes");
        ErrorOf(Plain[..^7]).Should().Contain("is truncated by 7 bytes");
        ErrorOf(Gzipped[..^3]).Should().Contain("is cut within the last bytes of gzip");
    }

    [Theory]
    [InlineData(0u, 28u, 28u, 0)]
    [InlineData(10u, 0u, 28u, 1)]
    [InlineData(10u, 28u, 0u, 2)]
    [InlineData(uint.MaxValue, 1u, 1u, 0)]
    [InlineData(65536u, 65536u, 1u, 1)]
    [InlineData(65536u, 32767u, 65536u, 2)]
    public void Dimensions_that_are_zero_or_overflow_are_refused(uint count, uint height, uint width, int dimension)
    {
        var header = IdxBytes.Header(ImagesMagic, count, height, width);

        ErrorOf(header).Should().Contain($"as its dimension {dimension}");
        ErrorOf(IdxBytes.Gzip(header)).Should().Contain($"as its dimension {dimension}");
    }

    [Fact]
    public void A_header_that_claims_two_gigabytes_costs_no_memory()
    {
        var noise = new byte[3_000_000];
        new Random(1).NextBytes(noise);
        byte[] claims = [.. IdxBytes.Header(ImagesMagic, 2_000_000, 32, 32), .. noise];
        var gzipped = IdxBytes.Gzip(claims);
        var small = IdxBytes.Gzip(claims.AsSpan(0, 100));

        AllocatedBy(() => ErrorOf(claims)).Should().BeLessThan(1 << 17);
        AllocatedBy(() => ErrorOf(small).Should().Contain("announces 2048000000 values in a gzip file of")).Should().BeLessThan(1 << 17);
        // What is there, and one chunk more.
        AllocatedBy(() => ErrorOf(gzipped)).Should().BeLessThan(noise.Length + (1 << 20) + (1 << 17));
    }

    private static long AllocatedBy(Action action)
    {
        action();
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static byte[] Flip(byte[] file, int bit)
    {
        var flipped = (byte[])file.Clone();
        flipped[bit / 8] ^= (byte)(1 << (bit % 8));
        return flipped;
    }
}
