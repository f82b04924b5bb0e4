using TorchSharp;

namespace SystemTorch.Tests;

public class ThreadTests
{
    [Fact]
    public void ScopesAreTheThreadsOwn()
    {
        using var scope = torch.NewDisposeScope();
        var elsewhere = OnAnotherThread(() => torch.ones([1]));
        scope.Contains(elsewhere).Should().BeFalse();
        elsewhere.Dispose();
    }

    [Fact]
    public void GradientModeIsTheThreadsOwn()
    {
        using var off = torch.no_grad();
        OnAnotherThread(torch.is_grad_enabled).Should().BeTrue();
        torch.is_grad_enabled().Should().BeFalse();
    }

    [Fact]
    public void StatisticsAreTheThreadsOwn()
    {
        DisposeScopeManager.Statistics.Reset();
        using var scope = torch.NewDisposeScope();
        OnAnotherThread(() =>
        {
            using var inner = torch.NewDisposeScope();
            torch.ones([1]);
            return DisposeScopeManager.Statistics.CreatedInScopeCount;
        }).Should().Be(1);
        DisposeScopeManager.Statistics.CreatedInScopeCount.Should().Be(0);
    }

    [Fact]
    public void TwoThreadsTrainSideBySide()
    {
        double[] alone = Train(1), other = Train(2);
        alone.Should().NotEqual(other);
        var results = new double[2][];
        var threads = Array.ConvertAll([1, 2], seed => new Thread(() => results[seed - 1] = Train(seed)));
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        results[0].Should().Equal(alone);
        results[1].Should().Equal(other);
    }

    [Fact]
    public void TheNumberOfThreadsCanBeSet()
    {
        int before = torch.get_num_threads();
        torch.set_num_threads(1);
        torch.get_num_threads().Should().Be(1);
        torch.set_num_threads(before);
        torch.get_num_threads().Should().Be(before);
    }

    // Gradient descent on |Xw|², which touches generators, autograd, no_grad and scopes.
    private static double[] Train(int seed)
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator((ulong)seed);
        var x = torch.randn(8, 4, torch.ScalarType.Float64, generator: generator);
        var w = torch.randn([4, 1], torch.ScalarType.Float64, requires_grad: true, generator: generator);
        for (int i = 0; i < 300; i++)
        {
            using var step = torch.NewDisposeScope();
            var gradient = torch.autograd.grad([x.mm(w).square().sum()], [w])[0];
            using var off = torch.no_grad();
            w.sub_(gradient * 0.001);
        }
        return w.detach().Numbers();
    }

    private static T OnAnotherThread<T>(Func<T> run)
    {
        T? result = default;
        var thread = new Thread(() => result = run());
        thread.Start();
        thread.Join();
        return result ?? throw new InvalidOperationException("The thread returned nothing.");
    }
}
