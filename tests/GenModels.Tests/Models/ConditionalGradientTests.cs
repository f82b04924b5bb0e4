using GenModels.Data;
using GenModels.Networks;

namespace GenModels.Tests.Models;

/// <summary>The gradients that a step of a conditional model follows, beside central differences of its objective.</summary>
public sealed class ConditionalGradientTests : IDisposable
{
    private const int Count = 4;

    private readonly DisposeScope _scope = torch.NewDisposeScope();

    public static TheoryData<VaeOptions> Vaes
    {
        get
        {
            var small = new VaeOptions
            {
                ExampleShape = [6],
                Hidden = [5],
                LatentSize = 3,
                Activation = Activation.Tanh,
                Condition = Condition.Classes(3),
                Optimizer = Gradients.Optimizer,
                Seed = 4,
            };
            return new()
            {
                small with { Beta = 0.7 },
                small with { Encoder = EncoderLayout.SeparateNetworks, Condition = Condition.Vectors(2) },
                small with { ImportanceSamples = 3 },
                small with { ImportanceSamples = 3, Condition = Condition.Vectors(2), Likelihood = new GaussianLikelihood { StandardDeviation = 0.3, Learned = true } },
            };
        }
    }

    public static TheoryData<AutoencoderOptions> Autoencoders
    {
        get
        {
            var small = new AutoencoderOptions
            {
                ExampleShape = [6],
                Hidden = [5],
                CodeSize = 3,
                Activation = Activation.Tanh,
                Condition = Condition.Classes(3),
                Optimizer = Gradients.Optimizer,
                Seed = 4,
            };
            return new() { small, small with { Condition = Condition.Vectors(2), Hidden = [], Loss = ReconstructionLoss.Bernoulli } };
        }
    }

    public static TheoryData<GanOptions> Gans
    {
        get
        {
            var small = new GanOptions
            {
                ExampleShape = [6],
                NoiseSize = 3,
                Generator = new HiddenLayers { Widths = [8], Activation = Activation.Tanh },
                Discriminator = new HiddenLayers { Widths = [8], Activation = Activation.Tanh },
                Condition = Condition.Classes(3),
                GeneratorOptimizer = Gradients.Optimizer,
                DiscriminatorOptimizer = Gradients.Optimizer,
                Seed = 4,
            };
            return new()
            {
                small,
                small with { Packing = 2, R1 = 2 },
                small with { Packing = 2, R1 = 1, Condition = Condition.Vectors(2), Objective = GanObjective.LeastSquares },
            };
        }
    }

    public void Dispose() => _scope.Dispose();

    [Theory, MemberData(nameof(Vaes))]
    public void Every_parameter_of_a_VAE_has_the_gradient_of_its_objective(VaeOptions options)
    {
        using var model = new Vae(options);
        var batch = BatchFor(options);
        var gradients = Gradients.OfStep(new Vae(options), model.State, batch);
        ShouldBeSlopes(model, "", gradients, () =>
        {
            var noise = RandomGenerator.For(options.Seed, RandomStreams.Noise);
            return model.Evaluate(batch, noise).Loss;
        });
    }

    [Theory, MemberData(nameof(Autoencoders))]
    public void Every_parameter_of_an_autoencoder_has_the_gradient_of_its_objective(AutoencoderOptions options)
    {
        using var model = new Autoencoder(options);
        var batch = BatchFor(options);
        ShouldBeSlopes(model, "", Gradients.OfStep(new Autoencoder(options), model.State, batch), () => model.Evaluate(batch).Loss);
    }

    [Theory, MemberData(nameof(Gans))]
    public void Every_parameter_of_a_GAN_has_the_gradient_of_its_networks_objective(GanOptions options)
    {
        using Gan model = new(options), stepped = new(options);
        var batch = BatchFor(options);
        var gradients = Gradients.OfStep(new Gan(options), model.State, batch);
        ShouldBeSlopes(model, "discriminator.", gradients, () =>
        {
            var noise = RandomGenerator.For(options.Seed, RandomStreams.Noise);
            return model.Evaluate(batch, noise).Loss;
        });

        // The generator's step comes after the discriminator's, and on the noise that is drawn next.
        stepped.TrainStep(batch);
        using (torch.no_grad())
            foreach (var (name, weight) in model.State.Where(s => s.Key.StartsWith("discriminator.", StringComparison.Ordinal))) weight.copy_(stepped.State[name]);
        ShouldBeSlopes(model, "generator.", gradients, () =>
        {
            var noise = RandomGenerator.For(options.Seed, RandomStreams.Noise);
            model.Evaluate(batch, noise);
            return model.Evaluate(batch, noise).GeneratorLoss;
        });
    }

    private static Batch BatchFor(ModelOptions options) => new(
        Examples.Batch(Count, [6]), options.Condition is VectorCondition vectors ? Examples.Batch(Count, [vectors.Size], seed: 7) : torch.tensor([2L, 0, 1, 0]));

    private static void ShouldBeSlopes(ITrainable model, string part, Dictionary<string, double[]> gradients, Func<double> objective)
    {
        foreach (var (name, parameter) in model.State.Where(s => s.Key.StartsWith(part, StringComparison.Ordinal)))
            for (long i = 0; i < parameter.numel(); i++)
            {
                double slope = Gradients.Slope(parameter, i, objective);
                gradients[name][i].Should().BeApproximately(slope, 2e-3 * (1 + Math.Abs(slope)), "{0}[{1}]", name, i);
            }
    }
}
