using TorchSharp;

namespace SystemTorch.Tests;

/// <summary>Sums, moments, extremes and orders over the rows of [[1, 5, 3], [4, -2, 0]].</summary>
public class ReductionTests : IDisposable
{
    private readonly DisposeScope _scope = torch.NewDisposeScope();
    private readonly torch.Tensor _matrix = torch.tensor(new double[,] { { 1, 5, 3 }, { 4, -2, 0 } });

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void SumsAllOrSomeDimensions()
    {
        _matrix.sum().ShouldBe(11);
        _matrix.sum(dim: 1).ShouldBe(9, 2);
        _matrix.sum(new long[] { 0 }).ShouldBe(5, 3, 3);
        _matrix.sum(dim: -1, keepdim: true).ShouldHaveShape(2, 1);
        _matrix.sum(new long[] { 0, 1 }).ShouldHaveShape();
    }

    [Fact]
    public void SumsInTheTypeAskedFor()
    {
        var truths = torch.tensor(new[] { true, true, false });
        truths.sum().dtype.Should().Be(torch.ScalarType.Int64);
        truths.sum(torch.ScalarType.Float32).dtype.Should().Be(torch.ScalarType.Float32);
        truths.sum(torch.ScalarType.Float32).ShouldBe(2);
    }

    [Fact]
    public void AveragesAllOrSomeDimensions()
    {
        _matrix.mean().ShouldBe(11.0 / 6);
        _matrix.mean(new long[] { 1 }).ShouldBe(3, 2.0 / 3);
        _matrix.mean(new long[] { 0 }, keepdim: true).ShouldHaveShape(1, 3);
    }

    [Fact]
    public void VarianceDividesByCountOrOneLess()
    {
        _matrix.var(dimensions: [1L], unbiased: true, keepdim: false, type: null).ShouldBe(4, 28.0 / 3);
        _matrix.var(dimensions: [1L], unbiased: false, keepdim: false, type: null).ShouldBe(8.0 / 3, 56.0 / 9);
        _matrix.std(dimensions: [1L], unbiased: true, keepdim: true, type: null).ShouldBe(2, Math.Sqrt(28.0 / 3));
    }

    [Fact]
    public void FindsExtremesAndWhereTheyAre()
    {
        _matrix.max().ShouldBe(5);
        _matrix.min().ShouldBe(-2);
        var (largest, whereLargest) = _matrix.max(1);
        largest.ShouldBe(5, 4);
        whereLargest.data<long>().ToArray().Should().Equal(1, 0);
        var (smallest, whereSmallest) = _matrix.min(1, keepdim: true);
        smallest.ShouldBe(1, -2);
        whereSmallest.ShouldHaveShape(2, 1);
        _matrix.argmax(1).data<long>().ToArray().Should().Equal(1, 0);
        _matrix.argmin(1, keepdim: true).data<long>().ToArray().Should().Equal(0, 1);
    }

    [Fact]
    public void QuantifiesOverTruthValues()
    {
        _matrix.gt(-3).all().item<bool>().Should().BeTrue();
        _matrix.gt(0).all().item<bool>().Should().BeFalse();
        _matrix.gt(4).any().item<bool>().Should().BeTrue();
        _matrix.gt(5).any().item<bool>().Should().BeFalse();
    }

    [Fact]
    public void LogsumexpDoesNotOverflow()
    {
        var large = torch.tensor(new double[,] { { 1000, 1000 }, { -1000, -1000 } });
        large.logsumexp(1).ShouldBe(1000 + Math.Log(2), -1000 + Math.Log(2));
        torch.logsumexp(large, 1, keepdim: true).ShouldHaveShape(2, 1);
    }

    [Fact]
    public void SoftmaxSumsToOne()
    {
        var logits = torch.tensor(new double[,] { { 0, Math.Log(3) } });
        logits.softmax(1).ShouldBe(0.25, 0.75);
        logits.log_softmax(1).ShouldBe(Math.Log(0.25), Math.Log(0.75));
        logits.softmax(1, torch.ScalarType.Float32).dtype.Should().Be(torch.ScalarType.Float32);
    }

    [Fact]
    public void CumsumAddsUpAlongADimension() => _matrix.cumsum(1).ShouldBe(1, 6, 9, 4, 2, 2);

    [Fact]
    public void NormIsEuclideanUnlessTold()
    {
        var vector = torch.tensor(new[] { 3.0, -4 });
        vector.norm().ShouldBe(5);
        vector.norm(1f).ShouldBe(7);
    }

    [Fact]
    public void SortsEitherWay()
    {
        var (ascending, from) = _matrix.sort(1);
        ascending.ShouldBe(1, 3, 5, -2, 0, 4);
        from.data<long>().ToArray().Should().Equal(0, 2, 1, 1, 2, 0);
        var (descending, _) = _matrix.sort(descending: true);
        descending.ShouldBe(5, 3, 1, 4, 0, -2);
    }

    [Fact]
    public void AStableSortKeepsTheOrderOfEqualElements()
    {
        const int Count = 1000;
        var (values, from) = torch.arange(Count).mul(0).sort(stable: true);
        values.sum().item<long>().Should().Be(0);
        from.data<long>().ToArray().Should().Equal(Enumerable.Range(0, Count).Select(i => (long)i));
    }

    [Fact]
    public void TopkPicksTheLargestOrSmallest()
    {
        var (largest, from) = _matrix.topk(2, 1);
        largest.ShouldBe(5, 3, 4, 0);
        from.data<long>().ToArray().Should().Equal(1, 2, 0, 2);
        var (smallest, _) = _matrix.topk(1, 1, largest: false);
        smallest.ShouldBe(1, -2);
    }
}
