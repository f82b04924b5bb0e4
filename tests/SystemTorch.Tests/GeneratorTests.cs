using TorchSharp;

namespace SystemTorch.Tests;

public class GeneratorTests : IDisposable
{
    private readonly DisposeScope _scope = torch.NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    public static TheoryData<string, Func<torch.Generator, torch.Tensor>> Draws => new()
    {
        { "rand", g => torch.rand(40, generator: g) },
        { "randn", g => torch.randn(40, generator: g) },
        { "randperm", g => torch.randperm(40, generator: g) },
        { "bernoulli", g => torch.bernoulli(torch.full([40], 0.5), g) },
        { "normal_", g => torch.zeros([40]).normal_(1, 2, g) },
        { "uniform_", g => torch.zeros([40]).uniform_(1, 2, g) },
    };

    [Theory]
    [MemberData(nameof(Draws))]
    public void OneSeedGivesTheSameBits(string name, Func<torch.Generator, torch.Tensor> draw)
    {
        using var first = new torch.Generator(5);
        using var second = new torch.Generator(5);
        using var other = new torch.Generator(6);
        double[] numbers = draw(first).Numbers();
        draw(second).Numbers().Should().Equal(numbers, name);
        draw(other).Numbers().Should().NotEqual(numbers, name);
        draw(first).Numbers().Should().NotEqual(numbers, "{0} moves its generator on", name);
    }

    [Theory]
    [MemberData(nameof(Draws))]
    public void TheCommonGeneratorIsLeftAlone(string name, Func<torch.Generator, torch.Tensor> draw)
    {
        torch.manual_seed(9);
        double[] expected = torch.rand(4).Numbers();
        torch.manual_seed(9);
        using var own = new torch.Generator(5);
        draw(own);
        torch.rand(4).Numbers().Should().Equal(expected, name);
    }

    [Fact]
    public void ASeedStartsTheStreamAnew()
    {
        using var generator = new torch.Generator(5);
        double[] numbers = torch.rand(3, generator: generator).Numbers();
        generator.manual_seed(5);
        torch.rand(3, generator: generator).Numbers().Should().Equal(numbers);
        generator.initial_seed().Should().Be(5);
    }

    [Fact]
    public void ItsStateCanBePutBack()
    {
        using var generator = new torch.Generator(5);
        torch.randn(3, generator: generator);
        var state = generator.get_state();
        double[] next = torch.randn(3, generator: generator).Numbers();
        generator.set_state(state);
        torch.randn(3, generator: generator).Numbers().Should().Equal(next);

        using var another = new torch.Generator(77);
        another.set_state(state);
        torch.randn(3, generator: another).Numbers().Should().Equal(next);
    }

    [Fact]
    public void TheCommonGeneratorOutlivesItsHandles()
    {
        using (torch.manual_seed(1)) { }
        double[] expected = torch.rand(2).Numbers();
        torch.manual_seed(1).initial_seed().Should().Be(1);
        torch.rand(2).Numbers().Should().Equal(expected);
    }
}
