using GenModels.Kernels;
using GenModels.Optimization;

namespace GenModels.Tests.Kernels;

public class TensorMemoryTests
{
    [Fact]
    public unsafe void Tensors_of_more_than_two_GiB_have_a_pointer_and_a_span()
    {
        using var scope = torch.NewDisposeScope();
        // The system gives memory to what is written alone, which here are two pages.
        const long rows = 2, columns = 300_000_000, last = rows * columns - 1;
        var tensor = torch.empty(rows, columns);
        float* values = TensorMemory.Pointer(tensor);
        values[0] = 3;
        values[last] = 5;
        tensor.narrow(0, 0, 1).narrow(1, 0, 1).item<float>().Should().Be(3);
        tensor.narrow(0, 1, 1).narrow(1, columns - 1, 1).item<float>().Should().Be(5);

        var span = TensorMemory.Floats(tensor);
        span.Length.Should().Be((int)(last + 1));
        (span[0], span[^1]).Should().Be((3, 5));
    }

    [Fact]
    public void More_values_than_a_span_holds_are_an_error_that_says_what_to_do()
    {
        using var scope = torch.NewDisposeScope();
        // Nothing is written to it.
        var tensor = torch.empty(3, 1L << 30);
        var floats = () => TensorMemory.Floats(tensor).Length;
        floats.Should().Throw<ArgumentException>().WithMessage("*3221225472*2147483647*smaller batches*");
    }

    [Fact]
    public void Kernels_reject_tensors_that_do_not_fit_each_other()
    {
        using var scope = torch.NewDisposeScope();
        torch.Tensor M(long rows, long columns) => torch.zeros(rows, columns);
        foreach (var call in new Action[]
        {
            () => BernoulliLoss.SumAndGradient(M(4, 6), M(3, 6), 1),
            () => SquaredError.SumAndGradient(M(4, 6), M(3, 6), 1),
            () => BernoulliRows.LogProbability(M(4, 6), M(4, 5)),
            () => BernoulliRows.LogProbability(M(4, 6), M(3, 6)),
            () => BernoulliRows.LogProbability(M(4, 6), M(0, 6)),
            () => BernoulliRows.WeightedGradient(M(4, 6), M(2, 6), new float[2]),
            () => SquaredErrorRows.Sum(M(4, 6), M(8, 6)),
            () => SquaredErrorRows.WeightedGradient(M(4, 6), M(2, 6), new float[2]),
            () => SquaredErrorRows.WeightedGradient(M(4, 6), M(3, 6), new float[4]),
            () => GaussianLatent.Sample(M(3, 4), M(4, 2)),
            () => GaussianLatent.Sample(M(4, 3), M(4, 2)),
            () => GaussianLatent.Gradient(M(4, 4), M(4, 2), M(3, 2), [1, 1]),
            () => GaussianProposal.Sample(M(3, 4), M(4, 2)),
            () => GaussianProposal.Sample(M(0, 4), M(4, 2)),
            () => GaussianProposal.Sample(M(2, 3), M(4, 2)),
            () => GaussianProposal.Gradient(M(2, 4), M(4, 2), M(4, 2), M(2, 2), new float[4]),
            () => GaussianProposal.Gradient(M(2, 4), M(4, 2), M(2, 2), M(4, 2), new float[4]),
            () => GaussianProposal.Gradient(M(2, 4), M(4, 2), M(4, 2), M(4, 2), new float[3]),
            () => AdamUpdate.Apply(M(4, 6), M(4, 5), M(4, 6), M(4, 6), default),
            () => MomentumUpdate.Apply(M(4, 6), M(4, 6), M(4, 5), default),
            () => Interpolation.Apply(M(4, 6), M(4, 5), 0.5),
            () => ColumnVariance.Of(M(4, 6), new float[5]),
        })
            call.Should().Throw<ArgumentException>().WithMessage("*expected*");
    }

    [Fact]
    public void An_optimizer_rejects_a_gradient_of_another_shape()
    {
        using var scope = torch.NewDisposeScope();
        foreach (var options in new OptimizerOptions[] { new AdamOptions(), new SgdOptions { Momentum = 0.9 } })
        {
            using var optimizer = options.Create([torch.zeros(4, 6)]);
            var step = () => optimizer.Step([torch.zeros(4, 5)]);
            step.Should().Throw<ArgumentException>().WithMessage("*[4, 6]*[4, 5]*");
        }
    }
}
