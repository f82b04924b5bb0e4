using System.Buffers.Binary;
using GenModels.Safetensors;
using GenModels.Training;

namespace GenModels.Tests.Training;

/// <summary>Checkpoints whose checksum is right and whose content is not, one at a time: what a fuzzer found behind the checksum.</summary>
public sealed class DamagedCheckpointTests : IDisposable
{
    private static readonly FitOptions Options = TrainingScene.Options with { EarlyStopping = new EarlyStopping() };

    private readonly TrainingScene _scene = new();

    public DamagedCheckpointTests()
    {
        _scene.RunAndCancel(7, Options);
        File.Delete(_scene.Previous);
    }

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void Written_again_as_it_is_it_serves()
    {
        Rewrite((_, _) => { });
        Resume().Epochs.Should().HaveCount(3);
    }

    [Theory]
    [InlineData("run", "\"Epoch\":2,\"Position\"", "\"Epoch\":-2000000000,\"Position\"")]
    [InlineData("run", "\"Epoch\":2,\"Position\"", "\"Epoch\":3,\"Position\"")]
    [InlineData("run", "\"Position\":32", "\"Position\":-1")]
    [InlineData("run", "\"Steps\":7", "\"Steps\":-1")]
    [InlineData("run", "\"Sums\":{", "\"Sums\":null,\"More\":{")]
    [InlineData("run", "\"History\":[", "\"History\":[null,")]
    [InlineData("run", "\"Train\":{", "\"Train\":null,\"More\":{")]
    [InlineData("run", "\"Best\":{\"Epoch\":1", "\"Best\":{\"Epoch\":2")]
    [InlineData("run", "\"Steps\":7", "\"Steps\":7,\"Steps\":8")]
    [InlineData("run", "\"Steps\":7,", "")]
    [InlineData("configuration", "{\"type\"", "{,\"type\"")]
    [InlineData("configuration", "{\"type\"", "{\"fit\":1,\"type\"")]
    public void What_does_not_tell_of_a_run_is_rejected(string key, string old, string changed)
    {
        Rewrite((_, metadata) =>
        {
            metadata[key].Should().Contain(old);
            metadata[key] = metadata[key].Replace(old, changed, StringComparison.Ordinal);
        });
        var find = () => Checkpoint.Find(_scene.Folder.Path);
        find.Should().Throw<ModelFileException>().WithMessage($"*{_scene.Newest}*does not tell where the run stands*");
    }

    [Fact]
    public void A_configuration_that_is_no_object_is_rejected()
    {
        Rewrite((_, metadata) => metadata["configuration"] = "[]");
        var find = () => Checkpoint.Find(_scene.Folder.Path);
        find.Should().Throw<ModelFileException>();
    }

    [Fact]
    public void A_setting_that_is_too_large_a_number_counts_as_a_change()
    {
        Rewrite((_, metadata) => metadata["configuration"] = metadata["configuration"].Replace("\"Beta\":1,", "\"Beta\":1e999,", StringComparison.Ordinal));
        var resume = () => Resume();
        resume.Should().Throw<ConfigurationChangedException>().Which.Changes.Should().Contain(new ConfigurationChange("model.Beta", "1e999", "1"));
    }

    [Theory]
    [InlineData("trainer.default")]
    [InlineData("training.noise")]
    [InlineData("training.optimizer.moment1.0")]
    [InlineData("model.encoder.0.weight")]
    [InlineData("best.encoder.0.weight")]
    public void A_tensor_that_is_missing_is_named(string name)
    {
        Rewrite((tensors, _) => tensors.Remove(name).Should().BeTrue());
        var resume = () => Resume();
        resume.Should().Throw<ModelFileException>().WithMessage($"*{_scene.Newest}*{name[(name.StartsWith("trainer", StringComparison.Ordinal) ? 0 : name.IndexOf('.') + 1)..]}*");
    }

    [Theory]
    [InlineData(0, 0, 625)]
    [InlineData(1, 1, 625)]
    [InlineData(1, 624, 2)]
    [InlineData(0, 1, 0)]
    [InlineData(1, 1, ulong.MaxValue)]
    public void A_state_that_makes_a_generator_read_beyond_its_words_is_rejected(int seeded, int left, ulong next)
    {
        Rewrite((tensors, _) =>
        {
            byte[] state = tensors["trainer.default"].bytes.ToArray();
            BinaryPrimitives.WriteInt32LittleEndian(state.AsSpan(8), left);
            BinaryPrimitives.WriteInt32LittleEndian(state.AsSpan(12), seeded);
            BinaryPrimitives.WriteUInt64LittleEndian(state.AsSpan(16), next);
            tensors["trainer.default"] = torch.tensor(state);
        });
        using var scope = torch.NewDisposeScope();
        using var own = torch.Generator.Default;
        var before = own.get_state();
        var resume = () => Resume();
        resume.Should().Throw<ModelFileException>().WithMessage("*generator*");
        own.get_state().Equals(before).Should().BeTrue();
    }

    [Theory]
    [InlineData("model.encoder.0.weight")]
    [InlineData("training.noise")]
    public void A_model_that_a_checkpoint_does_not_fit_stays_as_it_was(string missing)
    {
        Rewrite((tensors, _) => tensors.Remove(missing).Should().BeTrue());
        using var scope = torch.NewDisposeScope();
        using var model = new Vae(TrainingScene.Model);
        var before = model.State.ToDictionary(s => s.Key, s => s.Value.Values());
        var resume = () => Trainer.Fit(model, TrainingScene.Train, Options, TrainingScene.Test, checkpoints: _scene.Checkpoints);
        resume.Should().Throw<ModelFileException>();
        foreach (var (name, tensor) in model.State) tensor.Values().Should().Equal(before[name], name);
    }

    private TrainingHistory Resume()
    {
        var (model, history) = TrainingScene.Run(Options, _scene.Checkpoints);
        model.Dispose();
        return history;
    }

    private void Rewrite(Action<Dictionary<string, torch.Tensor>, Dictionary<string, string>> change)
    {
        using var scope = torch.NewDisposeScope();
        var (tensors, metadata) = Read();
        change(tensors, metadata);
        using var file = File.Create(_scene.Newest);
        CheckpointFile.Write(file, tensors, metadata);
    }

    private (Dictionary<string, torch.Tensor>, Dictionary<string, string>) Read()
    {
        using var reader = SafetensorsReader.Open(_scene.Newest);
        return (reader.Tensors.Keys.ToDictionary(name => name, reader.Read), reader.Metadata.ToDictionary());
    }
}
