using GenModels.Kernels;

namespace GenModels.Tests.Kernels;

public sealed unsafe class MaxoutTests
{
    // The last has enough units for more than one thread.
    [Theory]
    [InlineData(1, 2)]
    [InlineData(7, 5)]
    [InlineData(10_001, 3)]
    public void Units_are_the_greatest_of_their_pieces_and_send_their_gradient_back_to_it(int units, int pieces)
    {
        using var scope = torch.NewDisposeScope();
        var sums = Arrays.Normal(units * pieces, 1).view(units, pieces).requires_grad_();
        var gradient = Arrays.Normal(units, 2);
        var expected = sums.max(1).values;
        var expectedGradient = torch.autograd.grad([expected], [sums], [gradient])[0];

        var (y, chosen) = Forward(sums.detach());
        var sumsGradient = torch.full([units, pieces], float.NaN);
        fixed (int* index = chosen) Maxout.Backward(TensorMemory.Pointer(gradient), index, pieces, TensorMemory.Pointer(sumsGradient), units);
        y.Values().Should().Equal(expected.Values());
        sumsGradient.Values().Should().Equal(expectedGradient.Values());

        var others = Arrays.Normal(units * pieces, 3).view(units, pieces);
        var taken = torch.full([units], float.NaN);
        fixed (int* index = chosen) Maxout.Chosen(TensorMemory.Pointer(others), index, pieces, TensorMemory.Pointer(taken), units);
        taken.Values().Should().Equal(others.Values().Chunk(pieces).Zip(chosen, (unit, piece) => unit[piece]));
    }

    [Fact]
    public void The_first_of_equal_pieces_is_taken_and_NaN_goes_through_as_in_libtorch()
    {
        using var scope = torch.NewDisposeScope();
        const float nan = float.NaN, infinity = float.PositiveInfinity;
        float[] five = [0, -0f, 0, nan, 1, 2, 1, nan, nan, 2, infinity, infinity, -infinity, -infinity, -infinity];
        // Eight units go together, the rest one by one.
        var sums = torch.tensor([.. five, .. five]).view(10, 3);
        var (values, indexes) = sums.max(1);

        var (y, chosen) = Forward(sums);
        y.Values().Should().Equal(values.Values());
        chosen.Should().Equal(indexes.data<long>().Select(index => (int)index)).And.Equal(0, 0, 1, 1, 0, 0, 0, 1, 1, 0);
    }

    private static (torch.Tensor Y, int[] Chosen) Forward(torch.Tensor sums)
    {
        var (units, pieces) = (sums.shape[0], (int)sums.shape[1]);
        var (y, chosen) = (torch.full([units], float.NaN), new int[units]);
        fixed (int* index = chosen) Maxout.Forward(TensorMemory.Pointer(sums), pieces, TensorMemory.Pointer(y), index, units);
        return (y, chosen);
    }
}
