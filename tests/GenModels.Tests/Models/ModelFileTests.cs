using GenModels.Data;
using GenModels.Distributions;
using GenModels.Networks;
using GenModels.Optimization;
using GenModels.Tests.Safetensors;

namespace GenModels.Tests.Models;

public sealed class ModelFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = torch.NewDisposeScope();

    private static readonly VaeOptions SmallVae = new() { ExampleShape = [6], Hidden = [4], LatentSize = 2, Seed = 3 };

    /// <summary>Settings with everything that changes what a model's state is made of.</summary>
    private static readonly Dictionary<string, ModelOptions> Settings = new()
    {
        ["VAE"] = SmallVae,
        ["VAE without hidden layers"] = SmallVae with { Hidden = [] },
        ["VAE with three hidden layers"] = SmallVae with { Hidden = [5, 4, 3] },
        ["VAE with separate encoders"] = SmallVae with { Encoder = EncoderLayout.SeparateNetworks },
        ["VAE with a learned variance"] = SmallVae with { Likelihood = new GaussianLikelihood { Learned = true, StandardDeviation = 0.5 } },
        ["VAE with a fixed variance"] = SmallVae with { Likelihood = new GaussianLikelihood(), Optimizer = new SgdOptions { FinalMomentum = 0.5 } },
        ["VAE of images"] = SmallVae with { ExampleShape = [1, 2, 3], Seed = ulong.MaxValue },
        ["autoencoder"] = new AutoencoderOptions { ExampleShape = [6], Hidden = [4], CodeSize = 2 },
        ["tied autoencoder"] = new AutoencoderOptions { ExampleShape = [6], Hidden = [5, 4], CodeSize = 2, TiedWeights = true },
        ["denoising autoencoder"] = new AutoencoderOptions
        {
            ExampleShape = [2, 3],
            Hidden = [],
            CodeSize = 2,
            Corruption = new MaskingCorruption { Probability = 0.25 },
            Loss = ReconstructionLoss.Bernoulli,
        },
        ["GAN"] = SmallGan,
        ["GAN with batch norm"] = SmallGan with { Generator = new HiddenLayers { Widths = [4, 3], BatchNorm = true } },
        ["GAN with maxout and dropout"] = SmallGan with
        {
            Discriminator = new HiddenLayers { Widths = [4], MaxoutPieces = 3, InputDropout = 0.2, Dropout = 0.5 },
            Noise = NoiseDistribution.Uniform,
        },
        ["GAN with batch norm and maxout"] = SmallGan with { Generator = new HiddenLayers { Widths = [4], BatchNorm = true, MaxoutPieces = 2 } },
        ["packed GAN"] = SmallGan with { ExampleShape = [2, 3], Packing = 3, Objective = GanObjective.Wasserstein, GradientPenalty = 5 },
    };

    private static GanOptions SmallGan => new()
    {
        ExampleShape = [6],
        NoiseSize = 3,
        Generator = new HiddenLayers { Widths = [4] },
        Discriminator = new HiddenLayers { Widths = [4] },
    };

    public static TheoryData<string> SettingNames => [.. Settings.Keys];

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Theory, MemberData(nameof(SettingNames))]
    public void Every_model_comes_back_with_its_settings_and_every_bit_of_its_state(string name)
    {
        using var model = Trained(Settings[name]);
        string path = _folder["model.safetensors"];
        model.Save(path);

        using var loaded = GenerativeModel.Load(path);

        loaded.Should().BeOfType(model.GetType());
        loaded.Options.Should().Be(model.Options);
        ShouldHaveTheState(loaded, model);
        var batch = Examples.Batch(6, [.. model.Options.ExampleShape]);
        using var generator = new torch.Generator(4);
        using var again = new torch.Generator(4);
        loaded.Evaluate(batch, generator).Named.Should().Equal(model.Evaluate(batch, again).Named);
        loaded.Save(_folder["again.safetensors"]);
        File.ReadAllBytes(_folder["again.safetensors"]).Should().Equal(File.ReadAllBytes(path));
    }

    [Theory, MemberData(nameof(SettingNames))]
    public void Settings_tell_the_state_without_making_the_model(string name)
    {
        using var model = Create(Settings[name]);
        Settings[name].ImpliedState([]).ToDictionary(s => s.Name, s => s.Shape).Should().BeEquivalentTo(
            model.State.ToDictionary(s => s.Key, s => s.Value.shape), o => o.WithStrictOrderingFor(info => info.Path.EndsWith(']')));
    }

    [Fact]
    public void What_was_fitted_comes_back_and_works()
    {
        using var model = Fitted();
        model.Save(_folder["a"]);
        using var loaded = Autoencoder.Load(_folder["a"]);
        loaded.AnomalyThreshold.Should().Be(model.AnomalyThreshold);
        loaded.Sample(9, seed: 2).Values().Should().Equal(model.Sample(9, seed: 2).Values());
        var examples = Examples.Batch(9, [6]);
        loaded.AnomalyScore(examples).Values().Should().Equal(model.AnomalyScore(examples).Values());
        ShouldHaveTheState(loaded, model);
    }

    [Fact]
    public void Weights_are_still_tied_after_save_and_load()
    {
        using var model = Trained(Settings["tied autoencoder"]);
        model.Save(_folder["a"]);
        using var loaded = Autoencoder.Load(_folder["a"]);
        loaded.State.Keys.Should().Equal(model.State.Keys).And.NotContain("decoder.0.weight");
        for (int step = 0; step < 3; step++)
        {
            var batch = Examples.Batch(6, [6], (ulong)step);
            loaded.TrainStep(batch);
            var codes = Examples.Batch(4, [2]);
            var state = loaded.State;
            var h = codes;
            foreach (int layer in new[] { 2, 1, 0 })
            {
                h = h.matmul(state[$"encoder.{layer}.weight"]) + state[$"decoder.{2 - layer}.bias"];
                if (layer > 0) h = h.relu();
            }
            loaded.Decode(codes).allclose(h.detach(), 1e-5, 1e-6).Should().BeTrue("the decoder uses the weights that the encoder has after step {0}", step);
        }
    }

    [Fact]
    public void Own_networks_load_through_a_function_that_makes_them_and_the_error_without_it_names_it()
    {
        Vae Create(VaeOptions options) => new(
            options, torch.nn.Sequential(torch.nn.Linear(6, 5), torch.nn.Tanh()), torch.nn.Sequential(torch.nn.Linear(2, 6)));
        using var model = Create(SmallVae);
        model.TrainStep(Examples.Batch(8, [6]));
        string path = _folder["own"];
        model.Save(path);

        using var loaded = Vae.Load(path, options => Create(options with { Seed = 99 }));
        ShouldHaveTheState(loaded, model);
        loaded.Sample(3, seed: 1).Values().Should().Equal(model.Sample(3, seed: 1).Values());
        using var byTheGeneralOverload = GenerativeModel.Load(path, (VaeOptions options) => Create(options));
        byTheGeneralOverload.Options.Should().Be(model.Options);

        foreach (var load in new Action[] { () => Vae.Load(path), () => GenerativeModel.Load(path) })
            load.Should().Throw<ModelFileException>().WithMessage(
                $"The file '{path}' holds a Vae with networks of its caller's own ('encoder, decoder')*Expected to be told how to make it: Vae.Load(path, options => new Vae(options, …)).");
    }

    [Fact]
    public void Own_networks_of_every_model_are_on_record()
    {
        using var vae = new Vae(SmallVae, null, torch.nn.Linear(2, 6));
        using var autoencoder = new Autoencoder((AutoencoderOptions)Settings["autoencoder"], torch.nn.Linear(6, 2), null);
        using var gan = new Gan(SmallGan, null, torch.nn.Linear(6, 1));
        foreach (var (model, own) in new (IGenerativeModel, string)[] { (vae, "decoder"), (autoencoder, "encoder"), (gan, "discriminator") })
        {
            model.Save(_folder["own"]);
            var load = () => GenerativeModel.Load(_folder["own"]);
            load.Should().Throw<ModelFileException>().WithMessage($"*holds a {model.GetType().Name} with networks of its caller's own ('{own}')*");
            var implied = model.Options.ImpliedState([own]).ToDictionary(s => s.Name, s => s.Shape);
            implied.Should().NotBeEmpty();
            foreach (var (name, shape) in implied) model.State[name].shape.Should().Equal(shape, name);
        }
    }

    [Fact]
    public void Own_networks_of_other_shapes_are_refused_and_disposed()
    {
        using var model = new Vae(SmallVae, torch.nn.Sequential(torch.nn.Linear(6, 5)), null);
        model.Save(_folder["own"]);
        Vae? made = null;
        var load = () => Vae.Load(_folder["own"], options => made = new Vae(options, torch.nn.Sequential(torch.nn.Linear(6, 4)), null));
        load.Should().Throw<ModelFileException>().WithMessage("*has the shape [5, 6] for 'encoder.trunk.0.weight'. Expected [4, 6], as in the model.");
        var use = () => made?.Sample(1, seed: 1);
        use.Should().Throw<ObjectDisposedException>();
    }

    [Fact]
    public void A_model_of_ones_own_type_loads_through_a_function()
    {
        using var model = new Constant(new ConstantOptions { ExampleShape = [3], Value = 4 });
        model.State["value"].add_(1);
        model.Save(_folder["mine"]);
        using var loaded = GenerativeModel.Load(_folder["mine"], (ConstantOptions options) => new Constant(options));
        loaded.Options.Should().Be(model.Options);
        loaded.Sample(1, seed: 1).Values().Should().Equal(5, 5, 5);

        var load = () => GenerativeModel.Load(_folder["mine"]);
        load.Should().Throw<ModelFileException>().WithMessage(
            "*holds a model 'Constant'. Expected Vae, Autoencoder or Gan; for a model of your own*GenerativeModel.Load(path, (MyOptions options) => new MyModel(options))*");
    }

    [Fact]
    public void A_file_of_another_model_is_named()
    {
        using var gan = Create(SmallGan);
        gan.Save(_folder["gan"]);
        var load = () => Vae.Load(_folder["gan"]);
        load.Should().Throw<ModelFileException>().WithMessage("*holds a model 'Gan'. Expected Vae; GenerativeModel.Load finds out which one it is.");
    }

    [Fact]
    public void Metadata_of_others_are_left_alone()
    {
        byte[] content = SafetensorsBytes.Edited(Saved(SmallVae), "\"genmodels.model\"", "\"author\":\"me\",\"genmodels.model\"");
        using var file = ModelFile.Open(SafetensorsBytes.Open(content));
        using var model = ModelKinds.Make(file, null);
        model.Options.Should().Be(SmallVae);
    }

    [Fact]
    public void Loading_and_failing_to_load_leave_no_tensor_behind()
    {
        byte[] good = Saved(SmallVae), bad = SafetensorsBytes.Edited(good, "encoder.0.bias", "encoder.9.bias");
        long live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Load(good).Dispose();
        var load = () => Load(bad);
        load.Should().Throw<ModelFileException>();
        _scope.DisposeEverything();
        DisposeScopeManager.Statistics.ThreadTotalLiveCount.Should().Be(live);
    }

    [Fact]
    public void A_model_loaded_in_a_dispose_scope_outlives_it()
    {
        byte[] content = Saved(Settings["autoencoder"]);
        IGenerativeModel model;
        using (torch.NewDisposeScope()) model = Load(content);
        using (model) double.IsFinite(model.TrainStep(Examples.Batch(4, [6])).Loss).Should().BeTrue();
    }

    [Fact]
    public void A_disposed_model_says_so()
    {
        var model = new Vae(SmallVae);
        model.Save(_folder["a"]);
        model.Dispose();
        foreach (var use in new Action[] { () => model.Save(_folder["b"]), () => model.LoadState(_folder["a"]) })
            use.Should().Throw<ObjectDisposedException>();
        File.Exists(_folder["b"]).Should().BeFalse();
    }

    [Fact]
    public void A_save_that_fails_leaves_the_old_file()
    {
        string path = _folder["a"];
        using var good = new Vae(SmallVae);
        good.Save(path);
        byte[] before = File.ReadAllBytes(path);
        using var half = new Vae(SmallVae, null, new Half());
        var save = () => half.Save(path);
        save.Should().Throw<ArgumentException>().WithMessage("The tensor 'decoder.half' has the type Float16, expected one of *");
        File.ReadAllBytes(path).Should().Equal(before);
        Directory.GetFileSystemEntries(_folder.Path).Should().Equal(path);
    }

    [Fact]
    public void A_state_that_does_not_fit_leaves_the_model_as_it_was()
    {
        using var model = Fitted();
        using var other = new Autoencoder((AutoencoderOptions)Settings["autoencoder"] with { Hidden = [5] });
        other.Save(_folder["a"]);
        model.Save(_folder["before"]);
        var load = () => model.LoadState(_folder["a"]);
        load.Should().Throw<ModelFileException>();
        model.Save(_folder["after"]);
        File.ReadAllBytes(_folder["after"]).Should().Equal(File.ReadAllBytes(_folder["before"]));
    }

    [Fact]
    public void Training_goes_on_from_the_weights_that_were_loaded()
    {
        using var model = (Autoencoder)Trained(Settings["autoencoder"]);
        using var other = new Autoencoder((AutoencoderOptions)Settings["autoencoder"] with { Seed = 9 });
        other.Save(_folder["a"]);
        var batch = Examples.Batch(6, [6]);
        model.TrainStep(batch);
        model.LoadState(_folder["a"]);
        model.TrainStep(batch).Loss.Should().Be(other.TrainStep(batch).Loss);
    }

    [Fact]
    public void A_state_without_fitted_parts_drops_those_of_other_weights()
    {
        using var model = Fitted();
        using var other = new Autoencoder((AutoencoderOptions)Settings["autoencoder"] with { Seed = 9 });
        other.Save(_folder["a"]);
        model.LoadState(_folder["a"]);
        model.Density.Should().BeNull();
        model.AnomalyThreshold.Should().BeNull();
        ShouldHaveTheState(model, other);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        foreach (var load in new Action[] { () => Vae.Load(_folder["none"]), () => GenerativeModel.Load(_folder["none"]), () => new Vae(SmallVae).LoadState(_folder["none"]) })
            load.Should().Throw<FileNotFoundException>().WithMessage($"There is no file '{_folder["none"]}'.");
    }

    private static IGenerativeModel Create(ModelOptions options) => options switch
    {
        VaeOptions vae => new Vae(vae),
        AutoencoderOptions autoencoder => new Autoencoder(autoencoder),
        GanOptions gan => new Gan(gan),
        _ => throw new ArgumentException("No such settings.", nameof(options)),
    };

    private static IGenerativeModel Trained(ModelOptions options)
    {
        var model = Create(options);
        for (int step = 0; step < 3; step++) model.TrainStep(Examples.Batch(6, [.. options.ExampleShape], (ulong)step));
        return model;
    }

    private static Autoencoder Fitted()
    {
        var model = new Autoencoder((AutoencoderOptions)Settings["autoencoder"]);
        model.FitDensity(Examples.Source(60, [6]), new DensityOptions { Components = 2 });
        model.FitAnomalyThreshold(Examples.Source(60, [6]), 0.9);
        return model;
    }

    private static byte[] Saved(ModelOptions options)
    {
        using var folder = new TemporaryFolder();
        using var model = Create(options);
        model.Save(folder["a"]);
        return File.ReadAllBytes(folder["a"]);
    }

    private static IGenerativeModel Load(byte[] content)
    {
        using var file = ModelFile.Open(SafetensorsBytes.Open(content));
        return ModelKinds.Make(file, null);
    }

    private static void ShouldHaveTheState(IGenerativeModel actual, IGenerativeModel expected)
    {
        actual.State.Keys.Should().BeEquivalentTo(expected.State.Keys);
        foreach (var (name, tensor) in expected.State)
        {
            actual.State[name].dtype.Should().Be(tensor.dtype, name);
            actual.State[name].shape.Should().Equal(tensor.shape, name);
            actual.State[name].detach().bytes.ToArray().Should().Equal(tensor.detach().bytes.ToArray(), name);
        }
    }

    /// <summary>A user's network with a buffer of a type that files do not hold.</summary>
    private sealed class Half : torch.nn.Module<torch.Tensor, torch.Tensor>
    {
        private readonly torch.nn.Module<torch.Tensor, torch.Tensor> _map = torch.nn.Linear(2, 6);

        public Half() : base(nameof(Half))
        {
            register_module("map", _map);
            register_buffer("half", torch.zeros(1).to(torch.ScalarType.Float16).DetachFromDisposeScope());
        }

        public override torch.Tensor forward(torch.Tensor input) => _map.call(input);
    }

    private sealed record ConstantOptions : ModelOptions
    {
        public float Value { get; init; }
    }

    /// <summary>A user's model, which gives one value whatever it is trained on.</summary>
    private sealed class Constant(ConstantOptions options) : IGenerativeModel
    {
        private readonly torch.Tensor _value = torch.full([1], options.Value).DetachFromDisposeScope();

        public ModelOptions Options => options;

        public torch.Device Device => torch.CPU;

        public IReadOnlyDictionary<string, torch.Tensor> State => new Dictionary<string, torch.Tensor> { ["value"] = _value };

        public IMetrics TrainStep(Batch batch) => throw new NotSupportedException();

        public IMetrics Evaluate(Batch batch, torch.Generator generator) => throw new NotSupportedException();

        public torch.Tensor Sample(int count, torch.Generator generator, torch.Tensor? condition = null) => torch.zeros([count, .. Options.ExampleShape]) + _value;

        public void Dispose() => _value.Dispose();
    }
}
