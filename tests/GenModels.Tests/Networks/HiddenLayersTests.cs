using GenModels.Networks;

namespace GenModels.Tests.Networks;

public class HiddenLayersTests
{
    [Fact]
    public void Maxout_takes_the_greatest_of_its_pieces()
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(1);
        using var mlp = Make(new HiddenLayers { Widths = [5, 4], MaxoutPieces = 3 }, generator);
        var p = mlp.named_parameters().ToDictionary(p => p.name, p => p.parameter);
        p["0.weight"].shape.Should().Equal(15, 6);
        p["1.weight"].shape.Should().Equal(12, 5);
        p["2.weight"].shape.Should().Equal(2, 4);

        var x = torch.randn(7, 6, generator: generator);
        var first = (x.matmul(p["0.weight"].t()) + p["0.bias"]).data<float>().ToArray();
        float[] expected = [.. Enumerable.Range(0, 35).Select(i => first[(3 * i)..(3 * i + 3)].Max())];
        var hidden = torch.tensor(expected).view(7, 5);
        var second = hidden.matmul(p["1.weight"].t()) + p["1.bias"];
        var output = second.view(7, 4, 3).max(2).values.matmul(p["2.weight"].t()) + p["2.bias"];
        mlp.call(x).allclose(output, 1e-5, 1e-6).Should().BeTrue();
    }

    [Fact]
    public void Gradients_reach_every_weight_through_maxout_dropout_and_batch_norm()
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(2);
        var hidden = new HiddenLayers { Widths = [8, 8], MaxoutPieces = 2, InputDropout = 0.1, Dropout = 0.2, BatchNorm = true };
        using var mlp = Make(hidden, generator);
        using var pass = Backpropagation.Of(mlp);
        pass.Segments.Should().ContainSingle().Which.Should().BeOfType<DenseSegment>();
        pass.Forward(torch.randn(64, 6, generator: generator));
        var (gradients, _) = pass.Backward(torch.randn(64, 2, generator: generator));
        gradients.Select(g => g is not null && g.abs().max().item<float>() > 0).Should().OnlyContain(moves => moves);
    }

    [Fact]
    public void Dropout_drops_its_part_keeps_the_mean_and_repeats_with_its_generator()
    {
        using var scope = torch.NewDisposeScope();
        float[] Drop(ulong seed)
        {
            using var generator = new torch.Generator(seed);
            using var dropout = new Dropout(0.3, generator);
            return dropout.call(torch.ones(200, 500)).data<float>().ToArray();
        }
        float[] values = Drop(1);
        // 100,000 draws: the part of zeros has a standard error of √(0.3·0.7/100,000).
        ((double)values.Count(v => v == 0) / values.Length).Should().BeApproximately(0.3, 5 * Math.Sqrt(0.21 / 100_000));
        values.Where(v => v != 0).Should().OnlyContain(v => Math.Abs(v - 1 / 0.7f) < 1e-6f);
        Drop(1).Should().Equal(values).And.NotEqual(Drop(2));
    }

    [Fact]
    public void Dropout_does_nothing_outside_training()
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(1);
        using var mlp = Make(new HiddenLayers { Widths = [5], InputDropout = 0.5, Dropout = 0.5 }, generator);
        using var plain = Make(new HiddenLayers { Widths = [5] }, new torch.Generator(1));
        var x = torch.randn(4, 6, generator: generator);
        mlp.call(x).allclose(plain.call(x)).Should().BeFalse();
        mlp.eval();
        mlp.call(x).allclose(plain.call(x)).Should().BeTrue();
    }

    [Fact]
    public void Batch_norm_normalises_with_the_batch_in_training_and_with_running_figures_otherwise()
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(1);
        using var norm = new BatchNorm(3);
        var x = torch.randn(50, 3, generator: generator) * 4 + 2;
        var (mean, variance) = (x.mean([0]), x.var(dimensions: [0], unbiased: false));
        norm.call(x).allclose((x - mean) / (variance + 1e-5).sqrt(), 1e-4, 1e-5).Should().BeTrue();

        // One step of the running figures from 0 and 1 by a tenth, with the unbiased variance.
        var state = norm.state_dict();
        state["running_mean"].allclose(mean * 0.1, 1e-5, 1e-6).Should().BeTrue();
        state["running_var"].allclose(variance * (0.1 * 50 / 49) + 0.9, 1e-5, 1e-6).Should().BeTrue();
        norm.eval();
        norm.call(x).allclose((x - state["running_mean"]) / (state["running_var"] + 1e-5).sqrt(), 1e-4, 1e-5).Should().BeTrue();
    }

    [Fact]
    public void Batch_norm_without_gradients_or_of_one_example_leaves_the_running_figures()
    {
        using var scope = torch.NewDisposeScope();
        using var norm = new BatchNorm(3);
        using (torch.no_grad()) norm.call(torch.ones(5, 3));
        var single = norm.call(torch.ones(1, 3) * 2);
        norm.state_dict()["running_mean"].data<float>().ToArray().Should().Equal(0, 0, 0);
        single.data<float>().ToArray().Should().OnlyContain(v => Math.Abs(v - 2) < 1e-4f);
    }

    [Fact]
    public void Batch_norm_is_part_of_the_state_and_replaces_the_bias()
    {
        using var generator = new torch.Generator(1);
        using var mlp = Make(new HiddenLayers { Widths = [5], BatchNorm = true }, generator);
        mlp.named_parameters().Select(p => p.name).Should().Equal("0.weight", "1.weight", "1.bias", "norm0.weight", "norm0.bias");
        mlp.named_buffers().Select(b => b.name).Should().Equal("norm0.running_mean", "norm0.running_var");
    }

    public static TheoryData<HiddenLayers> OutsideTheirRange => new()
    {
        new HiddenLayers { Widths = [5, 0] },
        new HiddenLayers { Activation = (Activation)99 },
        new HiddenLayers { MaxoutPieces = 0 },
        new HiddenLayers { InputDropout = 1 },
        new HiddenLayers { InputDropout = double.NaN },
        new HiddenLayers { Dropout = -0.1 },
    };

    [Theory, MemberData(nameof(OutsideTheirRange))]
    public void Settings_outside_their_range_are_rejected(HiddenLayers hidden)
    {
        using var generator = new torch.Generator(1);
        var make = () => Make(hidden, generator);
        make.Should().Throw<ArgumentOutOfRangeException>().WithMessage("*expected*");
    }

    private static Mlp Make(HiddenLayers hidden, torch.Generator generator) =>
        new(6, hidden, 2, Activation.Identity, Initialization.Glorot, generator, generator);
}
