using System.Runtime.InteropServices;
using TorchSharp;

namespace SystemTorch.Tests;

/// <summary>Views, joins and picks over the numbers 0 to 5 in two rows.</summary>
public class ShapeTests : IDisposable
{
    private readonly DisposeScope _scope = torch.NewDisposeScope();
    private readonly torch.Tensor _matrix = torch.tensor(new double[,] { { 0, 1, 2 }, { 3, 4, 5 } });

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void TellsItsShape()
    {
        _matrix.shape.Should().Equal(2, 3);
        _matrix.size().Should().Equal(2, 3);
        _matrix.stride().Should().Equal(3, 1);
        _matrix.size(-1).Should().Be(3);
        _matrix.ndim.Should().Be(2);
        _matrix.dim().Should().Be(2);
        _matrix.numel().Should().Be(6);
        _matrix.NumberOfElements.Should().Be(6);
        _matrix.ElementSize.Should().Be(8);
        torch.tensor(1f).shape.Should().BeEmpty();
    }

    [Fact]
    public void ASizeOutOfRangeIsAnError() =>
        _matrix.Invoking(m => m.size(2)).Should().Throw<ExternalException>().WithMessage("Dimension out of range*but got 2*");

    [Fact]
    public void ReshapesToTheSameElements()
    {
        _matrix.reshape(3, -1).ShouldHaveShape(3, 2);
        _matrix.view(6).ShouldBe(0, 1, 2, 3, 4, 5);
        torch.zeros([2, 3, 4]).flatten().ShouldHaveShape(24);
        torch.zeros([2, 3, 4]).flatten(1).ShouldHaveShape(2, 12);
        torch.zeros([2, 3, 4]).flatten(0, 1).ShouldHaveShape(6, 4);
    }

    [Fact]
    public void AddsAndDropsDimensionsOfLengthOne()
    {
        _matrix.unsqueeze(1).ShouldHaveShape(2, 1, 3);
        _matrix.unsqueeze(-1).ShouldHaveShape(2, 3, 1);
        torch.zeros([1, 2, 1]).squeeze().ShouldHaveShape(2);
        torch.zeros([1, 2, 1]).squeeze(0).ShouldHaveShape(2, 1);
        torch.zeros([1, 2, 1]).squeeze(1).ShouldHaveShape(1, 2, 1);
        torch.tensor(new[] { 1f, 2 }).unsqueeze(0).expand(3, 2).ShouldBe(1, 2, 1, 2, 1, 2);
    }

    [Fact]
    public void PermutesDimensions()
    {
        _matrix.permute(1, 0).ShouldBe(0, 3, 1, 4, 2, 5);
        torch.zeros([2, 3, 4]).permute(2, 0, 1).ShouldHaveShape(4, 2, 3);
    }

    [Fact]
    public void PicksRowsColumnsAndElements()
    {
        _matrix.select(0, 1).ShouldBe(3, 4, 5);
        _matrix.select(1, -1).ShouldBe(2, 5);
        _matrix.narrow(1, 1, 2).ShouldBe(1, 2, 4, 5);
        _matrix.index_select(1, torch.tensor(new long[] { 2, 0 })).ShouldBe(2, 0, 5, 3);
        _matrix.gather(1, torch.tensor(new long[] { 2, 0, 1, 1 }, [2, 2])).ShouldBe(2, 0, 4, 4);
    }

    [Fact]
    public void ReplacesWhatAConditionMarks()
    {
        _matrix.masked_fill(_matrix.gt(2), -1).ShouldBe(0, 1, 2, -1, -1, -1);
        torch.where(_matrix.lt(2), _matrix, _matrix * 10).ShouldBe(0, 1, 20, 30, 40, 50);
    }

    [Fact]
    public void JoinsTensors()
    {
        torch.cat([_matrix, _matrix]).ShouldHaveShape(4, 3);
        torch.cat([_matrix, _matrix.narrow(1, 0, 1)], 1).ShouldBe(0, 1, 2, 0, 3, 4, 5, 3);
        torch.stack([_matrix, _matrix]).ShouldHaveShape(2, 2, 3);
        torch.stack([_matrix, _matrix], 2).ShouldHaveShape(2, 3, 2);
    }

    [Fact]
    public void JoinsHundredsOfTensors()
    {
        var parts = Enumerable.Range(0, 700).Select(i => torch.tensor(new double[] { i })).ToList();
        torch.cat(parts).ShouldBe([.. Enumerable.Range(0, 700)]);
    }

    [Fact]
    public void SplitsIntoPartsOfOneSize()
    {
        var parts = torch.arange(7).split(3);
        parts.Select(p => p.numel()).Should().Equal(3, 3, 1);
        parts[2].data<long>().ToArray().Should().Equal(6);
        _matrix.split(1, -1).Select(p => p.shape[1]).Should().Equal(1, 1, 1);
        _matrix.split(4, 0).Should().ContainSingle();
        torch.zeros([0, 2]).split(3).Should().ContainSingle().Which.ShouldHaveShape(0, 2);
    }

    [Fact]
    public void ViewsShareStorageAndCopiesDoNot()
    {
        var (alias, detached, row) = (_matrix.alias(), _matrix.detach(), _matrix.select(0, 0));
        var copy = _matrix.clone();
        _matrix.fill_(7);
        alias.ShouldBe(7, 7, 7, 7, 7, 7);
        detached.ShouldBe(7, 7, 7, 7, 7, 7);
        row.ShouldBe(7, 7, 7);
        copy.ShouldBe(0, 1, 2, 3, 4, 5);
    }

    [Fact]
    public void AnAliasOutlivesItsTensor()
    {
        torch.Tensor alias;
        using (var tensor = torch.tensor(new[] { 1f, 2 })) alias = tensor.alias();
        alias.ShouldBe(1, 2);
    }

    [Fact]
    public void ContiguousOrdersMemory()
    {
        var transposed = _matrix.t();
        transposed.is_contiguous().Should().BeFalse();
        var ordered = transposed.contiguous();
        ordered.is_contiguous().Should().BeTrue();
        ordered.stride().Should().Equal(2, 1);
        ordered.ShouldBe(0, 3, 1, 4, 2, 5);
    }
}
