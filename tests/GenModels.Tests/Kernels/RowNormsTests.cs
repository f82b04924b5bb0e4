using GenModels.Kernels;

namespace GenModels.Tests.Kernels;

public sealed unsafe class RowNormsTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(5, 7, 7)]
    [InlineData(5, 8, 11)]
    [InlineData(40, 784, 794)]
    public void Squared_norms_and_scaled_rows_are_those_of_their_first_columns(int rows, int columns, int step)
    {
        using var scope = torch.NewDisposeScope();
        var x = Arrays.Normal(rows * step, 1).view(rows, step);
        float[] factors = Arrays.Normal(rows, 2).Values(), norms = new float[rows];
        var scaled = torch.full([rows, step], float.NaN);
        RowNorms.Squared(TensorMemory.Pointer(x), columns, step, norms);
        RowNorms.Scale(TensorMemory.Pointer(x), columns, step, factors, TensorMemory.Pointer(scaled));

        var first = x.narrow(1, 0, columns);
        // Chains of an eighth of the columns, of terms of one sign.
        torch.tensor(norms).ShouldMatch(first.to(torch.float64).square().sum(1).to(torch.float32), columns / 16.0 + 1);
        scaled.narrow(1, 0, columns).Values().Should().Equal((first * torch.tensor(factors).view(-1, 1)).Values());
        scaled.narrow(1, columns, step - columns).Values().Should().NotContain(value => value != 0);
    }
}
