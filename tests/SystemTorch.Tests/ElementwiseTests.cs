using TorchSharp;

namespace SystemTorch.Tests;

/// <summary>Functions of one element, against .NET's or published values.</summary>
public class ElementwiseTests
{
    private const double EulerGamma = 0.57721566490153286;

    public static TheoryData<string, Func<torch.Tensor, torch.Tensor>, Func<double, double>> OverPositiveNumbers => new()
    {
        { "exp", x => x.exp(), Math.Exp },
        { "torch.exp", torch.exp, Math.Exp },
        { "log", x => x.log(), Math.Log },
        { "torch.log", torch.log, Math.Log },
        { "log1p", x => x.log1p(), x => Math.Log(1 + x) },
        { "torch.log1p", torch.log1p, x => Math.Log(1 + x) },
        { "expm1", x => x.expm1(), x => Math.Exp(x) - 1 },
        { "torch.expm1", torch.expm1, x => Math.Exp(x) - 1 },
        { "sqrt", x => x.sqrt(), Math.Sqrt },
        { "torch.sqrt", torch.sqrt, Math.Sqrt },
        { "rsqrt", x => x.rsqrt(), x => 1 / Math.Sqrt(x) },
        { "pow(3)", x => x.pow(3), x => x * x * x },
        { "pow(-0.5)", x => x.pow(-0.5), x => Math.Pow(x, -0.5) },
    };

    public static TheoryData<string, Func<torch.Tensor, torch.Tensor>, Func<double, double>> OverAllNumbers => new()
    {
        { "neg", x => x.neg(), x => -x },
        { "-", x => -x, x => -x },
        { "square", x => x.square(), x => x * x },
        { "torch.square", torch.square, x => x * x },
        { "abs", x => x.abs(), Math.Abs },
        { "torch.abs", torch.abs, Math.Abs },
        { "sign", x => x.sign(), x => Math.Sign(x) },
        { "floor", x => x.floor(), Math.Floor },
        { "ceil", x => x.ceil(), Math.Ceiling },
        { "sigmoid", x => x.sigmoid(), Sigmoid },
        { "torch.sigmoid", torch.sigmoid, Sigmoid },
        { "tanh", x => x.tanh(), Math.Tanh },
        { "torch.tanh", torch.tanh, Math.Tanh },
        { "relu", x => x.relu(), x => Math.Max(x, 0) },
        { "clamp", x => x.clamp(-1, 1.5), x => Math.Clamp(x, -1, 1.5) },
        { "clamp below", x => x.clamp(min: 0.5), x => Math.Max(x, 0.5) },
        { "clamp above", x => x.clamp(max: 0.5), x => Math.Min(x, 0.5) },
        { "functional.relu", x => torch.nn.functional.relu(x), x => Math.Max(x, 0) },
        { "functional.leaky_relu", x => torch.nn.functional.leaky_relu(x, 0.2), x => x > 0 ? x : 0.2 * x },
        { "functional.elu", x => torch.nn.functional.elu(x, 1.5), x => x > 0 ? x : 1.5 * (Math.Exp(x) - 1) },
        { "functional.softplus", x => torch.nn.functional.softplus(x), x => Math.Log(1 + Math.Exp(x)) },
        { "functional.softplus(2)", x => torch.nn.functional.softplus(x, 2), x => Math.Log(1 + Math.Exp(2 * x)) / 2 },
    };

    [Theory]
    [MemberData(nameof(OverPositiveNumbers))]
    public void EqualsTheFunctionOfPositiveNumbers(string name, Func<torch.Tensor, torch.Tensor> computed, Func<double, double> expected) =>
        Compare(name, computed, expected, [0.01, 0.5, 1, 2.25, 7]);

    [Theory]
    [MemberData(nameof(OverAllNumbers))]
    public void EqualsTheFunctionOfAnyNumber(string name, Func<torch.Tensor, torch.Tensor> computed, Func<double, double> expected) =>
        Compare(name, computed, expected, [-3.5, -1, -0.25, 0, 0.75, 2, 4.5]);

    [Fact]
    public void ErfHasTheTabulatedValues()
    {
        using var scope = torch.NewDisposeScope();
        var x = torch.tensor(new[] { 0, 0.5, 1, -2 });
        double[] expected = [0, 0.52049987781304654, 0.84270079294971487, -0.99532226501895273];
        x.erf().ShouldBe(expected);
        torch.erf(x).ShouldBe(expected);
    }

    [Fact]
    public void LgammaIsTheLogarithmOfFactorials()
    {
        using var scope = torch.NewDisposeScope();
        torch.tensor(new[] { 0.5, 1, 2, 5, 11 }).lgamma().ShouldBe(0.5 * Math.Log(Math.PI), 0, 0, Math.Log(24), Math.Log(3628800));
    }

    [Fact]
    public void DigammaFollowsFromEulersConstant()
    {
        using var scope = torch.NewDisposeScope();
        torch.tensor(new[] { 1, 2, 0.5, 4 }).digamma()
            .ShouldBe(-EulerGamma, 1 - EulerGamma, -EulerGamma - 2 * Math.Log(2), 1 + 0.5 + 1.0 / 3 - EulerGamma);
    }

    [Fact]
    public void FiniteInfiniteAndNotANumberAreToldApart()
    {
        using var scope = torch.NewDisposeScope();
        var x = torch.tensor(new[] { 1, double.PositiveInfinity, double.NegativeInfinity, double.NaN });
        x.isfinite().data<bool>().ToArray().Should().Equal(true, false, false, false);
        torch.isfinite(x).data<bool>().ToArray().Should().Equal(true, false, false, false);
        x.isinf().data<bool>().ToArray().Should().Equal(false, true, true, false);
        x.isnan().data<bool>().ToArray().Should().Equal(false, false, false, true);
    }

    [Fact]
    public void LogicWorksOnTruthValues()
    {
        using var scope = torch.NewDisposeScope();
        var (a, b) = (torch.tensor(new[] { true, true, false, false }), torch.tensor(new[] { true, false, true, false }));
        a.logical_and(b).data<bool>().ToArray().Should().Equal(true, false, false, false);
        a.logical_not().data<bool>().ToArray().Should().Equal(false, false, true, true);
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static void Compare(string name, Func<torch.Tensor, torch.Tensor> computed, Func<double, double> expected, double[] inputs)
    {
        using var scope = torch.NewDisposeScope();
        var values = computed(torch.tensor(inputs));
        values.dtype.Should().Be(torch.ScalarType.Float64, name);
        values.ShouldBe(Array.ConvertAll(inputs, x => expected(x)));
        computed(torch.tensor(inputs).to(torch.ScalarType.Float32)).dtype.Should().Be(torch.ScalarType.Float32, name);
    }
}
