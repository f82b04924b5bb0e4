using GenModels.Networks;
using GenModels.Tests.Safetensors;

namespace GenModels.Tests.Models;

/// <summary>Model files that are almost right. Each is a good file with one text of its header replaced.</summary>
public class ModelFileRejectionTests
{
    private static readonly Lazy<byte[]> VaeFile = new(() => Saved(new Vae(new VaeOptions { ExampleShape = [6], Hidden = [4], LatentSize = 2 })));

    private static readonly Lazy<byte[]> GanFile = new(() => Saved(new Gan(new GanOptions
    {
        ExampleShape = [6],
        NoiseSize = 3,
        Generator = new HiddenLayers { Widths = [4], BatchNorm = true },
        Discriminator = new HiddenLayers { Widths = [4] },
    })));

    private static readonly Lazy<byte[]> AutoencoderFile = new(() =>
    {
        var model = new Autoencoder(new AutoencoderOptions { ExampleShape = [6], Hidden = [4], CodeSize = 2 });
        model.FitDensity(Examples.Source(60, [6]));
        model.FitAnomalyThreshold(Examples.Source(60, [6]), 0.9);
        return Saved(model);
    });

    private static readonly Lazy<byte[]> OwnNetworksFile = new(() => Saved(OwnNetworks(new VaeOptions { ExampleShape = [6], LatentSize = 2 })));

    public static TheoryData<string, string, string> Metadata => new()
    {
        { "\"genmodels.format\"", "\"format\"", "has no 'genmodels.format' in its metadata. Expected a file that Save wrote; LoadState reads" },
        { "\"genmodels.model\"", "\"model\"", "has no 'genmodels.model' in its metadata" },
        { "\"genmodels.options\"", "\"options\"", "has no 'genmodels.options' in its metadata" },
        { "\"genmodels.format\":\"1\"", "\"genmodels.format\":\"2\"", "has '2' under 'genmodels.format'. Expected '1'" },
        { "\"genmodels.format\":\"1\"", "\"genmodels.format\":1", "'genmodels.format' of '__metadata__' is 1. Expected a string" },
        { "\"genmodels.format\":\"1\"", "\"genmodels.format\":\"1\",\"genmodels.form\":\"1\"", "has 'genmodels.form' in its metadata. Expected no more than" },
        { "\"genmodels.model\":\"vae\"", "\"genmodels.model\":\"vaf\"", "holds a model 'vaf'. Expected Vae, Autoencoder or Gan" },
        { "\"genmodels.model\":\"vae\"", "\"genmodels.model\":\"gan\"", "has settings under 'genmodels.options' that can't be used" },
        { "\"genmodels.model\":\"vae\"", "\"genmodels.model\":\"vae\",\"genmodels.networks\":\"encoder\"", "networks of its caller's own ('encoder')" },
        { "\\\"Beta\\\":1", "\\\"Beta\\\":-1", "can't be used (Beta is -1, expected a finite number that is 0 or more." },
        { "\\\"Beta\\\":1", "\\\"Beta\\\":NaN", "can't be used (*Beta" },
        { "\\\"Beta\\\":1", "\\\"Beta\\\":\\\"1\\\"", "can't be used (*Beta" },
        { "\\\"Beta\\\":1", "\\\"Bета\\\":1", "can't be used (*Bета" },
        { "\\\"Beta\\\":1", "\\\"Beta\\\":1,\\\"Beta\\\":1", "can't be used (*Beta" },
        { "\\\"Beta\\\":1", "\\\"Beta\\\":[[[[[[[[[1]]]]]]]]]", "can't be used (*Beta" },
        { "\\\"Hidden\\\":[4]", "\\\"Hidden\\\":null", "can't be used (*Hidden" },
        { "\\\"Hidden\\\":[4]", "\\\"Hidden\\\":[0]", "can't be used (Hidden is 0, expected at least 1." },
        { "\\\"Activation\\\":\\\"Relu\\\"", "\\\"Activation\\\":\\\"Gelu\\\"", "can't be used (*Activation" },
        { "\\\"Activation\\\":\\\"Relu\\\"", "\\\"Activation\\\":77", "can't be used (Activation is 77, expected one of Identity" },
        { "\\\"type\\\":\\\"adam\\\"", "\\\"type\\\":\\\"nadam\\\"", "can't be used (*nadam" },
        { "\\\"type\\\":\\\"adam\\\",", "", "can't be used (*Optimizer" },
        { "\\\"ExampleShape\\\":[6]", "\\\"ExampleShape\\\":[]", "can't be used (The shape of an example is empty" },
        { "\\\"ExampleShape\\\":[6]", "\\\"ExampleShape\\\":[4294967296,4294967296]", "have 2⁶³ values or more" },
    };

    public static TheoryData<string, string, string> Sizes => new()
    {
        { "\\\"Hidden\\\":[4]", "\\\"Hidden\\\":[5]", "has the shape [4, 6] for 'encoder.0.weight'. Expected [5, 6]" },
        { "\\\"Hidden\\\":[4]", "\\\"Hidden\\\":[2000000000]", "Expected [2000000000, 6]" },
        { "\\\"Hidden\\\":[4]", "\\\"Hidden\\\":[4,4]", "lacks the tensor 'encoder.2.weight'" },
        { "\\\"LatentSize\\\":2", "\\\"LatentSize\\\":2147483647", "network with 2147483647 inputs. Expected at most 16777216 beside the 90 values" },
        { "\\\"LatentSize\\\":2", "\\\"LatentSize\\\":3", "has the shape [4, 4] for 'encoder.1.weight'. Expected [6, 4]" },
        { "\\\"ExampleShape\\\":[6]", "\\\"ExampleShape\\\":[784000000000]", "network with 784000000000 inputs" },
        { "\\\"ExampleShape\\\":[6]", "\\\"ExampleShape\\\":[16000000]", "Expected [4, 16000000]" },
    };

    public static TheoryData<string, string, string> Tensors => new()
    {
        { "\"encoder.0.bias\"", "\"encoder.0.bIas\"", "lacks the tensor 'encoder.0.bias'" },
        { "\"encoder.0.weight\":{\"dtype\":\"F32\",\"shape\":[4,6]", "\"encoder.0.weight\":{\"dtype\":\"F32\",\"shape\":[6,4]", "has the shape [6, 4] for 'encoder.0.weight'. Expected [4, 6]" },
        { "\"encoder.0.bias\":{\"dtype\":\"F32\"", "\"encoder.0.bias\":{\"dtype\":\"I32\"", "has the type I32 for 'encoder.0.bias'. Expected F32" },
    };

    [Theory, MemberData(nameof(Metadata)), MemberData(nameof(Tensors))]
    public void A_vae_with_something_wrong_is_rejected_with_the_field(string from, string to, string message) => Rejected(VaeFile.Value, from, to, message);

    [Theory, MemberData(nameof(Sizes))]
    public void Settings_of_another_size_are_rejected_before_a_model_is_made(string from, string to, string message)
    {
        byte[] content = SafetensorsBytes.Edited(VaeFile.Value, from, to);
        Loading(content).Should().Throw<ModelFileException>();
        long live = DisposeScopeManager.Statistics.ThreadTotalLiveCount, before = GC.GetAllocatedBytesForCurrentThread();
        Loading(content).Should().Throw<ModelFileException>().WithMessage($"*{message}*");
        DisposeScopeManager.Statistics.ThreadTotalLiveCount.Should().Be(live);
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(1 << 20);
    }

    [Theory]
    [InlineData("\\\"Packing\\\":1", "\\\"Packing\\\":2147483647", "network with 12884901882 inputs")]
    [InlineData("\\\"Packing\\\":1", "\\\"Packing\\\":2", "Expected [4, 12]")]
    [InlineData("\\\"NoiseSize\\\":3", "\\\"NoiseSize\\\":4", "Expected [4, 4]")]
    [InlineData("\\\"BatchNorm\\\":true", "\\\"BatchNorm\\\":false", "lacks the tensor 'generator.0.bias'")]
    [InlineData("\"generator.norm0.running_var\"", "\"generator.norm0.running_std\"", "lacks the tensor 'generator.norm0.running_var'")]
    [InlineData("\\\"ExampleShape\\\":[6]", "\\\"ExampleShape\\\":[9223372036854775807]", "network with 9223372036854775807 inputs")]
    [InlineData("\\\"ExampleShape\\\":[6]", "\\\"ExampleShape\\\":[6],\\\"R1\\\":0", "can't be used (*R1")]
    public void A_gan_with_something_wrong_is_rejected_with_the_field(string from, string to, string message) => Rejected(GanFile.Value, from, to, message);

    [Theory]
    [InlineData("\"density.means\"", "\"density.mean\"", "has tensors beside the weights that can't be used (There is 'density.covariances' but no 'density.means'")]
    [InlineData("\"anomaly.threshold\"", "\"anomaly.treshold\"", "can't be used (An autoencoder has no state 'anomaly.treshold'")]
    [InlineData("\"anomaly.threshold\":{\"dtype\":\"F64\"", "\"anomaly.threshold\":{\"dtype\":\"I64\"", "'anomaly.threshold' has the type Int64, expected Float64")]
    [InlineData("\"density.means\":{\"dtype\":\"F64\",\"shape\":[1,2]", "\"density.means\":{\"dtype\":\"F64\",\"shape\":[2,1]", "'density.means' has the shape [2, 1], expected [1, 2]")]
    public void An_autoencoder_with_something_wrong_is_rejected_with_the_field(string from, string to, string message) =>
        Rejected(AutoencoderFile.Value, from, to, message);

    [Theory]
    [InlineData("density.covariances", "not positive definite")]
    [InlineData("density.weights", "weights' sum is 0")]
    [InlineData("anomaly.threshold", "anomaly.threshold is 0, expected a finite number greater than 0")]
    public void Fitted_values_that_make_no_sense_are_rejected(string name, string message)
    {
        byte[] content = [.. AutoencoderFile.Value];
        using (var reader = SafetensorsBytes.Open(content))
        {
            int start = 8 + (int)BitConverter.ToInt64(content) + (int)reader.Tensors[name].Begin;
            content.AsSpan(start, (int)(reader.Tensors[name].End - reader.Tensors[name].Begin)).Clear();
        }
        Loading(content).Should().Throw<ModelFileException>().WithMessage($"*{message}*");
    }

    [Theory]
    [InlineData("\\\"LatentSize\\\":2", "\\\"LatentSize\\\":1000000", "has the shape [4] for 'encoder.heads.bias'. Expected [2000000]")]
    [InlineData("\\\"ExampleShape\\\":[6]", "\\\"ExampleShape\\\":[6000000000]", "network with 6000000000 inputs. Expected at most 16777216")]
    public void Settings_beside_own_networks_are_checked_before_these_are_made(string from, string to, string message)
    {
        byte[] content = SafetensorsBytes.Edited(OwnNetworksFile.Value, from, to);
        using var file = ModelFile.Open(SafetensorsBytes.Open(content));
        var load = () => file.MakeAround((Func<VaeOptions, Vae>)(_ => throw new InvalidOperationException("made")));
        load.Should().Throw<ModelFileException>().WithMessage($"*{message}*");
    }

    [Fact]
    public void Every_shortened_file_is_rejected()
    {
        byte[] content = VaeFile.Value;
        for (int length = 0; length < content.Length; length++)
            Loading(content[..length]).Should().Throw<ModelFileException>("it has {0} of {1} bytes", length, content.Length);
        Loading([.. content, 0]).Should().Throw<ModelFileException>().WithMessage("*longer than its content*");
    }

    private static void Rejected(byte[] good, string from, string to, string message) =>
        Loading(SafetensorsBytes.Edited(good, from, to)).Should().Throw<ModelFileException>().WithMessage($"The file 'a.safetensors' *{message}*");

    private static Action Loading(byte[] content) => () =>
    {
        using var file = ModelFile.Open(SafetensorsBytes.Open(content));
        ModelKinds.Make(file, null).Dispose();
    };

    private static Vae OwnNetworks(VaeOptions options) => new(options, torch.nn.Linear(6, 5), torch.nn.Linear(2, 6));

    private static byte[] Saved(IGenerativeModel model)
    {
        using var folder = new TemporaryFolder();
        using (model) model.Save(folder["a"]);
        return File.ReadAllBytes(folder["a"]);
    }
}
