using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using GenModels.Networks;
using GenModels.Optimization;
using GenModels.Training;

namespace GenModels.Tests.Core;

public class StoredJsonTests
{
    private static readonly AdamOptions EverySchedule = new()
    {
        LearningRate = 3e-4,
        Schedule = new SequentialSchedule
        {
            First = new WarmUpSchedule { Steps = 5, Then = new CosineSchedule { Steps = 20, Least = 0.01 } },
            Then = new SequentialSchedule { First = new StepSchedule(), Then = new WarmUpSchedule { Then = new ExponentialSchedule() } },
        },
    };

    private static readonly Dictionary<string, object> Values = new()
    {
        ["VAE"] = new VaeOptions(),
        ["VAE with everything"] = new VaeOptions
        {
            ExampleShape = [1, 28, 28],
            Hidden = [],
            Encoder = EncoderLayout.SeparateNetworks,
            Likelihood = new GaussianLikelihood { Learned = true, StandardDeviation = 0.1 },
            Optimizer = EverySchedule,
            Seed = ulong.MaxValue,
        },
        ["autoencoder"] = new AutoencoderOptions(),
        ["denoising autoencoder"] = new AutoencoderOptions { Corruption = new GaussianCorruption(), Loss = ReconstructionLoss.Bernoulli, Optimizer = new SgdOptions { FinalMomentum = 0.5 } },
        ["masked autoencoder"] = new AutoencoderOptions { Corruption = new MaskingCorruption { Probability = 0.1 }, Activation = Activation.Tanh },
        ["GAN"] = new GanOptions(),
        ["GAN with everything"] = new GanOptions { GradientPenalty = 1e-30, Noise = NoiseDistribution.Uniform, Objective = GanObjective.Hinge, Discriminator = new() { Widths = [3] } },
        ["classifier"] = new ClassifierOptions { ExampleShape = [4] },
        ["fit"] = new FitOptions(),
        ["fit with everything"] = new FitOptions { EarlyStopping = new EarlyStopping { MinDelta = 0.5 }, MaxSteps = long.MaxValue, MaxDuration = TimeSpan.FromHours(30.5) },
        ["fingerprint"] = DataFingerprint.Of(Examples.Source(20, [2, 3])),
        ["run"] = new RunState(
            2, 5, 9, TimeSpan.FromSeconds(1.5), new Dictionary<string, double> { ["loss"] = 0.1, ["\"ä\""] = -0.0 },
            [new EpochRecord(1, new Dictionary<string, double> { ["loss"] = double.Epsilon }, new Dictionary<string, double>(), TimeSpan.FromTicks(1), 3)],
            new BestEpoch(1, 1e300)),
    };

    public static TheoryData<string> Names => [.. Values.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Generated_code_writes_what_reflection_writes_and_each_reads_the_other(string name)
    {
        object value = Values[name];
        var type = value.GetType();
        type.GetCustomAttribute<SerializerContextAttribute>().Should().NotBeNull();
        string json = JsonSerializer.Serialize(value, new StoredJson(new()).Of(type));
        json.Should().Be(JsonSerializer.Serialize(value, type));
        // Some compare by reference.
        JsonSerializer.Serialize(JsonSerializer.Deserialize(json, new StoredJson(new()).Of(type)), type).Should().Be(json);
    }

    [Theory]
    [InlineData(typeof(VaeOptions), "{}")]
    [InlineData(typeof(VaeOptions), """{"Optimizer":{"type":"adam"},"Likelihood":{"type":"gaussian"}}""")]
    [InlineData(typeof(VaeOptions), """{"Optimizer":{"type":"sgd","Schedule":{"type":"warm-up","Steps":3}}}""")]
    [InlineData(typeof(AutoencoderOptions), """{"Corruption":{"type":"masking"}}""")]
    [InlineData(typeof(GanOptions), """{"Generator":{},"Discriminator":{"Dropout":0.5}}""")]
    [InlineData(typeof(ClassifierOptions), "{}")]
    [InlineData(typeof(FitOptions), """{"EarlyStopping":{}}""")]
    public void What_a_text_lacks_keeps_its_initial_value(Type type, string json) =>
        JsonSerializer.Deserialize(json, new StoredJson(new()).Of(type)).Should().Be(JsonSerializer.Deserialize(json, type));

    [Fact]
    public void Own_settings_use_the_context_that_they_name()
    {
        var options = new NamedOptions { Sizes = [2.5, 1e-9], Ignored = 9 };
        var type = new StoredJson(new()).Of<NamedOptions>();
        string json = JsonSerializer.Serialize(options, type);
        json.Should().Be(JsonSerializer.Serialize(options)).And.NotContain("Ignored");
        JsonSerializer.Deserialize(json, type).Should().Be(options with { Ignored = 4 });
        JsonSerializer.Deserialize("{\"Ignored\":7}", type).Should().Be(new NamedOptions());
    }

    [Fact]
    public void A_context_that_is_none_is_named()
    {
        var use = () => new StoredJson(new()).Of<WronglyNamedOptions>();
        use.Should().Throw<NotSupportedException>().WithMessage("Version, which WronglyNamedOptions names as its context, is no JsonSerializerContext.");
    }

    [SerializerContext(typeof(NamedJson))]
    internal sealed record NamedOptions : ModelOptions
    {
        public ValueList<double> Sizes { get; init; } = [1];

        public string Name { get; init; } = "x";

        [JsonIgnore]
        public int Ignored { get; init; } = 4;
    }

    [SerializerContext(typeof(Version))]
    private sealed record WronglyNamedOptions : ModelOptions;
}

[JsonSerializable(typeof(StoredJsonTests.NamedOptions))]
internal sealed partial class NamedJson : JsonSerializerContext;
