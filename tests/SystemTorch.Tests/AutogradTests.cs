using System.Runtime.InteropServices;
using TorchSharp;

namespace SystemTorch.Tests;

public class AutogradTests : IDisposable
{
    private readonly DisposeScope _scope = torch.NewDisposeScope();
    private readonly torch.Tensor _x = torch.tensor(new[] { 1.0, -2, 3 }, requires_grad: true);
    private readonly torch.Tensor _y = torch.tensor(new[] { 4.0, 5, 6 }, requires_grad: true);

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void DifferentiatesASum()
    {
        var gradients = torch.autograd.grad([(_x * _x * _y).sum()], [_x, _y]);
        gradients[0].ShouldBe(8, -20, 36);
        gradients[1].ShouldBe(1, 4, 9);
    }

    [Fact]
    public void StartsFromGivenGradients() =>
        torch.autograd.grad([_x.square(), _y * 2], [_x, _y], [torch.tensor(new[] { 1.0, 10, 0 }), torch.ones_like(_y)])
            .Select(g => g.Numbers()).Should().SatisfyRespectively(
                g => g.Should().Equal(2, -40, 0),
                g => g.Should().Equal(2, 2, 2));

    [Fact]
    public void AnUnusedInputHasAnEmptyGradient()
    {
        var gradients = torch.autograd.grad([_x.sum()], [_x, _y], allow_unused: true);
        gradients[0].ShouldBe(1, 1, 1);
        gradients[1].IsInvalid.Should().BeTrue();
    }

    [Fact]
    public void DifferentiatesTwice()
    {
        var first = torch.autograd.grad([_x.pow(3).sum()], [_x], create_graph: true)[0];
        first.requires_grad.Should().BeTrue();
        torch.autograd.grad([first.sum()], [_x])[0].ShouldBe(6, -12, 18);
    }

    [Fact]
    public void KeepsTheGraphOnlyWhenAsked()
    {
        var output = _x.square().sum();
        torch.autograd.grad([output], [_x], retain_graph: true);
        torch.autograd.grad([output], [_x])[0].ShouldBe(2, -4, 6);
        FluentActions.Invoking(() => torch.autograd.backward(output)).Should().Throw<ExternalException>().WithMessage("*second time*");
    }

    [Fact]
    public void BackwardAddsToTheLeavesGradients()
    {
        torch.autograd.backward(_x.square().sum());
        GradientOf(_x).ShouldBe(2, -4, 6);
        torch.autograd.backward([_x * 2], [torch.tensor(new[] { 1.0, 2, 3 })]);
        GradientOf(_x).ShouldBe(4, 0, 12);
        GradientOf(_y).Should().BeNull();
    }

    [Fact]
    public void BackwardStopsAtTheInputsNamed()
    {
        torch.autograd.backward([(_x * _y).sum()], inputs: [_y]);
        GradientOf(_x).Should().BeNull();
        GradientOf(_y).ShouldBe(1, -2, 3);
    }

    [Fact]
    public void TheTensorsOwnBackwardIsTheSame()
    {
        (_x * _y).sum().backward();
        GradientOf(_x).ShouldBe(4, 5, 6);
    }

    [Fact]
    public void KnowsLeavesAndWhatNeedsGradients()
    {
        var sum = _x + 1;
        (_x.is_leaf, _x.requires_grad).Should().Be((true, true));
        (sum.is_leaf, sum.requires_grad).Should().Be((false, true));
        sum.detach().requires_grad.Should().BeFalse();
        var plain = torch.ones([2]);
        plain.requires_grad.Should().BeFalse();
        plain.requires_grad_().requires_grad.Should().BeTrue();
        plain.requires_grad = false;
        plain.requires_grad.Should().BeFalse();
        plain.with_requires_grad().requires_grad.Should().BeTrue();
    }

    [Fact]
    public void IntegersCannotNeedGradients() =>
        FluentActions.Invoking(() => torch.arange(3).requires_grad_()).Should().Throw<ExternalException>().WithMessage("*floating point*");

    [Fact]
    public void NothingIsRecordedInNoGrad()
    {
        using (torch.no_grad())
        {
            torch.is_grad_enabled().Should().BeFalse();
            _x.square().requires_grad.Should().BeFalse();
            using (torch.enable_grad()) _x.square().requires_grad.Should().BeTrue();
            torch.is_grad_enabled().Should().BeFalse();
        }
        torch.is_grad_enabled().Should().BeTrue();
        using (torch.set_grad_enabled(false)) torch.is_grad_enabled().Should().BeFalse();
        _x.square().requires_grad.Should().BeTrue();
    }

    [Fact]
    public void InferenceModeRecordsNothingAndCanBeLeftForAWhile()
    {
        using (torch.inference_mode())
        {
            torch.is_inference_mode_enabled().Should().BeTrue();
            using (torch.enable_grad()) _x.square().requires_grad.Should().BeFalse("enabling gradients does not leave inference mode");
            using (torch.inference_mode(false)) _x.square().requires_grad.Should().BeTrue();
            torch.is_inference_mode_enabled().Should().BeTrue();
        }
        torch.is_inference_mode_enabled().Should().BeFalse();
        _x.square().requires_grad.Should().BeTrue();
    }

    // TorchSharp has made the method `grad()` a property since.
    private static torch.Tensor? GradientOf(torch.Tensor leaf)
    {
        var type = typeof(torch.Tensor);
        return (torch.Tensor?)(type.GetProperty("grad")?.GetValue(leaf) ?? type.GetMethod("grad", [])?.Invoke(leaf, []));
    }
}
