using System.Runtime.CompilerServices;
using TorchSharp;

namespace SystemTorch.Tests;

public class MemoryTests
{
    [Fact]
    public void AHundredThousandOperationsInScopesLeaveMemoryFlat()
    {
        const int Scopes = 12_500, OperationsInAScope = 8, Elements = 16 * 1024;
        using var owner = torch.NewDisposeScope();
        var (left, right) = (torch.rand(1, Elements), torch.rand(1, Elements));

        void Work(int scopes)
        {
            for (int i = 0; i < scopes; i++)
            {
                using var scope = torch.NewDisposeScope();
                var product = left * right;
                var (extreme, _) = torch.cat([product, left]).max(0);
                extreme.mul_(0.5);
                var halves = extreme.split(Elements / 2);
                _ = torch.stack(halves).square() * 0.5;
            }
        }

        Work(100);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long total = torch.Tensor.TotalCount, live = DisposeScopeManager.Statistics.ThreadTotalLiveCount, inUse = ProcessMemory.BytesInUse();
        Work(Scopes);
        torch.Tensor.TotalCount.Should().Be(total);
        DisposeScopeManager.Statistics.ThreadTotalLiveCount.Should().Be(live);

        // Every operation makes 64 KiB or changes as much. One result forgotten in a hundred would be 62 MiB.
        long oneInAHundred = (long)Scopes * OperationsInAScope / 100 * Elements * sizeof(float);
        (ProcessMemory.BytesInUse() - inUse).Should().BeLessThan(oneInAHundred);
    }

    [Fact]
    public void FinalisersFreeWhatWasForgotten()
    {
        const int Count = 500, Bytes = 1024 * 1024;
        Collect();
        long live = torch.Tensor.TotalCount;
        Forget(2, Bytes);
        Collect();
        long inUse = ProcessMemory.BytesInUse();
        for (int i = 0; i < Count / 10; i++)
        {
            Forget(10, Bytes);
            Collect();
        }
        torch.Tensor.TotalCount.Should().BeLessThanOrEqualTo(live);
        (ProcessMemory.BytesInUse() - inUse).Should().BeLessThan((long)Count * Bytes / 10);
    }

    [Fact]
    public void AnAccessorKeepsItsTensor()
    {
        var numbers = Forgotten();
        Collect();
        numbers.ToArray().Should().OnlyContain(x => x == 1).And.HaveCount(1000);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static TorchSharp.Utils.TensorAccessor<float> Forgotten() => torch.ones([1000]).data<float>();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Forget(int count, int bytes)
    {
        for (int i = 0; i < count; i++) torch.ones([bytes / sizeof(float)]);
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }
}
