using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SystemTorch.Tests;

public class ModuleTests
{
    [Fact]
    public void FieldsAreRegisteredUnderTheirNames()
    {
        using var module = new Scaled();
        module.named_parameters().Select(p => p.name).Should().Equal("_scale", "_inner.weight", "_inner.bias");
        module.named_parameters(recurse: false).Select(p => p.name).Should().Equal("_scale");
        module.parameters().Select(p => p.numel()).Should().Equal(1, 6, 2);
        module.named_buffers().Select(b => b.name).Should().Equal("_offset");
        module.named_children().Select(c => c.name).Should().Equal("_inner");
        module.GetName().Should().Be("Scaled");
    }

    [Fact]
    public void NamesCanBeGiven()
    {
        using var module = new Named();
        module.named_parameters().Select(p => p.name).Should().Equal("own", "encoder.0.weight", "encoder.0.bias");
        module.named_modules().Select(m => m.name).Should().Contain(["encoder", "encoder.0", "encoder.1"]);
        module.get_parameter("encoder.0.bias").Should().BeSameAs(module.named_parameters().Last().parameter);
        module.get_parameter("encoder.2.bias").Should().BeNull();
    }

    [Fact]
    public void ANameIsTakenOnce()
    {
        using var module = new Named();
        using var spare = nn.ReLU();
        using var parameter = new Parameter(ones([1]));
        module.Invoking(m => m.register_module("encoder", spare)).Should().Throw<InvalidOperationException>();
        module.Invoking(m => m.register_module("a.b", spare)).Should().Throw<ArgumentException>();
        module.Invoking(m => m.register_parameter("own", parameter)).Should().Throw<InvalidOperationException>();
        module.Invoking(m => m.register_buffer("offset", ones([1]))).Should().NotThrow();
        module.Invoking(m => m.register_buffer("offset", ones([1]))).Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void TheStateIsParametersAndBuffers()
    {
        using var module = new Scaled();
        var state = module.state_dict();
        state.Keys.Should().BeEquivalentTo("_scale", "_inner.weight", "_inner.bias", "_offset");
        using (no_grad()) state["_scale"].fill_(5);
        module.get_parameter("_scale").ShouldBe(5);
        module.state_dict(prefix: "model").Keys.Should().Contain("model._inner.weight");
    }

    [Fact]
    public void CallRunsForward()
    {
        using var module = new Scaled();
        using var scope = NewDisposeScope();
        using (no_grad())
        {
            module.get_parameter("_inner.weight")?.fill_(1);
            module.get_parameter("_inner.bias")?.fill_(0.5);
        }
        module.call(ones([1, 3])).ShouldBe(7.5, 7.5);
    }

    [Fact]
    public void TrainingModeReachesChildren()
    {
        using var module = new Named();
        var children = module.named_modules().Select(m => m.module).ToList();
        children.Should().NotBeEmpty();
        module.training.Should().BeTrue();
        module.eval();
        children.Select(c => c.training).Should().OnlyContain(t => !t);
        module.train();
        module.training.Should().BeTrue();
        children.Select(c => c.training).Should().OnlyContain(t => t);
    }

    [Fact]
    public void DisposingReachesChildren()
    {
        var module = new Scaled();
        var tensors = module.parameters().Concat(module.named_buffers().Select(b => b.buffer)).ToList();
        tensors.Should().HaveCount(4);
        module.Dispose();
        tensors.Should().OnlyContain(t => t.IsInvalid);
        module.Invoking(m => m.Dispose()).Should().NotThrow();
    }

    [Fact]
    public void AParameterTakesItsTensorOver()
    {
        using var scope = NewDisposeScope();
        var data = tensor(new[] { 1f, 2 });
        var parameter = nn.Parameter(data);
        data.IsInvalid.Should().BeTrue();
        parameter.ShouldBe(1, 2);
        (parameter.requires_grad, parameter.is_leaf).Should().Be((true, true));
        scope.Contains(parameter).Should().BeTrue();
        nn.Parameter(ones([1]), requires_grad: false).requires_grad.Should().BeFalse();
    }

    private sealed class Scaled : nn.Module<Tensor, Tensor>
    {
        private readonly Parameter _scale = new(full([1], 2.0));
        private readonly Linear _inner = nn.Linear(3, 2);
        private readonly Tensor _offset = full([1], 0.5);

        public Scaled() : base(nameof(Scaled)) => RegisterComponents();

        public override Tensor forward(Tensor input) => _inner.call(input) * _scale + _offset;
    }

    private sealed class Named : nn.Module<Tensor, Tensor>
    {
        private readonly Sequential _encoder = nn.Sequential(nn.Linear(3, 2), nn.Tanh());

        public Named() : base(nameof(Named))
        {
            register_parameter("own", new Parameter(ones([2])));
            register_module("encoder", _encoder);
        }

        public override Tensor forward(Tensor input) => _encoder.call(input);
    }
}
