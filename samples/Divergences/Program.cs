using GenModels;
using GenModels.Distributions;
using GenModels.Divergences;
using GenModels.Samples;
using TorchSharp;

var command = new SampleCommand(
    "divergences", "Measures between distributions, on worked examples: entropy, Kullback-Leibler and Jensen-Shannon divergence, a joint table, and two estimators of a gradient.");
var logBase = command.AddChoice("--base", "The base of the logarithm: e (nats), 2 (bits) or 10 (hartleys).", "e", "e", "2", "10");

return command.Run(args, (parsed, _) =>
{
    var (unit, name) = parsed.GetValue(logBase) switch
    {
        "2" => (LogBase.Bits, "bits"),
        "10" => (LogBase.Hartleys, "hartleys"),
        _ => (LogBase.Nats, "nats"),
    };
    BetweenDistributions(unit, name);
    BetweenPositiveFunctions();
    OfJointCounts(unit, name);
    OfGradients(command.Seed(parsed));
});

static void BetweenDistributions(LogBase unit, string name)
{
    double[] p = [1.0 / 2, 1.0 / 4, 1.0 / 4, 0], q = [1.0 / 8, 1.0 / 8, 3.0 / 4, 0], r = [0, 0, 0, 1];
    var table = new FigureTable(
        $"Two distributions, in {name}: p = (1/2, 1/4, 1/4, 0), q = (1/8, 1/8, 3/4, 0), and r = (0, 0, 0, 1), which shares no outcome with p",
        "measure", "p and p", "p and q", "q and p", "p and r");
    void Add(string measure, Func<double[], double[], double> of) => table.Add(measure, of(p, p), of(p, q), of(q, p), of(p, r));

    Add("entropy H of the first", (a, _) => Divergence.Entropy(a, unit));
    Add("cross-entropy H(first, second)", (a, b) => Divergence.CrossEntropy(a, b, unit));
    Add("KL = cross-entropy − entropy", (a, b) => Divergence.KullbackLeibler(a, b, unit));
    Add("Jensen-Shannon JS", (a, b) => Divergence.JensenShannon(a, b, unit));
    Add("√JS, a metric", (a, b) => Divergence.JensenShannonDistance(a, b, unit));
    table.Show(
        "KL is directed: from p to q it is another than from q to p, and where the second has no probability for what the first draws, KL is infinite. " +
        "JS is symmetric and never above log 2, which p and r reach.");
}

static void BetweenPositiveFunctions()
{
    double[] f = [2, 1, 3], g = [1, 1, 4];
    var table = new FigureTable("Functions that do not sum to 1, in nats: f = (2, 1, 3), g = (1, 1, 4)", "measure", "f and f", "f and g", "g and f");
    table.Add(
        "generalised KL, Σ f log(f/g) − f + g",
        Divergence.GeneralizedKullbackLeibler(f, f), Divergence.GeneralizedKullbackLeibler(f, g), Divergence.GeneralizedKullbackLeibler(g, f));
    table.Show();
}

static void OfJointCounts(LogBase unit, string name)
{
    string[] weather = ["sun", "rain"];
    var joint = JointTable.FromCounts(new long[,] { { 45, 5 }, { 10, 40 } });
    var probabilities = new FigureTable("100 days counted: the weather x, and whether there was an umbrella, y", "x", "p(x, no)", "p(x, yes)", "p(x)", "p(no | x)", "p(yes | x)");
    for (int x = 0; x < joint.Rows; x++)
        probabilities.Add(weather[x], [joint[x, 0], joint[x, 1], joint.MarginalX()[x], .. joint.ConditionalYGivenX(x)]);
    probabilities.Show();

    var measures = new FigureTable($"What they tell of each other, in {name}", "H(X)", "H(Y)", "H(X, Y)", "H(Y | X)", "H(X | Y)", "I(X; Y)");
    measures.Add(
        joint.EntropyX(unit), joint.EntropyY(unit), joint.JointEntropy(unit),
        joint.ConditionalEntropyYGivenX(unit), joint.ConditionalEntropyXGivenY(unit), joint.MutualInformation(unit));
    measures.Show("H(X, Y) = H(X) + H(Y | X), and I(X; Y) = H(Y) − H(Y | X).");
}

static void OfGradients(ulong seed)
{
    const double mu = 1.5, variance = 0.64;
    const int draws = 100_000;
    using var scope = torch.NewDisposeScope();
    var generator = new RandomGenerator(seed);
    var distribution = new DiagonalGaussian(
        torch.full([1, 1], mu, dtype: torch.float64), torch.full([1, 1], Math.Log(variance), dtype: torch.float64));
    using var score = GradientEstimators.ScoreFunction(distribution, z => z.square().sum(1), draws, generator);
    using var pathwise = GradientEstimators.Pathwise(distribution, z => z.square().sum(1), draws, generator);

    var table = new FigureTable(
        $"The gradient of E z² for z ~ N({mu}, {variance}), from {draws:N0} draws",
        "by", "exact", "score function", "its variance", "pathwise", "its variance");
    void Add(string parameter, int index, double exact) => table.Add(
        parameter, exact, score.Mean[index].item<double>(), score.Variance[index].item<double>(),
        pathwise.Mean[index].item<double>(), pathwise.Variance[index].item<double>());

    Add("μ", 0, 2 * mu);
    Add("log σ²", 1, variance);
    table.Show("Both agree in the mean. The pathwise one differentiates the sample z = μ + σε, and varies far less from draw to draw.");
}
