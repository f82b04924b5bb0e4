using GenModels.Data;

namespace GenModels.Tests.Data;

public class BatchMemoryTests
{
    [Theory]
    [InlineData(1, 1_000)]
    [InlineData(784, 1_000)]
    [InlineData(67_108, 1_000)]
    [InlineData(67_109, 999)]
    [InlineData(1 << 20, 64)]
    [InlineData(1 << 26, 1)]
    [InlineData(long.MaxValue / 8, 1)]
    public void A_batch_takes_at_most_256_MiB_and_has_one_example_at_least(long values, int expected) =>
        BatchMemory.Examples(values, most: 1_000).Should().Be(expected);

    [Fact]
    public void The_memory_can_be_chosen() => BatchMemory.Examples(10, most: 1_000, bytes: 399).Should().Be(9);
}
