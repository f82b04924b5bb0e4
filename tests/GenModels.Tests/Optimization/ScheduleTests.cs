using System.Text.Json;
using GenModels.Optimization;

namespace GenModels.Tests.Optimization;

public class ScheduleTests
{
    private static readonly StepSchedule Stairs = new() { Every = 7, Factor = 0.5 };
    private static readonly CosineSchedule Cosine = new() { Steps = 50, Least = 0.04 };

    public static TheoryData<string, Schedule> OfPyTorch => new()
    {
        { "step", Stairs },
        { "exponential", new ExponentialSchedule { Factor = 0.93 } },
        { "cosine", Cosine with { Steps = 60 } },
        { "warmUp", new WarmUpSchedule { Steps = 10, Start = 0.1 } },
        { "warmUpStep", new WarmUpSchedule { Steps = 10, Start = 0.1, Then = Stairs } },
        { "warmUpCosine", new WarmUpSchedule { Steps = 10, Start = 0.1, Then = Cosine } },
    };

    [Theory, MemberData(nameof(OfPyTorch))]
    public void Learning_rates_are_those_of_PyTorch(string name, Schedule schedule)
    {
        var options = new AdamOptions { LearningRate = 0.1, Schedule = schedule };
        double[] expected = ReferenceFile.Read<Dictionary<string, double[]>>("schedules.json.gz")[name];
        expected.Should().HaveCount(60);
        // PyTorch multiplies from step to step: at most three roundings each.
        for (int step = 0; step < expected.Length; step++)
            options.LearningRateAt(step).Should().BeApproximately(expected[step], 60 * 3 * 1.2e-16 * 0.1, "this is step {0}", step);
    }

    [Fact]
    public void A_constant_is_the_default()
    {
        new AdamOptions { LearningRate = 0.3 }.LearningRateAt(123_456).Should().Be(0.3);
        new SgdOptions().Schedule.Should().Be(new ConstantSchedule());
    }

    [Fact]
    public void What_falls_ends_at_its_floor()
    {
        new ExponentialSchedule { Factor = 0.5, Least = 0.1 }.FactorAt(1_000_000).Should().Be(0.1);
        Cosine.FactorAt(50).Should().Be(0.04);
        Cosine.FactorAt(75).Should().Be(0.04);
    }

    [Fact]
    public void A_fall_can_be_told_by_where_it_leads()
    {
        var schedule = ExponentialSchedule.To(1.0 / 30, 700);
        schedule.FactorAt(0).Should().Be(1);
        schedule.FactorAt(700).Should().BeApproximately(1.0 / 30, 1e-14);
    }

    [Fact]
    public void One_schedule_goes_on_from_where_another_came_to()
    {
        var falls = new ExponentialSchedule { Factor = 0.9 };
        var schedule = new SequentialSchedule { First = falls, Steps = 20, Then = Cosine };
        for (int step = 0; step <= 20; step++) schedule.FactorAt(step).Should().Be(falls.FactorAt(step), "this is step {0}", step);
        foreach (int step in new[] { 0, 1, 17, 1_000 })
            schedule.FactorAt(20 + step).Should().Be(falls.FactorAt(20) * Cosine.FactorAt(step), "these are {0} steps of the second", step);
    }

    [Fact]
    public void Schedules_come_back_from_json_with_their_type_also_inside_each_other()
    {
        OptimizerOptions options = new AdamOptions { Schedule = new WarmUpSchedule { Steps = 3, Then = new SequentialSchedule { First = Stairs, Then = Cosine } } };
        string json = JsonSerializer.Serialize(options);
        json.Should().Contain("\"type\":\"cosine\"");
        JsonSerializer.Deserialize<OptimizerOptions>(json).Should().Be(options);
    }

    public static TheoryData<Schedule> OutsideTheirRange =>
    [
        new StepSchedule { Every = 0 },
        new StepSchedule { Factor = double.NaN },
        new ExponentialSchedule { Factor = 0 },
        new ExponentialSchedule { Least = 1.5 },
        new CosineSchedule { Steps = 0 },
        new CosineSchedule { Least = double.NaN },
        new WarmUpSchedule { Steps = 0 },
        new WarmUpSchedule { Start = -0.1 },
        new WarmUpSchedule { Then = new CosineSchedule { Steps = -1 } },
        new SequentialSchedule { Steps = 0 },
        new SequentialSchedule { First = new CosineSchedule { Steps = -1 } },
        new SequentialSchedule { Then = new CosineSchedule { Steps = -1 } },
    ];

    [Theory, MemberData(nameof(OutsideTheirRange))]
    public void Settings_outside_their_range_are_rejected(Schedule schedule)
    {
        var make = () => new Adam([], new AdamOptions { Schedule = schedule });
        make.Should().Throw<ArgumentOutOfRangeException>().WithMessage("*expected*");
    }
}
