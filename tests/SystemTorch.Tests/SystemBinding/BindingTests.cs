using System.Reflection;
using System.Runtime.InteropServices;
using TorchSharp;

namespace SystemTorch.Tests.SystemBinding;

public class BindingTests
{
    public static TheoryData<string> OperatorNames => new(Operators.Select(f => f.Name));

    private static IEnumerable<FieldInfo> Operators => typeof(Ops).GetFields(BindingFlags.Public | BindingFlags.Static);

    [Theory]
    [MemberData(nameof(OperatorNames))]
    public void LibtorchHasTheOperator(string name)
    {
        var handle = typeof(Operator).GetProperty("Handle", BindingFlags.NonPublic | BindingFlags.Instance);
        handle.Should().NotBeNull();
        var found = handle?.GetValue(Operators.Single(f => f.Name == name).GetValue(null));
        found.Should().BeOfType<nint>().Which.Should().NotBe(0);
    }

    [Fact]
    public void AnOperatorThatLibtorchLacksIsAnError() =>
        FluentActions.Invoking(() => new Operator("no_such_operator").Call(1)).Should().Throw<ExternalException>().WithMessage("*aten::no_such_operator*");

    [Fact]
    public void WhatATensorCannotTellIsAnError()
    {
        using var scope = torch.NewDisposeScope();
        // A sparse matrix has no strides, and libtorch throws where it is asked for them.
        var sparse = new Operator("to_sparse_csr").Call(torch.eye(3));
        sparse.shape.Should().Equal(3, 3);
        sparse.Invoking(s => s.stride()).Should().Throw<ExternalException>().WithMessage("*strides*");
    }

    // TorchSharp lets this one end the process.
    [Fact]
    public void AnUnusedInputIsAnErrorUnlessAllowed()
    {
        using var scope = torch.NewDisposeScope();
        var (x, y) = (torch.ones([1], requires_grad: true), torch.ones([1], requires_grad: true));
        FluentActions.Invoking(() => torch.autograd.grad([x.sum()], [x, y])).Should().Throw<ExternalException>().WithMessage("*not have been used*");
    }

    [Fact]
    public void GradientsCanBeSetAndCleared()
    {
        using var layer = torch.nn.Linear(2, 1);
        using var scope = torch.NewDisposeScope();
        torch.autograd.backward(layer.call(torch.ones([1, 2])).sum());
        layer.weight.grad.Should().NotBeNull();
        layer.zero_grad(set_to_none: false);
        layer.weight.grad.ShouldBe(0, 0);
        layer.weight.grad = torch.ones([1, 2]);
        layer.weight.grad.ShouldBe(1, 1);
        layer.zero_grad();
        layer.weight.grad.Should().BeNull();
    }

    [Fact]
    public void ScopesMayEndOutOfOrder()
    {
        var outer = torch.NewDisposeScope();
        var inner = torch.NewDisposeScope();
        var tensor = torch.ones([1]);
        outer.Dispose();
        inner.Contains(tensor).Should().BeTrue();
        tensor.MoveToOuterDisposeScope().IsInvalid.Should().BeFalse();
        inner.Dispose();
        tensor.IsInvalid.Should().BeFalse();
        tensor.Dispose();
        outer.Invoking(s => s.DisposablesCount).Should().Throw<ObjectDisposedException>();
    }

    // TorchSharp counts a parameter twice.
    [Fact]
    public void AParameterIsOneTensorFromItsMakingToItsEnd()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long before = torch.Tensor.TotalCount;
        var parameter = torch.nn.Parameter(torch.ones([3]));
        torch.Tensor.TotalCount.Should().Be(before + 1);
        parameter.Dispose();
        torch.Tensor.TotalCount.Should().Be(before);
    }

    [Fact]
    public void AScopeTakesTensorsIn()
    {
        using var outer = torch.NewDisposeScope();
        var tensor = torch.ones([1]);
        using (var inner = torch.NewDisposeScope())
        {
            inner.Attach(tensor);
            outer.Contains(tensor).Should().BeFalse();
        }
        tensor.IsInvalid.Should().BeTrue();
    }

    [Fact]
    public void PrivateFieldsOfBaseClassesAreRegistered()
    {
        using var module = new Derived();
        module.named_parameters().Select(p => p.name).Should().Equal("_below", "_above");
    }

    private abstract class Base() : torch.nn.Module<torch.Tensor, torch.Tensor>("base")
    {
        private readonly TorchSharp.Modules.Parameter _above = new(torch.ones([1]));

        public override torch.Tensor forward(torch.Tensor input) => input * _above;
    }

    private sealed class Derived : Base
    {
        private readonly TorchSharp.Modules.Parameter _below = new(torch.ones([1]));

        public Derived() => RegisterComponents();

        public override torch.Tensor forward(torch.Tensor input) => base.forward(input) * _below;
    }
}
