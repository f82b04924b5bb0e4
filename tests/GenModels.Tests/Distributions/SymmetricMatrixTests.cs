using GenModels.Distributions;
using GenModels.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace GenModels.Tests.Distributions;

public class SymmetricMatrixTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(40)]
    public void Square_roots_and_factors_give_the_matrix_back(int size)
    {
        var root = Matrix<double>.Build.Random(size, size + 2, seed: 3);
        var matrix = root * root.Transpose();
        double scale = matrix.InfinityNorm();

        using var scope = torch.NewDisposeScope();
        var half = SymmetricEigen.SquareRoot(torch.tensor(matrix.ToArray()));
        var squared = half.matmul(half) - torch.tensor(matrix.ToArray());
        squared.abs().max().item<double>().Should().BeLessThan(1e-13 * scale);
        torch.linalg.eigvalsh(half).min().item<double>().Should().BeGreaterThan(-1e-13 * scale);

        var factor = CholeskyFactor.Of(matrix.ToArray()) ?? throw new InvalidOperationException("There is no factor.");
        var expected = matrix.Cholesky().Factor;
        Enumerable.Range(0, size).Should().AllSatisfy(column => factor.Column(column).Should().Equal(
            expected.Column(column), (a, b) => Math.Abs(a - b) < 1e-12 * scale));
        (Matrix<double>.Build.DenseOfArray(factor.Inverse()) * expected - Matrix<double>.Build.DenseIdentity(size)).InfinityNorm().Should().BeLessThan(1e-9);
    }

    [Fact]
    public void Raising_changes_the_eigenvalues_below_and_no_other()
    {
        // Eigenvalues 3 and −1 with eigenvectors (1, 1) and (1, −1).
        double[,] raised = SymmetricEigen.Raise(new double[,] { { 1, 2 }, { 2, 1 } }, 0.5);
        raised.Cast<double>().Should().Equal([1.75, 1.25, 1.25, 1.75], (a, b) => Math.Abs(a - b) < 1e-15);
    }

    [Fact]
    public void A_matrix_that_is_not_positive_definite_has_no_factor()
    {
        CholeskyFactor.Of(new double[,] { { 1, 2 }, { 2, 1 } }).Should().BeNull();
        CholeskyFactor.Of(new double[,] { { 0 } }).Should().BeNull();
        CholeskyFactor.Of(new double[,] { { double.NaN } }).Should().BeNull();
    }
}
