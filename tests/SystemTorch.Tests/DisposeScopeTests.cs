using TorchSharp;

namespace SystemTorch.Tests;

public class DisposeScopeTests
{
    [Fact]
    public void AScopeDisposesWhatWasMadeInIt()
    {
        torch.Tensor made;
        using (var scope = torch.NewDisposeScope())
        {
            made = torch.ones([2]);
            scope.Contains(made).Should().BeTrue();
            scope.DisposablesCount.Should().Be(1);
            scope.DisposablesView.Should().Equal(made);
        }
        made.IsInvalid.Should().BeTrue();
    }

    [Fact]
    public void TheInnermostScopeOwns()
    {
        using var outer = torch.NewDisposeScope();
        var early = torch.ones([1]);
        torch.Tensor inside;
        using (var inner = torch.NewDisposeScope())
        {
            inside = torch.ones([1]);
            inner.Contains(early).Should().BeFalse();
            outer.Contains(inside).Should().BeFalse();
        }
        inside.IsInvalid.Should().BeTrue();
        early.IsInvalid.Should().BeFalse();
        var late = torch.ones([1]);
        outer.Contains(late).Should().BeTrue();
    }

    [Fact]
    public void AMovedTensorLivesAsLongAsTheOuterScope()
    {
        torch.Tensor moved;
        using (var outer = torch.NewDisposeScope())
        {
            using (torch.NewDisposeScope())
            {
                var sum = torch.ones([1]);
                moved = sum.MoveToOuterDisposeScope();
                moved.Should().BeSameAs(sum);
            }
            moved.IsInvalid.Should().BeFalse();
            outer.Contains(moved).Should().BeTrue();
        }
        moved.IsInvalid.Should().BeTrue();
    }

    [Fact]
    public void WithoutAnOuterScopeAMovedTensorIsItsHoldersOwn()
    {
        torch.Tensor moved;
        using (torch.NewDisposeScope()) moved = torch.ones([1]).MoveToOuterDisposeScope();
        moved.IsInvalid.Should().BeFalse();
        moved.Dispose();
        moved.IsInvalid.Should().BeTrue();
    }

    [Fact]
    public void ADetachedTensorOutlivesEveryScope()
    {
        torch.Tensor detached;
        using (torch.NewDisposeScope())
        using (var inner = torch.NewDisposeScope())
        {
            detached = torch.ones([1]).DetachFromDisposeScope();
            inner.DisposablesCount.Should().Be(0);
        }
        detached.IsInvalid.Should().BeFalse();
        detached.Dispose();
    }

    [Fact]
    public void ScopesMoveAndDetachToo()
    {
        using var outer = torch.NewDisposeScope();
        torch.Tensor a, b, c, d;
        using (var inner = torch.NewDisposeScope())
        {
            (a, b, c, d) = (torch.ones([1]), torch.ones([1]), torch.ones([1]), torch.ones([1]));
            inner.MoveToOuter(a).Should().BeSameAs(a);
            inner.MoveToOuter(b, torch.ones([1]));
            inner.Detach(c).Should().BeSameAs(c);
            inner.DisposablesCount.Should().Be(1);
        }
        outer.DisposablesCount.Should().Be(3);
        (a.IsInvalid, b.IsInvalid, c.IsInvalid, d.IsInvalid).Should().Be((false, false, false, true));
        c.Dispose();
    }

    [Fact]
    public void EverythingCanBeDisposedWhileTheScopeGoesOn()
    {
        using var scope = torch.NewDisposeScope();
        var first = torch.ones([1]);
        scope.DisposeEverything();
        first.IsInvalid.Should().BeTrue();
        var second = torch.ones([1]);
        scope.Contains(second).Should().BeTrue();
        second.IsInvalid.Should().BeFalse();
    }

    [Fact]
    public void ATensorDisposedEarlyLeavesItsScope()
    {
        using var scope = torch.NewDisposeScope();
        var (first, second, third) = (torch.ones([1]), torch.ones([1]), torch.ones([1]));
        first.Dispose();
        scope.DisposablesView.Should().BeEquivalentTo([second, third], options => options.ComparingByValue<torch.Tensor>());
        third.Dispose();
        scope.DisposablesView.Should().ContainSingle().Which.Should().BeSameAs(second);
    }

    [Fact]
    public void DisposingTwiceIsDisposingOnce()
    {
        using var scope = torch.NewDisposeScope();
        long before = torch.Tensor.TotalCount;
        var tensor = torch.ones([1]);
        tensor.Dispose();
        tensor.Dispose();
        tensor.IsInvalid.Should().BeTrue();
        torch.Tensor.TotalCount.Should().Be(before);
    }

    [Fact]
    public void UseAfterDisposeIsAnError()
    {
        using var scope = torch.NewDisposeScope();
        var (disposed, other) = (torch.ones([2]), torch.ones([2]));
        disposed.Dispose();
        disposed.Invoking(t => t.shape).Should().Throw<InvalidOperationException>();
        disposed.Invoking(t => t + other).Should().Throw<InvalidOperationException>();
        other.Invoking(t => t + disposed).Should().Throw<InvalidOperationException>();
        FluentActions.Invoking(() => torch.cat([other, disposed])).Should().Throw<InvalidOperationException>();
        FluentActions.Invoking(() => torch.autograd.backward(disposed)).Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void TheThreadsStatisticsCountWhatLives()
    {
        var statistics = DisposeScopeManager.Statistics;
        statistics.Reset();
        using (torch.NewDisposeScope())
        {
            var first = torch.ones([1]);
            var second = torch.ones([1]);
            statistics.CreatedInScopeCount.Should().Be(2);
            statistics.ThreadTotalLiveCount.Should().Be(2);
            first.Dispose();
            statistics.DisposedInScopeCount.Should().Be(1);
            statistics.ThreadTotalLiveCount.Should().Be(1);
            _ = second + 1;
        }
        statistics.ThreadTotalLiveCount.Should().Be(0);
        statistics.CreatedOutsideScopeCount.Should().Be(0);
        torch.ones([1]).Dispose();
        statistics.CreatedOutsideScopeCount.Should().Be(1);
        using (torch.NewDisposeScope())
        {
            var kept = torch.ones([1]).DetachFromDisposeScope();
            statistics.DetachedFromScopeCount.Should().Be(1);
            kept.Dispose();
        }
    }
}
