using GenModels.Numerics;
using GenModels.Optimization;
using GenModels.Training;

namespace GenModels.Tests.Core;

/// <summary>Settings of types outside the library, in models, files and checkpoints.</summary>
public sealed class StoredTypesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Settings_of_ones_own_are_used_and_come_back_from_files_and_checkpoints()
    {
        StoredTypes.Register<Schedule, Halving>("halving");
        StoredTypes.Register<Schedule, Halving>("halving");
        StoredTypes.Register<Corruption, Scaling>("scaling");
        StoredTypes.Register<OptimizerOptions, SignOptions>("sign");
        var options = new AutoencoderOptions
        {
            ExampleShape = [6],
            Hidden = [4],
            CodeSize = 2,
            Corruption = new Scaling { Factor = 0.5f },
            Optimizer = new SignOptions { LearningRate = 0.25, Schedule = new Halving() },
        };
        using var model = new Autoencoder(options);
        using var scope = torch.NewDisposeScope();
        var before = model.State["encoder.0.bias"].clone();
        model.TrainStep(Examples.Batch(4, [6]));
        model.TrainStep(Examples.Batch(4, [6], seed: 2));
        foreach (float change in (model.State["encoder.0.bias"] - before).abs().Values())
            change.Should().BeOneOf([0f, 0.125f, 0.25f, 0.375f], because: "steps have the sizes 1/4 and 1/8");

        model.Save(_folder["model"]);
        using var loaded = Autoencoder.Load(_folder["model"]);
        loaded.Options.Should().Be(options);

        var source = Examples.Source(20, [6]);
        var checkpoints = new CheckpointOptions { Folder = _folder["run"], Resume = true };
        using var half = new Autoencoder(options);
        using var resumed = new Autoencoder(options);
        Trainer.Fit(half, source, new FitOptions { Epochs = 1, BatchSize = 10 }, checkpoints: checkpoints);
        Trainer.Fit(resumed, source, new FitOptions { Epochs = 2, BatchSize = 10 }, checkpoints: checkpoints).ResumedFrom.Should().NotBeNull();
    }

    [Fact]
    public void A_type_that_is_not_registered_is_named_where_a_file_would_hold_it()
    {
        using var model = new Autoencoder(new AutoencoderOptions { ExampleShape = [6], Hidden = [4], CodeSize = 2, Corruption = new Unregistered() });
        var save = () => model.Save(_folder["model"]);
        save.Should().Throw<NotSupportedException>().WithMessage("*Unregistered*StoredTypes.Register*");
        File.Exists(_folder["model"]).Should().BeFalse();
    }

    [Fact]
    public void A_name_stands_for_one_type()
    {
        StoredTypes.Register<Schedule, First>("one");
        var taken = () => StoredTypes.Register<Schedule, Second>("one");
        taken.Should().Throw<ArgumentException>().WithParameterName("name").WithMessage("*Second*'one'*");
        var renamed = () => StoredTypes.Register<Schedule, First>("two");
        renamed.Should().Throw<ArgumentException>();
        var empty = () => StoredTypes.Register<Schedule, Second>(" ");
        empty.Should().Throw<ArgumentException>();
    }

    private sealed record Halving : Schedule
    {
        public override double FactorAt(long step) => DoubleMath.Power(0.5, step);
    }

    private sealed record First : Schedule
    {
        public override double FactorAt(long step) => 1;
    }

    private sealed record Second : Schedule
    {
        public override double FactorAt(long step) => 1;
    }

    private sealed record Scaling : Corruption
    {
        public float Factor { get; init; } = 1;

        public override torch.Tensor Apply(torch.Tensor x, RandomGenerator generator) => x * Factor;
    }

    private sealed record Unregistered : Corruption
    {
        public override torch.Tensor Apply(torch.Tensor x, RandomGenerator generator) => x;
    }

    /// <summary>Steps by the sign of each derivative.</summary>
    private sealed record SignOptions : OptimizerOptions
    {
        public override Optimizer Create(IReadOnlyList<torch.Tensor> parameters) => new Sign(parameters, this);
    }

    private sealed class Sign(IReadOnlyList<torch.Tensor> parameters, SignOptions options) : Optimizer(parameters, options)
    {
        protected override void Update(IReadOnlyList<torch.Tensor?> gradients)
        {
            using var noGrad = torch.no_grad();
            float size = (float)options.LearningRateAt(Steps++);
            foreach (var (parameter, gradient) in Parameters.Zip(gradients))
            {
                if (gradient is null) continue;
                float[] values = [.. parameter.Values().Zip(gradient.Values(), (w, g) => w - size * Math.Sign(g))];
                using var next = torch.tensor(values, [.. parameter.shape]);
                parameter.copy_(next);
            }
        }

        public override void Dispose() { }
    }
}
