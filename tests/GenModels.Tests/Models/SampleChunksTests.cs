namespace GenModels.Tests.Models;

public class SampleChunksTests
{
    [Theory]
    [InlineData(1, 4_096)]
    [InlineData(8_192, 4_096)]
    [InlineData(10, 3)]
    [InlineData(int.MaxValue, 1 << 28)]
    [InlineData(int.MaxValue, int.MaxValue)]
    [InlineData(int.MaxValue, int.MaxValue - 1)]
    public void Chunks_follow_one_another_and_cover_the_count(int count, int size)
    {
        long end = 0;
        foreach (var (start, length) in SampleChunks.Of(count, size))
        {
            start.Should().Be((int)end);
            length.Should().BeInRange(1, size);
            end += length;
        }
        end.Should().Be(count);
    }
}
