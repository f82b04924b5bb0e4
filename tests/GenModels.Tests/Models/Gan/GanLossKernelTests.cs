using GenModels.Kernels;

namespace GenModels.Tests.Models;

public class GanLossKernelTests
{
    // Half a unit in the last place of single precision, relative.
    private const double HalfUlp = 6e-8;
    // Exponentials below this are 0 in the kernel.
    private const double Least = 1.4e-38;

    public static TheoryData<GanObjective, int, double> Cases
    {
        get
        {
            var cases = new TheoryData<GanObjective, int, double>();
            foreach (var objective in Enum.GetValues<GanObjective>())
                foreach (int length in new[] { 1, 7, 16, 37, 1000, 40_000 })
                    foreach (double target in new[] { 1, 0.9 })
                        cases.Add(objective, length, target);
            return cases;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Losses_and_gradients_equal_those_of_the_scalar_formulas(GanObjective objective, int length, double target)
    {
        float[] real = Logits(length, 1), generated = Logits(length + 3, 2);
        var (realGradient, generatedGradient) = (new float[length], new float[length + 3]);
        double loss = GanLosses.Discriminator(objective, real, generated, realGradient, generatedGradient, target);
        (double Loss, double Slope)[] ofReal = [.. real.Select(l => ScalarGanLosses.OfReal(objective, l, target))];
        (double Loss, double Slope)[] ofGenerated = [.. generated.Select(l => ScalarGanLosses.OfGenerated(objective, l))];
        // Under a smoothed target a real logit's slope is a difference of numbers up to 1, and its loss has a part of 1 − t times the logit.
        double smoothed = target < 1 ? 1 : 0;
        loss.Should().BeApproximately(
            ofReal.Average(t => t.Loss) + ofGenerated.Average(t => t.Loss),
            Tolerance(ofReal) + Tolerance(ofGenerated) + smoothed * 2 * HalfUlp * real.Average(l => Math.Abs(l)));
        ShouldEqual(realGradient, ofReal, smoothed);
        ShouldEqual(generatedGradient, ofGenerated);

        loss = GanLosses.Generator(objective, generated, generatedGradient);
        (double Loss, double Slope)[] ofGenerator = [.. generated.Select(l => ScalarGanLosses.OfGenerator(objective, l))];
        loss.Should().BeApproximately(ofGenerator.Average(t => t.Loss), Tolerance(ofGenerator));
        ShouldEqual(generatedGradient, ofGenerator);
    }

    [Theory, MemberData(nameof(Cases))]
    public void Judgements_equal_those_of_the_scalar_formulas(GanObjective objective, int length, double _)
    {
        float[] logits = Logits(length, 3);
        var (actual, expected) = (Judgement.Of(objective, logits), ScalarGanLosses.Judge(objective, logits));
        // The terms of each mean have one sign.
        double relative = Relative(length);
        void ShouldBeNear(double? a, double? e)
        {
            if (e is { } value) a.Should().BeApproximately(value, relative * Math.Abs(value) + Least);
            else a.Should().BeNull();
        }
        ShouldBeNear(actual.Mean, expected.Mean);
        ShouldBeNear(actual.MeanLog, expected.MeanLog);
        ShouldBeNear(actual.MeanLogRest, expected.MeanLogRest);
        (actual.PartAbove, actual.PartBelow).Should().Be((expected.PartAbove, expected.PartBelow));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void What_is_not_finite_shows_as_in_the_scalar_formulas_wherever_it_stands(float bad)
    {
        foreach (var objective in Enum.GetValues<GanObjective>())
            foreach (int at in new[] { 0, 9, 17, 34, 36 })
            {
                float[] logits = Logits(37, 4);
                logits[at] = bad;
                float[] gradient = new float[37], other = new float[1];
                Check(GanLosses.Discriminator(objective, logits, [0], gradient, other), l => ScalarGanLosses.OfReal(objective, l, 1));
                Check(GanLosses.Discriminator(objective, [0], logits, other, gradient), l => ScalarGanLosses.OfGenerated(objective, l));
                Check(GanLosses.Generator(objective, logits, gradient), l => ScalarGanLosses.OfGenerator(objective, l));

                void Check(double loss, Func<double, (double Loss, double Slope)> term)
                {
                    double expected = logits.Sum(l => term(l).Loss);
                    if (double.IsFinite(expected)) double.IsFinite(loss).Should().BeTrue();
                    else loss.Should().Be(expected, "of {0} with the logit {1} at {2}", objective, bad, at);
                    ShouldEqual(gradient[at], term(bad).Slope / 37, 4 * HalfUlp / 37);
                }

                var (actual, judged) = (Judgement.Of(objective, logits), ScalarGanLosses.Judge(objective, logits));
                foreach (var (a, e) in new[] { (actual.Mean, judged.Mean), (actual.MeanLog, judged.MeanLog), (actual.MeanLogRest, judged.MeanLogRest) })
                {
                    (a is null).Should().Be(e is null);
                    if (a is { } figure && e is { } value) ShouldEqual(figure, value, Relative(37) * Math.Abs(value));
                }
                (actual.PartAbove, actual.PartBelow).Should().Be((judged.PartAbove, judged.PartBelow));
            }
    }

    [Fact]
    public void Losses_allocate_nothing_in_proportion_to_the_logits()
    {
        float[] logits = Logits(10_000, 5), gradient = new float[10_000];
        double Run() => GanLosses.Generator(GanObjective.NonSaturating, logits, gradient) + Judgement.Of(GanObjective.NonSaturating, logits).Mean.GetValueOrDefault();
        Run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run();
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(1000);
    }

    // From −100 to 100, half of them within ±3 and some at the hinges' and the sigmoid's corners.
    private static float[] Logits(int length, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(i => (i % 13) switch
        {
            5 => -1,
            7 => 1,
            11 => 0,
            12 => random.Next(2) == 0 ? -100 : 100,
            var k => (float)((random.NextDouble() - 0.5) * (k % 2 == 0 ? 6 : 200)),
        })];
    }

    // Four half units for each of e and log(1 + e), and one for joining them; then one for every addition of a lane within a block, of the
    // scalar tail and of the lanes' sum.
    private static double Relative(int length)
    {
        return (9 + Math.Min(length, 2048) / LaneSum.Lanes + 2 * LaneSum.Lanes) * HalfUlp;
    }

    private static double Tolerance((double Loss, double Slope)[] terms) => Relative(terms.Length) * terms.Average(t => Math.Abs(t.Loss)) + Least;

    private static void ShouldEqual(double actual, double expected, double tolerance)
    {
        if (double.IsFinite(expected)) actual.Should().BeApproximately(expected, tolerance);
        else actual.Should().Be(expected);
    }

    // Six half units of σ, and one each of the scale and the product with it. A difference is as exact as the larger of its parts.
    private static void ShouldEqual(float[] actual, (double Loss, double Slope)[] terms, double differenceOf = 0)
    {
        actual.Should().HaveSameCount(terms);
        for (int i = 0; i < actual.Length; i++)
            (actual[i] * (double)actual.Length).Should().BeApproximately(
                terms[i].Slope, 8 * HalfUlp * (Math.Abs(terms[i].Slope) + differenceOf) + Least * actual.Length, "slope {0}", i);
    }
}
