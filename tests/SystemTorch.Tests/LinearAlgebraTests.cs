using TorchSharp;

namespace SystemTorch.Tests;

public class LinearAlgebraTests : IDisposable
{
    private readonly DisposeScope _scope = torch.NewDisposeScope();
    private readonly torch.Tensor _left = torch.tensor(new double[,] { { 1, 2 }, { 3, 4 } });
    private readonly torch.Tensor _right = torch.tensor(new double[,] { { 0, 1 }, { -1, 5 } });
    private readonly double[] _product = [-2, 11, -4, 23];

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void MultipliesMatrices()
    {
        _left.mm(_right).ShouldBe(_product);
        _left.matmul(_right).ShouldBe(_product);
        torch.mm(_left, _right).ShouldBe(_product);
        torch.matmul(_left, _right).ShouldBe(_product);
    }

    [Fact]
    public void MatmulTakesBatchesAndVectors()
    {
        var batch = torch.stack([_left, _right]);
        batch.matmul(_right).ShouldBe([.. _product, -1, 5, -5, 24]);
        _left.matmul(torch.tensor(new double[] { 1, -1 })).ShouldBe(-1, -1);
    }

    [Fact]
    public void AddmmScalesBothTerms()
    {
        var start = torch.ones([2, 2], torch.ScalarType.Float64);
        start.addmm(_left, _right).ShouldBe(-1, 12, -3, 24);
        torch.addmm(start, _left, _right, 3, 2).ShouldBe(-1, 25, -5, 49);
    }

    [Fact]
    public void EigenvaluesOfASymmetricMatrixRiseAndReadTheLowerTriangle()
    {
        var matrix = torch.tensor(new double[,] { { 1, 99 }, { 2, 1 } });
        var (values, vectors) = torch.linalg.eigh(matrix);
        values.allclose(torch.tensor(new double[] { -1, 3 })).Should().BeTrue();
        torch.linalg.eigvalsh(matrix).allclose(values).Should().BeTrue();
        var restored = (vectors * values).matmul(vectors.t());
        restored.allclose(torch.tensor(new double[,] { { 1, 2 }, { 2, 1 } })).Should().BeTrue();
    }

    [Fact]
    public void DotSumsProducts() =>
        torch.tensor(new double[] { 1, 2, 3 }).dot(torch.tensor(new double[] { 4, -5, 6 })).ShouldBe(12);

    [Fact]
    public void LinearMultipliesByTheTransposedWeights()
    {
        var weights = torch.tensor(new double[,] { { 1, 0 }, { 2, -1 }, { 0, 3 } });
        torch.nn.functional.linear(_left, weights).ShouldBe(1, 0, 6, 3, 2, 12);
        torch.nn.functional.linear(_left, weights, torch.tensor(new double[] { 10, 20, 30 })).ShouldBe(11, 20, 36, 13, 22, 42);
    }

    [Fact]
    public void TransposesTwoDimensions()
    {
        _left.t().ShouldBe(1, 3, 2, 4);
        _left.T.ShouldBe(1, 3, 2, 4);
        torch.zeros([2, 3, 4]).transpose(0, 2).ShouldHaveShape(4, 3, 2);
        torch.zeros([2, 3, 4]).T.ShouldHaveShape(4, 3, 2);
        torch.arange(3).T.ShouldHaveShape(3);
    }
}
