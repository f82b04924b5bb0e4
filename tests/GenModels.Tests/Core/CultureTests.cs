using System.Globalization;
using GenModels.Data;
using GenModels.Distributions;
using GenModels.Divergences;
using GenModels.Evaluation;
using GenModels.Networks;
using GenModels.Optimization;
using GenModels.Training;

namespace GenModels.Tests.Core;

public class CultureTests
{
    private static readonly VaeOptions Vae = new() { ExampleShape = [2], Hidden = [2], LatentSize = 2 };

    // Figures with a decimal point or a sign, in errors and in what prints.
    private static readonly Func<object?>[] Texts =
    [
        Error(() => LogBase.Of(0.5)),
        Error(() => new UniformDistribution(0.5, -0.5)),
        Error(() => new NormalDistribution(0, -0.5)),
        Error(() => new BernoulliDistribution(1.5)),
        Error(() => new DiagonalNormalDistribution([0.5], [-0.5])),
        Error(() => new MultivariateNormalDistribution([0, 0], new double[,] { { 1, 0.5 }, { -0.5, 1 } })),
        Error(() => new CategoricalDistribution([0.25, 0.25])),
        Error(() => Divergence.Entropy([0.5, -0.5])),
        Error(() => Divergence.Entropy([0.5, 0.25])),
        Error(() => Divergence.Renyi([1], [1], -0.5)),
        Error(() => JointTable.FromProbabilities(new[,] { { 0.25, 0.25 } })),
        Error(() => JointTable.FromCounts(new long[,] { { 1 } }).ConditionalYGivenX(-1)),
        Error(() => SampleDivergence.Histogram([0.5], [double.NaN], 3)),
        Error(() => SampleDivergence.NearestNeighbor([0.5], [0.5], k: -1)),
        Error(() => new FeatureMoments([0, 0], new double[,] { { 1, 0.5 }, { -0.5, 1 } })),
        Error(() => (Vae with { Beta = -0.5 }).Validate()),
        Error(() => (Vae with { Beta = 0.5, ImportanceSamples = 2 }).Validate()),
        Error(() => (Vae with { LatentSize = -1 }).Validate()),
        Error(() => (Vae with { ExampleShape = [-1] }).Validate()),
        Error(() => (Vae with { WeightAverage = 1.5 }).Validate()),
        Error(() => (Vae with { Optimizer = new AdamOptions { LearningRate = -0.5 } }).Validate()),
        Error(() => new GanOptions { LabelSmoothing = 0.75 }.Validate()),
        Error(() => new GanOptions { LabelSmoothing = 0.25, Objective = GanObjective.Hinge }.Validate()),
        Error(() => new DensityOptions { CovarianceFloor = 1.5 }.Validate()),
        Error(() => new FitOptions { MaxDuration = TimeSpan.FromSeconds(-0.5) }.Validate()),
        Error(() => new ParzenOptions { Bandwidths = [0.5, -0.5] }.Validate()),
        Error(() => DataSets.Digits().Train.Slice(-1, 1)),
        Error(() => DataSets.Digits().Train.Slice(0, -1)),
        Error(() => DataSets.Digits().Train.Gather([-1], new float[64])),
        Error(() => DataSets.Digits().Train.ToTensor(-1, 5)),
        Error(OutOfRangeOfTheModel),
        Error(NoSuchDimension),
        () => new VaeMetrics(-0.5, 0.5, 0.25),
        () => new AutoencoderMetrics(-0.5),
        () => new GanMetrics(0.5, -0.5, 0.5, -1.5, null, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5),
        () => new ClassifierMetrics(0.5, 0.5),
        () => new MeanEstimate(-0.5, 0.5),
        () => new MeanEstimate(-0.5, double.NaN),
        () => new DivergenceEstimate(0.5, 0.25),
        () => new ParzenEstimate(new(-0.5, 0.5), 0.5, true),
        () => new LogLikelihoodEstimate(new(-0.5, 0.5), [-0.5], 1.5),
        () => new PrecisionRecall(0.5, 0.5),
        () => new DensityCoverage(1.5, 0.5),
        () => new KolmogorovSmirnov(0.5, 0.5),
        () => new ClassifierScore(1.5, 0.5),
        () => new TableComparison([new("a", new(0.5, 0.5), 0.5)], 0.5, 0.5),
        () => new LatentDimension(1, 0.5, 0.5, true, -0.5, 0.5),
        () => new ModeCoverage(8, 7, 0.5, 0.98889, 0.5, [1, 2]),
        () => new GanHealth(50, -0.5, -1.5, null, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, [.. Enum.GetValues<GanFault>()]),
    ];

    [Fact]
    public void Errors_and_figures_read_the_same_in_every_culture()
    {
        // Decimal commas, and the minus sign of Unicode, as in Sweden.
        var other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        other.NumberFormat.NumberDecimalSeparator = other.NumberFormat.PercentDecimalSeparator = ",";
        other.NumberFormat.NegativeSign = "\u2212";
        other.NumberFormat.NaNSymbol = "¤¤¤";
        string[] expected = In(CultureInfo.InvariantCulture), actual = In(other);
        actual.Should().Equal(expected);
        expected.Should().OnlyContain(text => text.Length > 0 && !text.Contains('{'), "nothing prints its members");
    }

    private static string[] In(CultureInfo culture)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = culture;
        try
        {
            return [.. Texts.Select(text => $"{text()}")];
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static Func<object?> Error(Action act) => () => act.Should().Throw<ArgumentException>().Which.Message;

    private static void OutOfRangeOfTheModel()
    {
        using var scope = torch.NewDisposeScope();
        using var gan = new Gan(new GanOptions { ExampleShape = [2], OutputActivation = Activation.Tanh });
        gan.TrainStep(torch.full([4, 2], -1.5));
    }

    private static void NoSuchDimension()
    {
        using var scope = torch.NewDisposeScope();
        using var vae = new Vae(Vae);
        LatentWalk.Traverse(vae, torch.zeros(1, 2), [-1]);
    }
}
