using GenModels.Optimization;

namespace GenModels.Tests.Optimization;

public class ClippingTests
{
    // Plain descent with learning rate 1 from 0 leaves the negative gradient that was used.
    private static float[] Used(SgdOptions options, float[] first, float[] second)
    {
        using var scope = torch.NewDisposeScope();
        var (a, b) = (torch.zeros(first.Length), torch.zeros(second.Length));
        using var optimizer = options.Create([a, b]);
        optimizer.Step([torch.tensor(first), torch.tensor(second)]);
        return [.. a.Values().Concat(b.Values()).Select(v => -v)];
    }

    [Fact]
    public void A_norm_above_the_greatest_is_scaled_down_over_all_parameters_together()
    {
        // The norm of (3, 0, 4) is 5.
        Used(new SgdOptions { LearningRate = 1, ClipNorm = 1 }, [3, 0], [4]).Should().Equal([0.6f, 0, 0.8f], (x, y) => Math.Abs(x - y) < 1e-7);
    }

    [Fact]
    public void A_norm_below_the_greatest_changes_nothing() =>
        Used(new SgdOptions { LearningRate = 1, ClipNorm = 5.5 }, [3, 0], [4]).Should().Equal(3, 0, 4);

    [Fact]
    public void Each_value_is_held_within_the_greatest_size() =>
        Used(new SgdOptions { LearningRate = 1, ClipValue = 2 }, [3, -0.5f], [-4]).Should().Equal(2, -0.5f, -2);

    [Fact]
    public void The_norm_is_clipped_before_the_values() =>
        Used(new SgdOptions { LearningRate = 1, ClipNorm = 1, ClipValue = 0.7 }, [3, 0], [4])
            .Should().Equal([0.6f, 0, 0.7f], (x, y) => Math.Abs(x - y) < 1e-7);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void A_bound_that_is_not_above_0_is_refused(double bound)
    {
        var norm = () => new Vae(new VaeOptions { Optimizer = new AdamOptions { ClipNorm = bound } });
        var value = () => new Vae(new VaeOptions { Optimizer = new SgdOptions { ClipValue = bound } });
        norm.Should().Throw<ArgumentOutOfRangeException>().WithMessage("*ClipNorm*");
        value.Should().Throw<ArgumentOutOfRangeException>().WithMessage("*ClipValue*");
    }
}
