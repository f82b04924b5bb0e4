using GenModels.Divergences;
using static TorchSharp.torch;

namespace GenModels.Tests.Divergences;

public class TensorDivergenceTests
{
    private delegate Tensor Measure(Tensor p, Tensor q, bool fromLogits);

    private delegate double SpanMeasure(ReadOnlySpan<double> p, ReadOnlySpan<double> q);

    private static readonly double[] Orders = [0, 0.2, 0.5, 0.9, 1, 1.5, 3, double.PositiveInfinity];

    private static readonly Dictionary<string, (Measure Tensors, SpanMeasure Spans)> Measures = new()
    {
        ["entropy"] = ((p, _, logits) => TensorDivergence.Entropy(p, logits), (p, _) => Divergence.Entropy(p)),
        ["cross-entropy"] = (TensorDivergence.CrossEntropy, (p, q) => Divergence.CrossEntropy(p, q)),
        ["KL"] = (TensorDivergence.KullbackLeibler, (p, q) => Divergence.KullbackLeibler(p, q)),
        ["JS"] = (TensorDivergence.JensenShannon, (p, q) => Divergence.JensenShannon(p, q)),
        ["JS distance"] = (TensorDivergence.JensenShannonDistance, (p, q) => Divergence.JensenShannonDistance(p, q)),
        ["total variation"] = (TensorDivergence.TotalVariation, (p, q) => Divergence.TotalVariation(p, q)),
        ["Hellinger"] = (TensorDivergence.Hellinger, (p, q) => Divergence.Hellinger(p, q)),
        ["Jeffreys"] = (TensorDivergence.Jeffreys, (p, q) => Divergence.Jeffreys(p, q)),
    };

    static TensorDivergenceTests()
    {
        foreach (double order in Orders)
            Measures[$"Renyi {order}"] = ((p, q, logits) => TensorDivergence.Renyi(p, q, order, logits), (p, q) => Divergence.Renyi(p, q, order));
    }

    public static TheoryData<string> Names => new(Measures.Keys);

    public static TheoryData<string> DivergenceNames => new(Measures.Keys.Where(name => !name.Contains("entropy")));

    /// <summary>Rows that are ordinary, nearly equal, far apart, with zeros on one side or both, and disjoint.</summary>
    private static readonly double[,] First =
    {
        { 0.5, 0.2, 0.3 }, { 0.5, 0.2, 0.3 }, { 0.999, 0.0005, 0.0005 }, { 0.4, 0.6, 0 }, { 0.4, 0.6, 0 }, { 0.3, 0.3, 0.4 }, { 1, 0, 0 }, { 1, 0, 0 },
    };

    private static readonly double[,] Second =
    {
        { 0.1, 0.3, 0.6 }, { 0.50001, 0.19999, 0.3 }, { 0.0005, 0.0005, 0.999 }, { 0.5, 0.5, 0 }, { 0.3, 0.3, 0.4 }, { 0.4, 0.6, 0 }, { 0, 0.5, 0.5 }, { 1, 0, 0 },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Probabilities_and_logits_agree_with_the_spans_row_by_row(string name)
    {
        using var scope = NewDisposeScope();
        var (tensors, spans) = Measures[name];
        Tensor p = tensor(First), q = tensor(Second);
        double[] fromProbabilities = tensors(p, q, false).data<double>().ToArray();
        double[] fromLogits = tensors(p.log() + 3.0, q.log() - 2.0, true).data<double>().ToArray();
        for (int i = 0; i < First.GetLength(0); i++)
        {
            double expected = spans(Row(First, i), Row(Second, i));
            // Rounding moves a probability by about 10⁻¹⁶, and a distance with it; a divergence is a distance squared and moves in proportion.
            double rounding = name is "total variation" or "Hellinger" or "JS distance" or "Renyi Infinity" ? 1e-15 : 1e-14 * Math.Sqrt(expected);
            double tolerance = 1e-12 * expected + rounding;
            if (double.IsInfinity(expected)) (fromProbabilities[i], fromLogits[i]).Should().Be((expected, expected), "row {0}", i);
            else
            {
                fromProbabilities[i].Should().BeApproximately(expected, tolerance, "row {0}", i);
                fromLogits[i].Should().BeApproximately(expected, tolerance, "row {0}", i);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradients_agree_with_finite_differences(string name)
    {
        var measure = Measures[name].Tensors;
        double[,] p = { { 0.5, 0.2, 0.3 }, { 0.3, 0.4, 0.3 }, { 0.25, 0.25, 0.5 } };
        double[,] q = { { 0.1, 0.3, 0.6 }, { 0.31, 0.38, 0.31 }, { 0.5, 0.2, 0.3 } };
        foreach (bool fromLogits in (bool[])[false, true]) CheckGradients(measure, p, q, fromLogits, name);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Zeros_give_finite_gradients(string name)
    {
        using var scope = NewDisposeScope();
        foreach (bool fromLogits in (bool[])[false, true])
        {
            foreach (var type in (ScalarType[])[ScalarType.Float32, ScalarType.Float64])
            {
                Tensor p = tensor(First, dtype: type), q = tensor(Second, dtype: type);
                if (fromLogits) (p, q) = (p.log(), q.log());
                CheckFinite(Gradients(Measures[name].Tensors, p, q, fromLogits), $"{name} of {type}, logits: {fromLogits}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Subnormal_probabilities_give_no_NaN(string name)
    {
        using var scope = NewDisposeScope();
        var p = tensor(new[] { 1f, 1e-40f, 0f, 1e-20f, 1f, 1e-40f, 1e-40f, 0f }, [2, 4]);
        var q = tensor(new[] { 1f, 1e-40f, 1e-40f, 0.9e-20f, 1f, 2e-40f, 1e-30f, 1e-30f }, [2, 4]);
        foreach (var gradient in Gradients(Measures[name].Tensors, p, q, false)) gradient.isnan().any().item<bool>().Should().BeFalse();
    }

    [Theory]
    [MemberData(nameof(DivergenceNames))]
    public void Never_negative_and_exactly_0_for_equal_rows_in_single_precision(string name)
    {
        using var scope = NewDisposeScope();
        var measure = Measures[name].Tensors;
        var generator = new RandomGenerator(5);
        var p = generator.Normal([2000, 7]) * 3.0;
        foreach (double distance in (double[])[1, 1e-2, 1e-4, 1e-6, 1e-7])
        {
            var q = p + generator.Normal([2000, 7]) * distance;
            measure(p, q, true).ge(0.0).all().item<bool>().Should().BeTrue();
            measure(p.softmax(-1), q.softmax(-1), false).ge(0.0).all().item<bool>().Should().BeTrue();
        }
        measure(p, p, true).eq(0.0).all().item<bool>().Should().BeTrue();
        measure(p.softmax(-1), p.softmax(-1), false).eq(0.0).all().item<bool>().Should().BeTrue();
    }

    [Fact]
    public void Logits_keep_what_probabilities_lose()
    {
        using var scope = NewDisposeScope();
        Tensor p = tensor(new[] { 0f, 0f }, [1, 2]), q = tensor(new[] { 0f, -1000f }, [1, 2]);
        TensorDivergence.KullbackLeibler(p, q, fromLogits: true).item<float>().Should().BeApproximately(500 - MathF.Log(2), 1e-3f);
        TensorDivergence.KullbackLeibler(p.softmax(-1), q.softmax(-1)).item<float>().Should().Be(float.PositiveInfinity);
    }

    [Fact]
    public void The_gradient_of_KL_with_respect_to_the_models_logits_is_q_minus_p()
    {
        using var scope = NewDisposeScope();
        Tensor p = tensor(First).narrow(0, 0, 3).log(), q = tensor(Second).narrow(0, 0, 3).log().detach().requires_grad_();
        var gradient = autograd.grad([TensorDivergence.KullbackLeibler(p, q, fromLogits: true).sum()], [q])[0];
        gradient.allclose(q.softmax(-1) - p.softmax(-1), 1e-12, 1e-12).Should().BeTrue();
    }

    [Fact]
    public void Nearly_equal_probabilities_keep_their_digits()
    {
        using var scope = NewDisposeScope();
        double e = Math.ScaleB(1, -30);
        double[] p = [0.5, 0.3125, 0.1875], q = [0.5 + e, 0.3125 - e, 0.1875];
        double expected = Divergence.KullbackLeibler(p, q);
        TensorDivergence.KullbackLeibler(tensor(p), tensor(q)).item<double>().Should().BeApproximately(expected, 1e-12 * expected);
        TensorDivergence.Renyi(tensor(p), tensor(q), 2).item<double>().Should().BeApproximately(2 * expected, 1e-8 * expected, "to first order in e");
    }

    [Fact]
    public void The_generalised_divergence_takes_any_positive_rows()
    {
        using var scope = NewDisposeScope();
        Tensor p = tensor(new double[,] { { 2, 3, 0 }, { 1, 2, 0 } }), q = tensor(new double[,] { { 4, 1, 5 }, { 1, 0, 3 } });
        double[] values = TensorDivergence.GeneralizedKullbackLeibler(p, q).data<double>().ToArray();
        values[0].Should().BeApproximately(Divergence.GeneralizedKullbackLeibler([2, 3, 0], [4, 1, 5]), 1e-13);
        values[1].Should().Be(double.PositiveInfinity);
    }

    [Fact]
    public void Leading_dimensions_stay()
    {
        using var scope = NewDisposeScope();
        var p = ones([2, 5, 4], dtype: ScalarType.Float64) / 4.0;
        TensorDivergence.JensenShannon(p, p).shape.Should().Equal(2, 5);
        TensorDivergence.Entropy(p.select(0, 0).select(0, 0)).item<double>().Should().BeApproximately(Math.Log(4), 1e-15);
    }

    [Fact]
    public void Inputs_that_are_no_distributions_are_rejected_by_row_and_class()
    {
        using var scope = NewDisposeScope();
        var good = tensor(new double[,] { { 0.5, 0.5 }, { 0.1, 0.9 } });
        Rejects(tensor(new double[,] { { 0.5, 0.5 }, { 0.1, double.NaN } }), false, "p holds NaN at row 1, class 1,*");
        Rejects(tensor(new double[,] { { 0.5, 0.5 }, { -0.1, 1.1 } }), false, "p holds -0.1 at row 1, class 0,*");
        Rejects(tensor(new double[,] { { 0.5, 0.5 }, { 0.25, 0.5 } }), false, "p has a row, number 1, that sums to 0.75,*");
        Rejects(tensor(new double[,] { { 0, double.NaN }, { 0, 0 } }), true, "p has a row of logits, number 0, whose largest is NaN,*");
        Rejects(tensor(new double[,] { { 0, 0 }, { double.NegativeInfinity, double.NegativeInfinity } }), true, "p has a row of logits, number 1*");
        Rejects(ones([2, 3], dtype: ScalarType.Float64) / 3.0, false, "p has the shape [2, 3] and q [2, 2],*");
        Rejects(good.to(ScalarType.Float32), false, "p has the type Float32 and q Float64,*");
        FluentActions.Invoking(() => TensorDivergence.Entropy(ones([2], dtype: ScalarType.Int64))).Should().Throw<ArgumentException>().WithMessage("*Int64*");
        FluentActions.Invoking(() => TensorDivergence.Entropy(tensor(1.0))).Should().Throw<ArgumentException>().WithMessage("*shape []*");
        FluentActions.Invoking(() => TensorDivergence.Renyi(good, good, -1)).Should().Throw<ArgumentOutOfRangeException>();

        void Rejects(Tensor p, bool fromLogits, string message) =>
            FluentActions.Invoking(() => TensorDivergence.KullbackLeibler(p, good, fromLogits)).Should().Throw<ArgumentException>().WithMessage(message);
    }

    [Fact]
    public void A_call_leaves_nothing_behind_but_its_result()
    {
        using var scope = NewDisposeScope();
        Tensor p = tensor(First), q = tensor(Second);
        foreach (var (measure, _) in Measures.Values)
        {
            int before = scope.DisposablesView.Count;
            measure(p, q, false);
            scope.DisposablesView.Count.Should().Be(before + 1);
        }
    }

    private static void CheckGradients(Measure measure, double[,] rowsOfP, double[,] rowsOfQ, bool fromLogits, string name)
    {
        using var scope = NewDisposeScope();
        Tensor p = tensor(rowsOfP), q = tensor(rowsOfQ);
        if (fromLogits) (p, q) = (p.log(), q.log());
        var gradients = Gradients(measure, p, q, fromLogits);
        const double Step = 1e-6;
        for (int side = 0; side < 2; side++)
        {
            var input = side == 0 ? p : q;
            for (int row = 0; row < 3; row++)
            {
                for (int k = 0; k < 2; k++)
                {
                    // Along the simplex: what one class gains the next one loses.
                    var step = zeros([3, 3], dtype: ScalarType.Float64);
                    step.bytes = ToBytes(row * 3 + k, Step, row * 3 + k + 1, -Step);
                    Tensor ahead = input + step, behind = input - step;
                    double forward = (side == 0 ? measure(ahead, q, fromLogits) : measure(p, ahead, fromLogits)).sum().item<double>();
                    double backward = (side == 0 ? measure(behind, q, fromLogits) : measure(p, behind, fromLogits)).sum().item<double>();
                    double analytic = (gradients[side] * step).sum().item<double>() / Step;
                    analytic.Should().BeApproximately((forward - backward) / (2 * Step), 1e-7, "{0}, side {1}, row {2}, class {3}, logits {4}", name, side, row, k, fromLogits);
                }
            }
        }
    }

    private static byte[] ToBytes(int index, double value, int other, double otherValue)
    {
        var values = new double[9];
        (values[index], values[other]) = (value, otherValue);
        return System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
    }

    private static Tensor[] Gradients(Measure measure, Tensor p, Tensor q, bool fromLogits)
    {
        Tensor a = p.detach().clone().requires_grad_(), b = q.detach().clone().requires_grad_();
        // Some measures know nothing of one side; a term that does makes both gradients exist.
        var value = measure(a, b, fromLogits).sum() + Nothing(a) + Nothing(b);
        return [.. autograd.grad([value], [a, b])];

        static Tensor Nothing(Tensor x) => (x.masked_fill(x.detach().isfinite().logical_not(), 0.0) * 0.0).sum();
    }

    private static void CheckFinite(Tensor[] gradients, string what)
    {
        foreach (var gradient in gradients) gradient.isfinite().all().item<bool>().Should().BeTrue(what);
    }

    private static double[] Row(double[,] table, int row) => Enumerable.Range(0, table.GetLength(1)).Select(k => table[row, k]).ToArray();
}
