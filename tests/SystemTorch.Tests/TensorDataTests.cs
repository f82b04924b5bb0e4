using System.Runtime.InteropServices;
using TorchSharp;

namespace SystemTorch.Tests;

/// <summary>Reading and writing elements from .NET.</summary>
public class TensorDataTests : IDisposable
{
    private readonly DisposeScope _scope = torch.NewDisposeScope();
    private readonly torch.Tensor _matrix = torch.tensor(new float[,] { { 1, 2, 3 }, { 4, 5, 6 } });

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void AnAccessorReadsInLogicalOrder()
    {
        _matrix.data<float>().ToArray().Should().Equal(1, 2, 3, 4, 5, 6);
        var transposed = _matrix.t().data<float>();
        transposed.ToArray().Should().Equal(1, 4, 2, 5, 3, 6);
        transposed.Should().Equal(1, 4, 2, 5, 3, 6);
        transposed.Count.Should().Be(6);
        _matrix.select(1, 1).data<float>().ToArray().Should().Equal(2, 5);
        torch.tensor(new[] { 1f, 2 }).unsqueeze(0).expand(2, 2).data<float>().ToArray().Should().Equal(1, 2, 1, 2);
        torch.tensor(3f).data<float>().ToArray().Should().Equal(3);
    }

    [Fact]
    public void AnAccessorAddressesElements()
    {
        var transposed = _matrix.t().data<float>();
        transposed[2, 1].Should().Be(6);
        transposed[1].Should().Be(4);
        _matrix.data<float>()[1, 0].Should().Be(4);
        transposed[2, 0] = 30;
        _matrix.ShouldBe(1, 2, 30, 4, 5, 6);
        FluentActions.Invoking(() => transposed[0, 2]).Should().Throw<IndexOutOfRangeException>();
        FluentActions.Invoking(() => transposed[6]).Should().Throw<IndexOutOfRangeException>();
    }

    [Fact]
    public void AnAccessorCopiesAPart()
    {
        float[] target = [9, 9, 9, 9];
        _matrix.data<float>().CopyTo(target, 1, 4);
        target.Should().Equal(9, 5, 6, 9);
    }

    [Fact]
    public void AnAccessorOfAnotherTypeIsAnError()
    {
        _matrix.Invoking(m => m.data<double>()).Should().Throw<ArgumentException>();
        _matrix.Invoking(m => m.data<long>()).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void ItemReadsASingleElement()
    {
        _matrix.select(0, 1).select(0, 2).item<float>().Should().Be(6);
        torch.tensor(new long[] { 7 }).item<long>().Should().Be(7);
        _matrix.sum().item<float>().Should().Be(21);
        _matrix.Invoking(m => m.item<float>()).Should().Throw<ArgumentException>();
        _matrix.sum().Invoking(m => m.item<double>()).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void BytesAreTheTensorsMemory()
    {
        var numbers = MemoryMarshal.Cast<byte, float>(_matrix.bytes);
        numbers.ToArray().Should().Equal(1, 2, 3, 4, 5, 6);
        numbers[4] = -1;
        _matrix.ShouldBe(1, 2, 3, 4, -1, 6);
        _matrix.select(0, 1).bytes.Length.Should().Be(3 * sizeof(float));
    }

    [Fact]
    public void BytesCanBeReplacedAtOnce()
    {
        float[] numbers = [6, 5, 4, 3, 2, 1];
        _matrix.bytes = MemoryMarshal.AsBytes(numbers.AsSpan());
        _matrix.ShouldBe(6, 5, 4, 3, 2, 1);
        FluentActions.Invoking(() => _matrix.bytes = new byte[3]).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void BytesOfScatteredMemoryAreAnError() =>
        FluentActions.Invoking(() => _matrix.t().bytes.Length).Should().Throw<Exception>().WithMessage("*non-contiguous*");

    [Fact]
    public void AnEmptyTensorHasNoElements()
    {
        var empty = torch.zeros([0, 3]);
        empty.numel().Should().Be(0);
        empty.bytes.Length.Should().Be(0);
        empty.sum().item<float>().Should().Be(0);
    }
}
