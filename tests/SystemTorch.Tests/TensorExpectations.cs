using TorchSharp;

namespace SystemTorch.Tests;

/// <summary>Compares tensors with numbers.</summary>
internal static class TensorExpectations
{
    public static double[] Numbers(this torch.Tensor tensor)
    {
        using var scope = torch.NewDisposeScope();
        return tensor.to(torch.ScalarType.Float64).data<double>().ToArray();
    }

    /// <summary>Holds when the numbers agree to eight units in the last place of the tensor's type.</summary>
    public static void ShouldBe(this torch.Tensor? tensor, params double[] expected)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        double precision = tensor.dtype == torch.ScalarType.Float32 ? MathF.BitIncrement(1) - 1 : Math.BitIncrement(1) - 1;
        double[] actual = tensor.Numbers();
        actual.Should().HaveSameCount(expected);
        for (int i = 0; i < expected.Length; i++)
        {
            if (!double.IsFinite(expected[i])) actual[i].Should().Be(expected[i]);
            else actual[i].Should().BeApproximately(expected[i], 8 * precision * Math.Max(1, Math.Abs(expected[i])), "element {0} should be so", i);
        }
    }

    public static void ShouldHaveShape(this torch.Tensor tensor, params long[] expected) => tensor.shape.Should().Equal(expected);
}
