using GenModels.Optimization;

namespace GenModels.Tests.Optimization;

public class WeightAverageTests
{
    [Fact]
    public void It_is_the_weighted_mean_of_the_weights_after_each_step()
    {
        using var scope = torch.NewDisposeScope();
        const double decay = 0.8;
        var weight = torch.zeros(3);
        var state = new Dictionary<string, torch.Tensor> { ["w"] = weight };
        using var average = new WeightAverage(decay, state, ["w"]);
        double[] values = [3, -1, 4, 1, -5];
        for (int step = 1; step <= values.Length; step++)
        {
            weight.fill_(values[step - 1]);
            average.Follow(step);
            var parts = values.Take(step).Select((value, s) => (Value: value, Weight: Math.Pow(decay, step - 1 - s))).ToArray();
            double expected = parts.Sum(p => p.Value * p.Weight) / parts.Sum(p => p.Weight);
            // Five steps, each with three roundings of values up to 5.
            state["average.w"].Values().Should().OnlyContain(v => Math.Abs(v - expected) < 5 * 3 * 5 * 6e-8);
        }
    }

    [Fact]
    public void An_exchange_and_another_leave_both_as_they_were()
    {
        using var scope = torch.NewDisposeScope();
        var weight = new TorchSharp.Modules.Parameter(torch.ones(2, 2));
        var state = new Dictionary<string, torch.Tensor> { ["w"] = weight };
        using var average = new WeightAverage(0.5, state, ["w"]);
        average.Follow(1);
        using (torch.no_grad()) weight.fill_(2);
        average.Exchange();
        weight.Values().Should().OnlyContain(v => v == 1);
        state["average.w"].Values().Should().OnlyContain(v => v == 2);
        average.Exchange();
        weight.Values().Should().OnlyContain(v => v == 2);
        weight.requires_grad.Should().BeTrue();
    }

    [Fact]
    public void Without_a_decay_there_is_none()
    {
        using var scope = torch.NewDisposeScope();
        var state = new Dictionary<string, torch.Tensor> { ["w"] = torch.zeros(3) };
        using var average = new WeightAverage(0, state, ["w"]);
        average.Follow(1);
        state.Keys.Should().Equal("w");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    public void A_decay_outside_its_range_is_rejected(double decay)
    {
        foreach (var make in new Action[]
        {
            () => new VaeOptions { WeightAverage = decay }.Validate(), () => new AutoencoderOptions { WeightAverage = decay }.Validate(),
            () => new GanOptions { WeightAverage = decay }.Validate(),
        })
            make.Should().Throw<ArgumentOutOfRangeException>().WithParameterName("WeightAverage");
    }
}
