using TorchSharp;

namespace SystemTorch.Tests;

/// <summary>Operators on two tensors, or a tensor and a number of any type on either side.</summary>
public class ArithmeticTests
{
    public static TheoryData<string, Func<torch.Tensor, torch.Tensor, torch.Tensor>, double[]> OfTwoTensors => new()
    {
        { "+", (a, b) => a + b, [3, 8, -1.5] },
        { "add", (a, b) => a.add(b), [3, 8, -1.5] },
        { "add alpha", (a, b) => a.add(b, 0.5), [2, 6, -1.75] },
        { "-", (a, b) => a - b, [-1, 0, -2.5] },
        { "sub", (a, b) => a.sub(b), [-1, 0, -2.5] },
        { "*", (a, b) => a * b, [2, 16, -1] },
        { "mul", (a, b) => a.mul(b), [2, 16, -1] },
        { "/", (a, b) => a / b, [0.5, 1, -4] },
        { "pow", (a, b) => a.abs().pow(b), [1, 256, Math.Sqrt(2)] },
        { "maximum", (a, b) => a.maximum(b), [2, 4, 0.5] },
        { "torch.maximum", torch.maximum, [2, 4, 0.5] },
        { "minimum", (a, b) => a.minimum(b), [1, 4, -2] },
        { "torch.minimum", torch.minimum, [1, 4, -2] },
    };

    public static TheoryData<string, Func<torch.Tensor, torch.Tensor>, double[]> WithANumber => new()
    {
        { "t + 2", t => t + 2, [3, 6, 0] },
        { "t + 2L", t => t + 2L, [3, 6, 0] },
        { "t + 2f", t => t + 2f, [3, 6, 0] },
        { "t + 0.5", t => t + 0.5, [1.5, 4.5, -1.5] },
        { "2 + t", t => 2 + t, [3, 6, 0] },
        { "0.5 + t", t => 0.5 + t, [1.5, 4.5, -1.5] },
        { "t - 2", t => t - 2, [-1, 2, -4] },
        { "t - 0.5", t => t - 0.5, [0.5, 3.5, -2.5] },
        { "2 - t", t => 2 - t, [1, -2, 4] },
        { "0.5 - t", t => 0.5 - t, [-0.5, -3.5, 2.5] },
        { "t * 2", t => t * 2, [2, 8, -4] },
        { "t * 0.5f", t => t * 0.5f, [0.5, 2, -1] },
        { "0.5 * t", t => 0.5 * t, [0.5, 2, -1] },
        { "3 * t", t => 3 * t, [3, 12, -6] },
        { "t / 2", t => t / 2, [0.5, 2, -1] },
        { "t / 0.5", t => t / 0.5, [2, 8, -4] },
        { "1 / t", t => 1 / t, [1, 0.25, -0.5] },
        { "2.0 / t", t => 2.0 / t, [2, 0.5, -1] },
        { "add(1)", t => t.add(1), [2, 5, -1] },
        { "sub(1)", t => t.sub(1), [0, 3, -3] },
        { "mul(3)", t => t.mul(3), [3, 12, -6] },
    };

    public static TheoryData<string, Func<torch.Tensor, torch.Tensor, torch.Tensor>, bool[]> Comparisons => new()
    {
        { "eq", (a, b) => a.eq(b), [false, true, false] },
        { "ne", (a, b) => a.ne(b), [true, false, true] },
        { "gt", (a, b) => a.gt(b), [false, false, true] },
        { "ge", (a, b) => a.ge(b), [false, true, true] },
        { "lt", (a, b) => a.lt(b), [true, false, false] },
        { "le", (a, b) => a.le(b), [true, true, false] },
    };

    public static TheoryData<string, Func<torch.Tensor, torch.Tensor>, bool[]> ComparisonsWithTwo => new()
    {
        { "eq", a => a.eq(2), [false, true, false] },
        { "ne", a => a.ne(2), [true, false, true] },
        { "gt", a => a.gt(2), [false, false, true] },
        { "ge", a => a.ge(2), [false, true, true] },
        { "lt", a => a.lt(2), [true, false, false] },
        { "le", a => a.le(2), [true, true, false] },
    };

    [Theory]
    [MemberData(nameof(OfTwoTensors))]
    public void CombinesElements(string name, Func<torch.Tensor, torch.Tensor, torch.Tensor> combine, double[] expected)
    {
        using var scope = torch.NewDisposeScope();
        var result = combine(torch.tensor(new[] { 1.0, 4, -2 }), torch.tensor(new[] { 2.0, 4, 0.5 }));
        result.dtype.Should().Be(torch.ScalarType.Float64, name);
        result.ShouldBe(expected);
    }

    [Theory]
    [MemberData(nameof(WithANumber))]
    public void TakesNumbersOnEitherSide(string name, Func<torch.Tensor, torch.Tensor> combine, double[] expected)
    {
        using var scope = torch.NewDisposeScope();
        var tensor = torch.tensor(new[] { 1f, 4, -2 });
        var result = combine(tensor);
        result.dtype.Should().Be(torch.ScalarType.Float32, "{0} keeps the tensor's type", name);
        result.ShouldBe(expected);
        tensor.ShouldBe(1, 4, -2);
    }

    [Theory]
    [MemberData(nameof(Comparisons))]
    public void ComparesElements(string name, Func<torch.Tensor, torch.Tensor, torch.Tensor> compare, bool[] expected)
    {
        using var scope = torch.NewDisposeScope();
        compare(torch.tensor(new[] { 1f, 2, 3 }), torch.tensor(new[] { 2f, 2, 2 })).data<bool>().ToArray().Should().Equal(expected, name);
    }

    [Theory]
    [MemberData(nameof(ComparisonsWithTwo))]
    public void ComparesWithANumber(string name, Func<torch.Tensor, torch.Tensor> compare, bool[] expected)
    {
        using var scope = torch.NewDisposeScope();
        compare(torch.tensor(new[] { 1f, 2, 3 })).data<bool>().ToArray().Should().Equal(expected, name);
    }

    [Fact]
    public void AnIntegerTensorAndAFractionMakeFloats()
    {
        using var scope = torch.NewDisposeScope();
        var integers = torch.tensor(new long[] { 1, 2 });
        (integers * 2).dtype.Should().Be(torch.ScalarType.Int64);
        (integers * 2.5).dtype.Should().Be(torch.ScalarType.Float32);
        (integers * 2.5).ShouldBe(2.5, 5);
        (integers / 2).ShouldBe(0.5, 1);
        (1 / integers).ShouldBe(1, 0.5);
    }

    [Fact]
    public void ShapesAreBroadcast()
    {
        using var scope = torch.NewDisposeScope();
        var sum = torch.tensor(new[] { 10.0, 20 }, [2, 1]) + torch.tensor(new[] { 1.0, 2, 3 });
        sum.ShouldHaveShape(2, 3);
        sum.ShouldBe(11, 12, 13, 21, 22, 23);
    }

    [Fact]
    public void TheReciprocalCanBeDifferentiated()
    {
        using var scope = torch.NewDisposeScope();
        var x = torch.tensor(new[] { 2.0, -4 }, requires_grad: true);
        torch.autograd.grad([(3 / x).sum()], [x])[0].ShouldBe(-0.75, -3.0 / 16);
        torch.autograd.grad([(3 - x).sum()], [x])[0].ShouldBe(-1, -1);
    }

    [Fact]
    public void AllcloseUsesBothTolerances()
    {
        using var scope = torch.NewDisposeScope();
        var (a, b) = (torch.tensor(new[] { 100.0 }), torch.tensor(new[] { 100.5 }));
        a.allclose(b).Should().BeFalse();
        a.allclose(b, rtol: 0.01).Should().BeTrue();
        a.allclose(b, rtol: 0, atol: 0.6).Should().BeTrue();
        var nothing = torch.tensor(new[] { double.NaN });
        nothing.allclose(nothing).Should().BeFalse();
        nothing.allclose(nothing, equal_nan: true).Should().BeTrue();
    }
}
