using TorchSharp;
using static TorchSharp.torch;

namespace SystemTorch.Tests;

public class FactoryTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void FillsWithZerosOrOnes()
    {
        zeros([2, 2]).ShouldBe(0, 0, 0, 0);
        zeros(3).ShouldBe(0, 0, 0);
        zeros(1, 2).ShouldHaveShape(1, 2);
        ones([1, 3]).ShouldBe(1, 1, 1);
        ones(2).ShouldBe(1, 1);
        ones(2, 1).ShouldHaveShape(2, 1);
        zeros([2]).dtype.Should().Be(ScalarType.Float32);
        zeros([2], ScalarType.Int64).dtype.Should().Be(ScalarType.Int64);
        empty([4, 5]).ShouldHaveShape(4, 5);
        empty(4).ShouldHaveShape(4);
        empty(4, 2).ShouldHaveShape(4, 2);
    }

    [Fact]
    public void TakesShapeAndTypeFromATensor()
    {
        var model = tensor(new double[,] { { 1, 2, 3 } });
        zeros_like(model).ShouldBe(0, 0, 0);
        zeros_like(model).dtype.Should().Be(ScalarType.Float64);
        ones_like(model).ShouldBe(1, 1, 1);
        ones_like(model, ScalarType.Float32).dtype.Should().Be(ScalarType.Float32);
        empty_like(model).ShouldHaveShape(1, 3);
    }

    [Fact]
    public void FullTakesItsTypeFromTheValue()
    {
        full([2], 2.5).dtype.Should().Be(ScalarType.Float32);
        full([2], 2.5).ShouldBe(2.5, 2.5);
        full([2], 3).dtype.Should().Be(ScalarType.Int64);
        full([2], 3, ScalarType.Float64).ShouldBe(3, 3);
    }

    [Fact]
    public void CountsAndDivides()
    {
        arange(3).data<long>().ToArray().Should().Equal(0, 1, 2);
        arange(2, 5).data<long>().ToArray().Should().Equal(2, 3, 4);
        arange(2.5).dtype.Should().Be(ScalarType.Float32);
        arange(3, ScalarType.Float64).ShouldBe(0, 1, 2);
        linspace(-1, 1, 5).ShouldBe(-1, -0.5, 0, 0.5, 1);
    }

    [Fact]
    public void EyeHasOnesOnItsDiagonal()
    {
        eye(2).ShouldBe(1, 0, 0, 1);
        eye(2, 3).ShouldBe(1, 0, 0, 0, 1, 0);
    }

    [Fact]
    public void CopiesArraysOfEveryType()
    {
        tensor(new[] { 1.5f, 2 }).dtype.Should().Be(ScalarType.Float32);
        tensor(new[] { 1.5, 2 }).dtype.Should().Be(ScalarType.Float64);
        tensor(new long[] { 1, 2 }).dtype.Should().Be(ScalarType.Int64);
        tensor(new byte[] { 1, 255 }).dtype.Should().Be(ScalarType.Byte);
        tensor(new byte[] { 1, 255 }).ShouldBe(1, 255);
        tensor(new[] { true, false }).dtype.Should().Be(ScalarType.Bool);
        tensor(new float[,] { { 1, 2 }, { 3, 4 } }).ShouldBe(1, 2, 3, 4);
        tensor(new double[,] { { 1, 2, 3 } }).ShouldHaveShape(1, 3);
        tensor(2.5f).item<float>().Should().Be(2.5f);
        tensor(2.5).item<double>().Should().Be(2.5);
        tensor(2.5, ScalarType.Float32).dtype.Should().Be(ScalarType.Float32);
    }

    [Fact]
    public void ArraysTakeShapesAndTypes()
    {
        tensor(new[] { 1f, 2, 3, 4 }, [2, 2]).ShouldHaveShape(2, 2);
        tensor(new double[] { 1, 2 }, [2, 1]).ShouldHaveShape(2, 1);
        tensor(new long[] { 1, 2 }, [1, 2]).ShouldHaveShape(1, 2);
        tensor(new byte[] { 1, 2 }, [1, 2]).ShouldHaveShape(1, 2);
        tensor(new[] { true, false }, [1, 2]).ShouldHaveShape(1, 2);
        tensor(new[] { 1.9, -1.9 }, ScalarType.Int64).data<long>().ToArray().Should().Equal(1, -1);
        tensor(new[] { 1f, 2 }, requires_grad: true).requires_grad.Should().BeTrue();
    }

    [Fact]
    public void AnArrayIsCopied()
    {
        float[] array = [1, 2];
        var copy = tensor(array);
        array[0] = 9;
        copy.ShouldBe(1, 2);
    }

    [Fact]
    public void AShapeThatDoesNotFitTheArrayIsAnError() =>
        FluentActions.Invoking(() => tensor(new[] { 1f, 2, 3 }, [2, 2])).Should().Throw<ArgumentException>();

    [Fact]
    public void ConvertsBetweenTypes()
    {
        var fractions = tensor(new[] { -1.7, 0, 2.2 });
        fractions.to(ScalarType.Int64).data<long>().ToArray().Should().Equal(-1, 0, 2);
        fractions.to(ScalarType.Bool).data<bool>().ToArray().Should().Equal(true, false, true);
        fractions.to(ScalarType.Float32).data<float>().ToArray().Should().Equal(-1.7f, 0, 2.2f);
        tensor(new byte[] { 200 }).to(ScalarType.Float32).ShouldBe(200);
        tensor(new long[] { 300 }).to(ScalarType.Int32).data<int>().ToArray().Should().Equal(300);
        fractions.is_floating_point().Should().BeTrue();
        tensor(new long[] { 1 }).is_floating_point().Should().BeFalse();
    }

    [Fact]
    public void TensorsLiveOnTheCpu()
    {
        var made = ones([1]);
        made.device_type.Should().Be(DeviceType.CPU);
        made.device.type.Should().Be(DeviceType.CPU);
        made.to(CPU).ShouldBe(1);
        made.cpu().ShouldBe(1);
        device("cpu").type.Should().Be(DeviceType.CPU);
        ones([1], device: device(DeviceType.CPU)).ShouldBe(1);
    }

    [Fact]
    public void RandomFactoriesFillTheShapeAskedFor()
    {
        using var generator = new Generator(1);
        rand([2, 3], generator: generator).ShouldHaveShape(2, 3);
        rand(4, generator: generator).ShouldHaveShape(4);
        rand(4, 2, generator: generator).ShouldHaveShape(4, 2);
        randn([2, 3], generator: generator).ShouldHaveShape(2, 3);
        randn(4, generator: generator).ShouldHaveShape(4);
        randn(4, 2, ScalarType.Float64, generator: generator).dtype.Should().Be(ScalarType.Float64);
    }
}
