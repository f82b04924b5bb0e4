using System.Runtime.InteropServices;
using TorchSharp;

namespace SystemTorch.Tests;

/// <summary>What libtorch throws arrives with its message, and the process lives on.</summary>
public class ErrorTests : IDisposable
{
    private readonly DisposeScope _scope = torch.NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void ShapesThatDoNotFitAreTold()
    {
        var matrix = torch.ones(2, 3);
        matrix.Invoking(m => m.mm(m)).Should().Throw<ExternalException>().WithMessage("*mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)*");
        matrix.Invoking(m => m.reshape(4)).Should().Throw<ExternalException>().WithMessage("*shape*invalid for input of size 6*");
        matrix.mm(matrix.t()).ShouldBe(3, 3, 3, 3);
    }

    [Fact]
    public void EveryKindOfCallReportsItsError()
    {
        var matrix = torch.ones(2, 3);
        matrix.Invoking(m => m.add_(torch.ones(4))).Should().Throw<ExternalException>();
        matrix.Invoking(m => m.max(5)).Should().Throw<ExternalException>();
        matrix.Invoking(m => m.split(2, 5)).Should().Throw<ExternalException>();
        matrix.Invoking(m => m.allclose(torch.ones(7))).Should().Throw<ExternalException>();
        FluentActions.Invoking(() => torch.cat([matrix, torch.ones(1)])).Should().Throw<ExternalException>();
        FluentActions.Invoking(() => torch.zeros([-1])).Should().Throw<ExternalException>();
        FluentActions.Invoking(() => torch.autograd.backward(matrix)).Should().Throw<ExternalException>();
        matrix.sum().item<float>().Should().Be(6);
    }

    [Fact]
    public void AHundredErrorsLeaveNothingBehind()
    {
        var matrix = torch.ones(2, 3);
        long before = torch.Tensor.TotalCount;
        for (int i = 0; i < 100; i++) matrix.Invoking(m => m.mm(m)).Should().Throw<ExternalException>();
        torch.Tensor.TotalCount.Should().BeLessThanOrEqualTo(before, "a tensor that was forgotten earlier may be freed meanwhile");
    }

    [Fact]
    public void ErrorsBelongToTheirThread()
    {
        var messages = new string[2];
        void Fail(int rows)
        {
            using var scope = torch.NewDisposeScope();
            var matrix = torch.ones(rows, 9);
            for (int i = 0; i < 50; i++)
            {
                try { matrix.mm(matrix); }
                catch (ExternalException e) { messages[rows - 2] = e.Message; }
                if (!messages[rows - 2].Contains($"({rows}x9 and {rows}x9)")) return;
            }
        }
        var threads = Array.ConvertAll([2, 3], rows => new Thread(() => Fail(rows)));
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        messages[0].Should().Contain("(2x9 and 2x9)");
        messages[1].Should().Contain("(3x9 and 3x9)");
    }
}
