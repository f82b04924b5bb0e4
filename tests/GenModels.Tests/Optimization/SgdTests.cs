using System.Text.Json;
using GenModels.Kernels;
using GenModels.Optimization;
using GenModels.Tests.Kernels;

namespace GenModels.Tests.Optimization;

public class SgdTests
{
    [Theory, MemberData(nameof(Arrays.Lengths), MemberType = typeof(Arrays))]
    public void One_pass_equals_its_twin(int length)
    {
        using var scope = torch.NewDisposeScope();
        var rates = new MomentumUpdate.Rates(0.7f, 0.05f, 0.01f);
        var (weight, gradient, velocity) = (Arrays.Normal(length, 1), Arrays.Normal(length, 2), Arrays.Normal(length, 3));
        var (weight2, velocity2) = (weight.clone(), velocity.clone());

        MomentumUpdate.Fused(weight, gradient, velocity, rates);
        MomentumUpdate.Twin(weight2, gradient, velocity2, rates);

        velocity.ShouldMatch(velocity2, 4, floor: 1);
        weight.ShouldMatch(weight2, 4, floor: 1);
    }

    [Theory, MemberData(nameof(Arrays.Lengths), MemberType = typeof(Arrays))]
    public void Squared_norm_equals_its_twin(int length)
    {
        using var scope = torch.NewDisposeScope();
        var x = Arrays.Normal(length, 4);
        // Sums of a block are single precision: at most 128 additions a lane.
        SquaredNorm.Fused(x).Should().BeApproximately(SquaredNorm.Twin(x), 128 * 6e-8 * SquaredNorm.Twin(x));
    }

    [Fact]
    public void Steps_follow_a_hand_computation()
    {
        using var scope = torch.NewDisposeScope();
        var weight = torch.tensor(new[] { 1f });
        using var sgd = new Sgd([weight], new SgdOptions { LearningRate = 0.1, Momentum = 0.5, FinalMomentum = 0.7, MomentumSteps = 2, Schedule = new ExponentialSchedule { Factor = 0.5, Least = 0.3 } });
        // v and w for the gradients 1, 2, −1, 0: rates .1, .05, .03, .03 and momenta .5, .6, .7, .7.
        (double Gradient, double Weight)[] steps = [(1, 0.9), (2, 0.9 - 0.16), (-1, 0.74 - 0.082), (0, 0.658 - 0.0574)];
        foreach (var (gradient, expected) in steps)
        {
            sgd.Step([torch.tensor(new[] { (float)gradient })]);
            weight.item<float>().Should().BeApproximately((float)expected, 3e-7f);
        }
    }

    [Fact]
    public void Schedules_of_the_original_recipe()
    {
        var recipe = new SgdOptions
        {
            LearningRate = 0.1,
            Schedule = new ExponentialSchedule { Factor = 1 / 1.000004, Least = 1e-5 },
            Momentum = 0.5,
            FinalMomentum = 0.7,
            MomentumSteps = 125_000,
        };
        recipe.LearningRateAt(0).Should().Be(0.1);
        recipe.LearningRateAt(250_000).Should().BeApproximately(0.1 * Math.Exp(-250_000 * double.LogP1(4e-6)), 1e-12);
        recipe.LearningRateAt(10_000_000).Should().BeApproximately(1e-6, 1e-21);
        recipe.MomentumAt(0).Should().Be(0.5);
        recipe.MomentumAt(62_500).Should().BeApproximately(0.6, 1e-12);
        recipe.MomentumAt(1_000_000).Should().BeApproximately(0.7, 1e-12);
        new SgdOptions { Momentum = 0.9 }.MomentumAt(5).Should().Be(0.9);
    }

    [Fact]
    public void A_parameter_without_a_gradient_stays()
    {
        using var scope = torch.NewDisposeScope();
        var (moved, kept) = (torch.ones(3), torch.ones(3));
        using var sgd = new Sgd([moved, kept], new SgdOptions());
        sgd.Step([torch.ones(3), null]);

        kept.Values().Should().Equal(1, 1, 1);
        moved.Values().Should().NotContain(1);
        sgd.Steps.Should().Be(1);
    }

    [Fact]
    public void Settings_come_back_from_json_with_their_type()
    {
        OptimizerOptions options = new SgdOptions { LearningRate = 0.1, Momentum = 0.5, FinalMomentum = 0.7, MomentumSteps = 9, Schedule = new StepSchedule { Every = 5 } };
        string json = JsonSerializer.Serialize(options);
        json.Should().Contain("\"type\":\"sgd\"");
        JsonSerializer.Deserialize<OptimizerOptions>(json).Should().Be(options);
    }

    public static TheoryData<SgdOptions> OutsideTheirRange => new()
    {
        new SgdOptions { LearningRate = double.NaN },
        new SgdOptions { LearningRate = 0 },
        new SgdOptions { Momentum = 1 },
        new SgdOptions { Momentum = double.NaN },
        new SgdOptions { FinalMomentum = -0.1 },
        new SgdOptions { MomentumSteps = 0 },
        new SgdOptions { Schedule = new ExponentialSchedule { Factor = double.NaN } },
        new SgdOptions { WeightDecay = double.NaN },
    };

    [Theory, MemberData(nameof(OutsideTheirRange))]
    public void Settings_outside_their_range_are_rejected(SgdOptions options)
    {
        var make = () => new Sgd([], options);
        make.Should().Throw<ArgumentOutOfRangeException>().WithMessage("*expected*");
    }
}
