using GenModels.Kernels;
using GenModels.Optimization;
using GenModels.Tests.Kernels;

namespace GenModels.Tests.Optimization;

public class AdamTests
{
    [Theory, MemberData(nameof(Arrays.Lengths), MemberType = typeof(Arrays))]
    public void One_pass_equals_its_twin(int length)
    {
        using var scope = torch.NewDisposeScope();
        var rates = new AdamUpdate.Rates(0.9f, 0.1f, 0.999f, 0.001f, 0.02f, 1.3f, 1e-8f, 0.01f);
        var (weight, gradient) = (Arrays.Normal(length, 1), Arrays.Normal(length, 2));
        var (m, v) = (Arrays.Normal(length, 3), Examples.Batch(length, [], seed: 4));
        var (weight2, m2, v2) = (weight.clone(), m.clone(), v.clone());

        AdamUpdate.Fused(weight, gradient, m, v, rates);
        AdamUpdate.Twin(weight2, gradient, m2, v2, rates);

        m.ShouldMatch(m2, 4, floor: 1);
        v.ShouldMatch(v2, 4, floor: 1e-3);
        weight.ShouldMatch(weight2, 8, floor: 1);
    }

    [Fact]
    public void The_first_step_is_the_learning_rate_against_the_sign_of_the_gradient()
    {
        using var scope = torch.NewDisposeScope();
        var weight = torch.tensor(new[] { 1f, -2f, 3f });
        using var adam = new Adam([weight], new AdamOptions { LearningRate = 0.1 });
        adam.Step([torch.tensor(new[] { 5f, -0.01f, 0f })]);

        weight.Values().Should().Equal([0.9f, -1.9f, 3f], (a, b) => Math.Abs(a - b) < 1e-6f);
        adam.Steps.Should().Be(1);
    }

    [Fact]
    public void Finds_the_minimum_of_a_parabola()
    {
        using var scope = torch.NewDisposeScope();
        var weight = torch.tensor(new[] { 4f, -3f });
        using var adam = new Adam([weight], new AdamOptions { LearningRate = 0.05 });
        for (int i = 0; i < 2000; i++) adam.Step([(weight - 1) * 2]);

        weight.Values().Should().OnlyContain(w => Math.Abs(w - 1) < 1e-3);
    }

    [Fact]
    public void The_learning_rate_follows_its_schedule()
    {
        using var scope = torch.NewDisposeScope();
        var weight = torch.zeros(1);
        using var adam = new Adam([weight], new AdamOptions { LearningRate = 0.1, Schedule = new ExponentialSchedule { Factor = 0.5, Least = 0.4 } });
        // With a constant gradient of 1 both corrected moments are 1, so that a step is the learning rate.
        foreach (double expected in new[] { -0.1, -0.15, -0.19, -0.23 })
        {
            adam.Step([torch.ones(1)]);
            // A dozen roundings of 2⁻²⁴ each; 1 less a rounded β₂ would be wrong by 1.3e−5.
            weight.item<float>().Should().BeApproximately((float)expected, (float)(12 * Math.Pow(2, -24) * -expected));
        }
    }

    [Fact]
    public void A_parameter_without_a_gradient_stays()
    {
        using var scope = torch.NewDisposeScope();
        var (moved, kept) = (torch.ones(3), torch.ones(3));
        using var adam = new Adam([moved, kept], new AdamOptions());
        adam.Step([torch.ones(3), null]);

        kept.Values().Should().Equal(1, 1, 1);
        moved.Values().Should().NotContain(1);
    }

    [Theory]
    [InlineData(double.NaN, 0.9)]
    [InlineData(0, 0.9)]
    [InlineData(-1, 0.9)]
    [InlineData(double.PositiveInfinity, 0.9)]
    [InlineData(0.1, 1)]
    [InlineData(0.1, -0.1)]
    [InlineData(0.1, double.NaN)]
    public void Settings_outside_their_range_are_rejected(double learningRate, double beta1)
    {
        var make = () => new Adam([], new AdamOptions { LearningRate = learningRate, Beta1 = beta1 });
        make.Should().Throw<ArgumentOutOfRangeException>().WithMessage("*expected*");
    }
}
