using System.Text.Json;
using GenModels.Networks;
using GenModels.Optimization;

namespace GenModels.Tests.Models;

public class GanTests
{
    private static readonly GanOptions Small = new()
    {
        ExampleShape = [6],
        NoiseSize = 3,
        Generator = new HiddenLayers { Widths = [8, 7], BatchNorm = true },
        Discriminator = new HiddenLayers { Widths = [8, 7], Activation = Activation.LeakyRelu },
        Seed = 4,
    };

    public static TheoryData<GanOptions> Variants => new()
    {
        Small,
        Small with { Generator = new HiddenLayers { Widths = [8] }, Objective = GanObjective.Saturating, LabelSmoothing = 0.1 },
        Small with { Objective = GanObjective.LeastSquares, OutputActivation = Activation.Identity, Noise = NoiseDistribution.Uniform },
        Small with { Objective = GanObjective.Wasserstein, OutputActivation = Activation.Tanh },
        Small with { Objective = GanObjective.Hinge, R1 = 2, Packing = 3 },
        Small with { R1 = 1, GradientPenalty = 2, Discriminator = new HiddenLayers { Widths = [8], MaxoutPieces = 5, InputDropout = 0.2, Dropout = 0.5 } },
        Small with { GeneratorOptimizer = new SgdOptions { LearningRate = 0.1, Momentum = 0.5 }, Generator = new HiddenLayers { Widths = [8], MaxoutPieces = 2, Dropout = 0.1 } },
    };

    [Theory, MemberData(nameof(Variants))]
    public void Training_changes_every_weight_and_all_figures_are_finite(GanOptions options)
    {
        using var scope = torch.NewDisposeScope();
        using var gan = new Gan(options);
        var before = Snapshot(gan);
        for (ulong step = 0; step < 5; step++) gan.TrainStep(Examples.Batch(24, [6], step)).Named.Should().OnlyContain(m => double.IsFinite(m.Value));
        foreach (var (name, tensor) in gan.State.Where(s => HasGradient(options, s.Key))) Values(tensor).Should().NotEqual(before[name], name);
    }

    [Theory, MemberData(nameof(Variants))]
    public void A_discriminator_step_leaves_the_generator_untouched(GanOptions options)
    {
        using var scope = torch.NewDisposeScope();
        using var gan = new Gan(options with { DiscriminatorSteps = 100 });
        var before = Snapshot(gan);
        for (ulong step = 0; step < 5; step++) gan.TrainStep(Examples.Batch(24, [6], step));
        foreach (var (name, tensor) in gan.State)
            if (name.StartsWith("generator.", StringComparison.Ordinal)) Values(tensor).Should().Equal(before[name], name);
            else if (HasGradient(options, name)) Values(tensor).Should().NotEqual(before[name], name);
    }

    [Theory, MemberData(nameof(Variants))]
    public void A_generator_step_leaves_the_discriminator_untouched(GanOptions options)
    {
        // The same first discriminator step; only one of the two takes a generator step after it.
        using var scope = torch.NewDisposeScope();
        using var with = new Gan(options);
        using var without = new Gan(options with { DiscriminatorSteps = 2 });
        with.TrainStep(Examples.Batch(24, [6]));
        without.TrainStep(Examples.Batch(24, [6]));
        foreach (var (name, tensor) in with.State)
            if (name.StartsWith("discriminator.", StringComparison.Ordinal)) Values(tensor).Should().Equal(Values(without.State[name]), name);
            else Values(tensor).Should().NotEqual(Values(without.State[name]), name);
    }

    [Fact]
    public void The_generator_takes_a_step_after_every_k_of_the_discriminator()
    {
        using var scope = torch.NewDisposeScope();
        using var gan = new Gan(Small with { DiscriminatorSteps = 3 });
        var changed = new List<bool>();
        for (ulong step = 0; step < 7; step++)
        {
            var before = Values(gan.State["generator.0.weight"]);
            gan.TrainStep(Examples.Batch(8, [6], step));
            changed.Add(!before.SequenceEqual(Values(gan.State["generator.0.weight"])));
        }
        changed.Should().Equal(false, false, true, false, false, true, false);
    }

    [Theory, MemberData(nameof(Variants))]
    public void Every_step_moves_weights_along_the_gradient_of_its_objective(GanOptions options)
    {
        // Gradient descent at rate 1 moves weights by the gradient itself. Noise of both steps and of the penalty comes from one stream.
        options = options with
        {
            Generator = new HiddenLayers { Widths = [8], Activation = Activation.Tanh },
            Discriminator = new HiddenLayers { Widths = [8], Activation = Activation.Tanh },
            GeneratorOptimizer = new SgdOptions { LearningRate = 1 },
            DiscriminatorOptimizer = new SgdOptions { LearningRate = 1 },
        };
        using var scope = torch.NewDisposeScope();
        using var gan = new Gan(options);
        var before = gan.State.ToDictionary(s => s.Key, s => s.Value.detach().clone());
        var x = Examples.Batch(12, [6]);
        var metrics = gan.TrainStep(x);

        using var noise = RandomStreams.For(options.Seed, RandomStreams.Noise);
        var real = Packs(options, x);
        var w = Leaves(before);
        var generated = Packs(options, Generate(options, w, Noise(options, noise))).detach();
        var (loss, _) = Definition(options, Logits(w, real), Logits(w, generated));
        var penalty = Penalty(options, w, real, generated, noise);
        string[] ofD = [.. w.Keys.Where(name => name.StartsWith("discriminator.", StringComparison.Ordinal))];
        var gradients = torch.autograd.grad([loss + penalty], [.. ofD.Select(name => w[name])]);
        metrics.DiscriminatorLoss.Should().BeApproximately(loss.item<float>(), 1e-5);
        metrics.Penalty.Should().BeApproximately(penalty.item<float>(), 1e-5);
        ShouldHaveMoved(gan, before, ofD, gradients);
        metrics.DiscriminatorGradientNorm.Should().BeApproximately(Norm(gradients), 1e-4);

        foreach (string name in ofD) w[name] = gan.State[name].detach();
        string[] ofG = [.. w.Keys.Except(ofD)];
        var (_, generatorLoss) = Definition(options, Logits(w, real), Logits(w, Packs(options, Generate(options, w, Noise(options, noise)))));
        gradients = torch.autograd.grad([generatorLoss], [.. ofG.Select(name => w[name])]);
        metrics.GeneratorLoss.Should().BeApproximately(generatorLoss.item<float>(), 1e-5);
        ShouldHaveMoved(gan, before, ofG, gradients);
        metrics.GeneratorGradientNorm.Should().BeApproximately(Norm(gradients), 1e-4);
    }

    [Theory, MemberData(nameof(Variants))]
    public void The_same_seed_trains_and_samples_to_the_same_bits(GanOptions options)
    {
        float[] Run(ulong seed)
        {
            using var scope = torch.NewDisposeScope();
            using var gan = new Gan(options with { Seed = seed });
            for (ulong step = 0; step < 5; step++) gan.TrainStep(Examples.Batch(24, [6], step));
            return [.. gan.State.Values.SelectMany(Values), .. Values(gan.Sample(4, seed: 1))];
        }
        Run(1).Should().Equal(Run(1)).And.NotEqual(Run(2));
    }

    [Theory, MemberData(nameof(Variants))]
    public void Steps_leave_no_tensor_behind(GanOptions options)
    {
        using var scope = torch.NewDisposeScope();
        using var gan = new Gan(options);
        using var generator = new torch.Generator(1);
        var x = Examples.Batch(24, [6]);
        gan.TrainStep(x);
        long live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (int i = 0; i < 3; i++)
        {
            gan.TrainStep(x);
            gan.Evaluate(x, generator);
            gan.Discriminate(x).Dispose();
            gan.Sample(5, generator).Dispose();
        }
        DisposeScopeManager.Statistics.ThreadTotalLiveCount.Should().Be(live);
    }

    [Theory, MemberData(nameof(Variants))]
    public void Batches_of_one_and_of_odd_sizes_train(GanOptions options)
    {
        using var scope = torch.NewDisposeScope();
        using var gan = new Gan(options);
        foreach (int count in new[] { 1, 2, 7, 1, 33 })
            gan.TrainStep(Examples.Batch(count, [6])).Named.Should().OnlyContain(m => double.IsFinite(m.Value));
    }

    [Theory, MemberData(nameof(Variants))]
    public void Evaluation_changes_nothing_and_repeats(GanOptions options)
    {
        using var scope = torch.NewDisposeScope();
        using var gan = new Gan(options);
        gan.TrainStep(Examples.Batch(24, [6]));
        var (before, health) = (Snapshot(gan), gan.Health);
        GanMetrics Evaluate()
        {
            using var generator = new torch.Generator(8);
            return gan.Evaluate(Examples.Batch(24, [6]), generator);
        }
        Evaluate().Should().Be(Evaluate());
        Evaluate().Named.First().Should().Be(("loss", Evaluate().Loss));
        foreach (var (name, tensor) in gan.State) Values(tensor).Should().Equal(before[name], name);
        gan.Health.Should().Be(health);
    }

    [Theory, MemberData(nameof(Variants))]
    public void Settings_come_back_equal_from_json(GanOptions options) =>
        JsonSerializer.Deserialize<GanOptions>(JsonSerializer.Serialize(options)).Should().Be(options);

    [Fact]
    public void Packing_joins_examples_along_their_first_dimension()
    {
        using var scope = torch.NewDisposeScope();
        using var seen = new Recorder(torch.nn.Linear(12, 1));
        using var gan = new Gan(Small with { ExampleShape = [2, 3], Packing = 2 }, null, seen);
        var x = Examples.Batch(5, [6]).view(5, 2, 3);
        gan.TrainStep(x);
        seen.Shapes[0].Should().Equal(2, 4, 3);
        seen.First.Should().Equal(Values(x.narrow(0, 0, 4)), "the fifth example fills no pack");

        gan.TrainStep(x.narrow(0, 0, 1));
        seen.Shapes[^1].Should().Equal(1, 4, 3);
        gan.Discriminate(x.narrow(0, 0, 4)).shape.Should().Equal(2);
        var odd = () => gan.Discriminate(x);
        odd.Should().Throw<ArgumentException>().WithMessage("*5 examples*multiple of 2*");
    }

    [Fact]
    public void A_users_own_networks_are_trained()
    {
        using var scope = torch.NewDisposeScope();
        using var gan = new Gan(
            Small, torch.nn.Sequential(torch.nn.Linear(3, 8), torch.nn.Tanh(), torch.nn.Linear(8, 6)),
            torch.nn.Sequential(torch.nn.Linear(6, 8), torch.nn.ReLU(), torch.nn.Linear(8, 1)));
        gan.State.Keys.Should().Contain(["generator.0.weight", "discriminator.2.bias"]);
        var before = Snapshot(gan);
        for (ulong step = 0; step < 3; step++) gan.TrainStep(Examples.Batch(24, [6], step) * 100);
        foreach (var (name, tensor) in gan.State) Values(tensor).Should().NotEqual(before[name], name);
    }

    [Fact]
    public void A_users_discriminator_sees_both_sides_in_separate_batches_with_the_same_gradients()
    {
        using var scope = torch.NewDisposeScope();
        var options = Small with { Discriminator = new HiddenLayers { Widths = [8], Activation = Activation.Tanh } };
        Mlp Network() => new(6, [8], 1, Activation.Tanh, Activation.Identity, Initialization.Default, new torch.Generator(3));
        using var own = new Gan(options, null, new Recorder(Network()));
        using var plain = new Gan(options, null, Network());
        for (ulong step = 0; step < 3; step++)
        {
            var (a, b) = (own.TrainStep(Examples.Batch(24, [6], step)), plain.TrainStep(Examples.Batch(24, [6], step)));
            a.Loss.Should().BeApproximately(b.Loss, 1e-5);
            a.DiscriminatorGradientNorm.Should().BeApproximately(b.DiscriminatorGradientNorm ?? 0, 1e-4);
        }
    }

    [Fact]
    public void Memory_that_an_evaluation_in_inference_mode_has_made_serves_training()
    {
        using var scope = torch.NewDisposeScope();
        using var gan = new Gan(
            Small with { Generator = new HiddenLayers { Widths = [8] }, R1 = 1 }, null,
            torch.nn.Sequential(torch.nn.Linear(6, 8), torch.nn.ReLU(), torch.nn.Linear(8, 1)));
        using var generator = new torch.Generator(1);
        using var sameGenerator = new torch.Generator(1);
        GanMetrics evaluated;
        using (torch.inference_mode()) evaluated = gan.Evaluate(Examples.Batch(40, [6]), generator);
        evaluated.Should().Be(gan.Evaluate(Examples.Batch(40, [6]), sameGenerator));
        gan.TrainStep(Examples.Batch(8, [6])).Named.Should().OnlyContain(m => double.IsFinite(m.Value));
    }

    [Fact]
    public void Batch_norm_of_a_users_perceptron_sees_both_sides_in_separate_batches()
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(3);
        using var otherGenerator = new torch.Generator(3);
        static Mlp Network(torch.Generator weights) =>
            new(6, new HiddenLayers { Widths = [8], BatchNorm = true }, 1, Activation.Identity, Initialization.Default, weights);
        using var bare = new Gan(Small, null, Network(generator));
        // Of this one the model can't know what it does, and so passes the sides one by one, over the graph, which rounds otherwise.
        using var recorded = new Gan(Small, null, new Recorder(Network(otherGenerator)));
        for (ulong step = 0; step < 3; step++)
            bare.TrainStep(Examples.Batch(24, [6], step)).Loss.Should().BeApproximately(recorded.TrainStep(Examples.Batch(24, [6], step)).Loss, 1e-5);
        foreach (string name in new[] { "norm0.running_mean", "norm0.running_var", "0.weight" })
            bare.State[$"discriminator.{name}"].allclose(recorded.State[$"discriminator.inner.{name}"], 1e-5, 1e-5).Should().BeTrue(name);
    }

    [Fact]
    public void Networks_of_other_shapes_are_rejected()
    {
        foreach (var (make, name) in new (Action, string)[]
        {
            (() => new Gan(Small, torch.nn.Linear(3, 5), null), "generator"),
            (() => new Gan(Small, torch.nn.Linear(4, 6), null), "generator"),
            (() => new Gan(Small, null, torch.nn.Linear(6, 2)), "discriminator"),
            (() => new Gan(Small with { Packing = 2 }, null, torch.nn.Linear(6, 1)), "discriminator"),
            (() => new Gan(Small, Perceptron(4, 6), null), "generator"),
            (() => new Gan(Small, null, Perceptron(5, 1)), "discriminator"),
        })
            make.Should().Throw<ArgumentException>().Which.ParamName.Should().Be(name);
    }

    [Fact]
    public void Batches_of_another_type_are_rejected()
    {
        using var scope = torch.NewDisposeScope();
        using var gan = new Gan(Small);
        foreach (var type in new[] { torch.float64, torch.uint8 })
        {
            var step = () => gan.TrainStep(torch.zeros([4, 6], type));
            step.Should().Throw<ArgumentException>().WithMessage("*expected Float32*");
        }
    }

    private static Mlp Perceptron(long inputs, long outputs)
    {
        using var generator = new torch.Generator(1);
        return new(inputs, [4], outputs, Activation.Relu, Activation.Identity, Initialization.Default, generator);
    }

    [Theory]
    [InlineData(Activation.Sigmoid, -0.1f, 1)]
    [InlineData(Activation.Sigmoid, 0, 1.1f)]
    [InlineData(Activation.Tanh, -1.1f, 1)]
    [InlineData(Activation.Identity, float.NaN, 1)]
    [InlineData(Activation.Identity, 0, float.PositiveInfinity)]
    public void Values_that_the_generator_can_not_reach_are_rejected(Activation output, float low, float high)
    {
        using var scope = torch.NewDisposeScope();
        using var gan = new Gan(Small with { OutputActivation = output });
        var x = torch.tensor(new[] { 0, 0, 0, low, high, 0 }).view(1, 6);
        foreach (var use in new Action[] { () => gan.TrainStep(x), () => gan.Evaluate(x, new torch.Generator(1)) })
            use.Should().Throw<ArgumentException>().Which.ParamName.Should().Be("batch");
        var discriminate = () => gan.Discriminate(x);
        discriminate.Should().Throw<ArgumentException>().Which.ParamName.Should().Be("examples");
    }

    public static TheoryData<GanOptions> OutsideTheirRange => new()
    {
        Small with { NoiseSize = 0 },
        Small with { Noise = (NoiseDistribution)7 },
        Small with { Objective = (GanObjective)7 },
        Small with { LabelSmoothing = 0.5 },
        Small with { LabelSmoothing = double.NaN },
        Small with { Objective = GanObjective.Hinge, LabelSmoothing = 0.1 },
        Small with { R1 = -1 },
        Small with { R1 = double.NaN },
        Small with { GradientPenalty = double.PositiveInfinity },
        Small with { Packing = 0 },
        Small with { DiscriminatorSteps = 0 },
        Small with { OutputActivation = Activation.Relu },
        Small with { Discriminator = new HiddenLayers { BatchNorm = true } },
        Small with { Generator = new HiddenLayers { Widths = [0] } },
        Small with { GeneratorOptimizer = new AdamOptions { LearningRate = 0 } },
        Small with { DiscriminatorOptimizer = new SgdOptions { Momentum = 1 } },
    };

    [Theory, MemberData(nameof(OutsideTheirRange))]
    public void Settings_outside_their_range_are_rejected(GanOptions options)
    {
        var make = () => new Gan(options);
        make.Should().Throw<ArgumentException>();
    }

    // Where both sides pull at a logit with the same force, the bias of the output stays.
    private static bool HasGradient(GanOptions options, string name) =>
        options.Objective is not (GanObjective.Wasserstein or GanObjective.Hinge) || name != $"discriminator.{options.Discriminator.Widths.Count}.bias";

    private static torch.Tensor Packs(GanOptions options, torch.Tensor x) => x.reshape(-1, 6 * options.Packing);

    private static torch.Tensor Noise(GanOptions options, torch.Generator generator) =>
        options.Noise == NoiseDistribution.Normal ? torch.randn(12, 3, generator: generator) : torch.rand(12, 3, generator: generator) * 2 - 1;

    private static torch.Tensor Generate(GanOptions options, Dictionary<string, torch.Tensor> w, torch.Tensor z)
    {
        var y = Perceptron(w, "generator", z);
        return options.OutputActivation switch { Activation.Sigmoid => y.sigmoid(), Activation.Tanh => y.tanh(), _ => y };
    }

    private static torch.Tensor Logits(Dictionary<string, torch.Tensor> w, torch.Tensor x) => Perceptron(w, "discriminator", x);

    private static torch.Tensor Perceptron(Dictionary<string, torch.Tensor> w, string name, torch.Tensor x) =>
        (x.matmul(w[$"{name}.0.weight"].t()) + w[$"{name}.0.bias"]).tanh().matmul(w[$"{name}.1.weight"].t()) + w[$"{name}.1.bias"];

    private static (torch.Tensor Discriminator, torch.Tensor Generator) Definition(GanOptions options, torch.Tensor real, torch.Tensor generated)
    {
        double target = 1 - options.LabelSmoothing;
        var (d, dg) = (real.sigmoid(), generated.sigmoid());
        var crossEntropy = -(d.log() * target + (1 - d).log() * (1 - target)).mean() - (1 - dg).log().mean();
        return options.Objective switch
        {
            GanObjective.Saturating => (crossEntropy, (1 - dg).log().mean()),
            GanObjective.NonSaturating => (crossEntropy, -dg.log().mean()),
            GanObjective.LeastSquares => (0.5 * (real - target).square().mean() + 0.5 * generated.square().mean(), 0.5 * (generated - 1).square().mean()),
            GanObjective.Wasserstein => (generated.mean() - real.mean(), -generated.mean()),
            _ => ((1 - real).relu().mean() + (1 + generated).relu().mean(), -generated.mean()),
        };
    }

    // For one hidden layer of tanh the gradient by the input is W₁ᵀ(w₂ ⊙ (1 − h²)), so that no second backward pass is needed here.
    private static torch.Tensor Penalty(
        GanOptions options, Dictionary<string, torch.Tensor> w, torch.Tensor real, torch.Tensor generated, torch.Generator noise)
    {
        torch.Tensor SquaredNorms(torch.Tensor x)
        {
            var h = (x.matmul(w["discriminator.0.weight"].t()) + w["discriminator.0.bias"]).tanh();
            return ((1 - h.square()) * w["discriminator.1.weight"]).matmul(w["discriminator.0.weight"]).square().sum(1);
        }
        var penalty = SquaredNorms(real).mean() * (options.R1 / 2);
        double weight = options.GradientPenalty ?? (options.Objective == GanObjective.Wasserstein ? 10 : 0);
        if (weight == 0) return penalty;
        var part = torch.rand(real.shape[0], 1, generator: noise);
        return penalty + (SquaredNorms(part * real + (1 - part) * generated).sqrt() - 1).square().mean() * weight;
    }

    private static Dictionary<string, torch.Tensor> Leaves(Dictionary<string, torch.Tensor> state) =>
        state.ToDictionary(s => s.Key, s => s.Value.clone().requires_grad_());

    private static void ShouldHaveMoved(Gan gan, Dictionary<string, torch.Tensor> before, string[] names, IList<torch.Tensor> gradients)
    {
        foreach (var (name, gradient) in names.Zip(gradients))
            (before[name] - gan.State[name]).allclose(gradient, 1e-3, 1e-5).Should().BeTrue("{0} has that gradient", name);
    }

    private static double Norm(IList<torch.Tensor> gradients) => Math.Sqrt(gradients.Sum(g => (double)g.square().sum().item<float>()));

    private static float[] Values(torch.Tensor tensor) => tensor.detach().contiguous().data<float>().ToArray();

    private static Dictionary<string, float[]> Snapshot(Gan gan) => gan.State.ToDictionary(s => s.Key, s => Values(s.Value));

    /// <summary>A user's network that remembers what it was given in training.</summary>
    private sealed class Recorder : torch.nn.Module<torch.Tensor, torch.Tensor>
    {
        private readonly torch.nn.Module<torch.Tensor, torch.Tensor> _inner;

        public Recorder(torch.nn.Module<torch.Tensor, torch.Tensor> inner) : base(nameof(Recorder))
        {
            _inner = inner;
            register_module("inner", inner);
        }

        public List<long[]> Shapes { get; } = [];

        public float[] First { get; private set; } = [];

        public override torch.Tensor forward(torch.Tensor input)
        {
            if (training && Shapes.Count == 0) First = Values(input);
            if (training) Shapes.Add(input.shape);
            return _inner.call(input.flatten(1));
        }
    }
}
