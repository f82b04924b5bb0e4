using TorchSharp;

namespace SystemTorch.Tests;

/// <summary>Operators that change their tensor: it has the values, and so has what they return.</summary>
public class InPlaceTests
{
    public static TheoryData<string, Func<torch.Tensor, torch.Tensor>, double[]> Changes => new()
    {
        { "exp_", t => t.exp_(), [Math.E, Math.Exp(4)] },
        { "log_", t => t.log_(), [0, Math.Log(4)] },
        { "sqrt_", t => t.sqrt_(), [1, 2] },
        { "sigmoid_", t => t.sigmoid_(), [1 / (1 + Math.Exp(-1)), 1 / (1 + Math.Exp(-4))] },
        { "tanh_", t => t.tanh_(), [Math.Tanh(1), Math.Tanh(4)] },
        { "zero_", t => t.zero_(), [0, 0] },
        { "fill_", t => t.fill_(2.5), [2.5, 2.5] },
        { "add_", t => t.add_(torch.tensor(new[] { 2.0, 3 })), [3, 7] },
        { "add_ number", t => t.add_(1), [2, 5] },
        { "add_ alpha", t => t.add_(torch.tensor(new[] { 2.0, 3 }), 2), [5, 10] },
        { "sub_", t => t.sub_(torch.tensor(new[] { 2.0, 3 })), [-1, 1] },
        { "sub_ number", t => t.sub_(0.5), [0.5, 3.5] },
        { "mul_", t => t.mul_(torch.tensor(new[] { 2.0, 3 })), [2, 12] },
        { "mul_ number", t => t.mul_(3), [3, 12] },
        { "clamp_", t => t.clamp_(2, 3), [2, 3] },
        { "copy_", t => t.copy_(torch.tensor(new[] { 7f, 8 })), [7, 8] },
        { "addcmul_", t => t.addcmul_(torch.tensor(new[] { 2.0, 3 }), torch.tensor(new[] { 5.0, 7 }), 0.5), [6, 14.5] },
        { "addcdiv_", t => t.addcdiv_(torch.tensor(new[] { 2.0, 3 }), torch.tensor(new[] { 4.0, 2 }), 2), [2, 7] },
        { "sub_ then relu_", t => t.sub_(2).relu_(), [0, 2] },
        { "functional.relu", t => torch.nn.functional.relu(t.sub_(2), inplace: true), [0, 2] },
        { "functional.leaky_relu", t => torch.nn.functional.leaky_relu(t.sub_(2), 0.5, inplace: true), [-0.5, 2] },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void ChangesTheTensorAndReturnsItsValues(string name, Func<torch.Tensor, torch.Tensor> change, double[] expected)
    {
        using var scope = torch.NewDisposeScope();
        var tensor = torch.tensor(new[] { 1.0, 4 });
        var returned = change(tensor);
        tensor.ShouldBe(expected);
        returned.ShouldBe(expected);

        tensor.fill_(9);
        returned.Numbers().Should().Equal([9, 9], "{0} returns the same storage", name);
    }

    [Fact]
    public void AddmmAccumulatesAProduct()
    {
        using var scope = torch.NewDisposeScope();
        var (a, b) = (torch.tensor(new double[,] { { 1, 2 } }), torch.tensor(new double[,] { { 3 }, { 4 } }));
        var sum = torch.tensor(new double[,] { { 10 } });
        sum.addmm_(a, b);
        sum.ShouldBe(21);
        sum.addmm_(a, b, 0.5f, 2);
        sum.ShouldBe(32.5);
    }

    [Fact]
    public void ALeafThatNeedsAGradientRefuses()
    {
        using var scope = torch.NewDisposeScope();
        var leaf = torch.ones([2], requires_grad: true);
        leaf.Invoking(t => t.add_(1)).Should().Throw<System.Runtime.InteropServices.ExternalException>().WithMessage("*leaf Variable*in-place*");
    }
}
