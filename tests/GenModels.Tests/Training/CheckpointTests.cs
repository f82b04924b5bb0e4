using GenModels.Data;
using GenModels.Training;

namespace GenModels.Tests.Training;

public sealed class CheckpointTests : IDisposable
{
    private readonly TrainingScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(11)]
    public void Cancelled_anywhere_and_resumed_it_ends_in_the_same_bits(int steps)
    {
        var expected = TrainingScene.Run();
        using var owned = expected.Model;
        _scene.RunAndCancel(steps);
        var resumed = TrainingScene.Run(checkpoints: _scene.Checkpoints);
        using var alsoOwned = resumed.Model;
        resumed.History.ResumedFrom?.Steps.Should().Be(steps);
        TrainingScene.ShouldBeTheSame(resumed, expected);
    }

    [Fact]
    public void Resumed_again_and_again_it_ends_in_the_same_bits()
    {
        var expected = TrainingScene.Run();
        using var owned = expected.Model;
        for (int i = 0; i < 14; i++) _scene.RunAndCancel(1);
        var resumed = TrainingScene.Run(checkpoints: _scene.Checkpoints);
        using var alsoOwned = resumed.Model;
        TrainingScene.ShouldBeTheSame(resumed, expected);
    }

    [Fact]
    public void A_run_cancelled_in_its_evaluation_resumes_there()
    {
        var expected = TrainingScene.Run();
        using var owned = expected.Model;
        using var source = new CancellationTokenSource();
        // 30 held-out examples in batches of 10: the token is seen before the second.
        var options = TrainingScene.Options with { EvaluationBatchSize = 10 };
        var test = new CancellingSource(TrainingScene.Test, source);
        using (var model = new Vae(TrainingScene.Model))
        {
            var fit = () => Trainer.Fit(model, TrainingScene.Train, options, test, checkpoints: _scene.Checkpoints, cancellation: source.Token);
            test.Armed = true;
            fit.Should().Throw<OperationCanceledException>();
        }
        Checkpoint.Find(_scene.Folder.Path).Should().Be(new ResumePoint(_scene.Newest, Epoch: 1, Position: 70, Steps: 5, Passed: null));
        var reports = new List<FitProgress>();
        var resumed = TrainingScene.Run(options, _scene.Checkpoints, progress: reports.Add);
        using var alsoOwned = resumed.Model;
        resumed.History.Epochs.Select(e => e.Train["loss"]).Should().Equal(expected.History.Epochs.Select(e => e.Train["loss"]));
        reports[0].Completed?.Epoch.Should().Be(1);
        reports[0].Metrics.Loss.Should().Be(resumed.History.Epochs[0].Train["loss"]);
    }

    [Fact]
    public void A_finished_run_gives_its_history_again_and_more_epochs_go_on_from_its_end()
    {
        var expected = TrainingScene.Run(TrainingScene.Options with { Epochs = 5 });
        using var owned = expected.Model;
        TrainingScene.Run(checkpoints: _scene.Checkpoints).Model.Dispose();

        var (again, history) = TrainingScene.Run(checkpoints: _scene.Checkpoints, progress: _ => Assert.Fail("There is nothing left to do."));
        using var alsoOwned = again;
        history.Epochs.Should().HaveCount(3);
        var longer = TrainingScene.Run(TrainingScene.Options with { Epochs = 5 }, _scene.Checkpoints);
        using var ownedToo = longer.Model;
        TrainingScene.ShouldBeTheSame(longer, expected);
    }

    [Fact]
    public void Without_resume_a_run_starts_anew()
    {
        _scene.RunAndCancel(7);
        var (model, history) = TrainingScene.Run(checkpoints: _scene.Checkpoints with { Resume = false });
        using var owned = model;
        history.ResumedFrom.Should().BeNull();
        history.Epochs.Should().HaveCount(3);
    }

    [Fact]
    public void Without_a_checkpoint_there_is_none_to_find() => Checkpoint.Find(_scene.Folder["nowhere"]).Should().BeNull();

    [Theory]
    [InlineData("cut")]
    [InlineData("changed")]
    [InlineData("empty")]
    [InlineData("missing")]
    public void Where_the_newest_is_damaged_the_one_before_it_serves(string damage)
    {
        var expected = TrainingScene.Run();
        using var owned = expected.Model;
        _scene.RunAndCancel(7);
        Damage(_scene.Newest, damage);

        var resumed = TrainingScene.Run(checkpoints: _scene.Checkpoints);
        using var alsoOwned = resumed.Model;
        // Saved after steps 2, 4 and 6, and when it was cancelled at 7.
        resumed.History.ResumedFrom?.Path.Should().Be(_scene.Previous);
        resumed.History.ResumedFrom?.Steps.Should().Be(6);
        (resumed.History.ResumedFrom?.Passed is not null).Should().Be(damage != "missing");
        TrainingScene.ShouldBeTheSame(resumed, expected);
    }

    [Fact]
    public void Every_changed_byte_is_noticed()
    {
        _scene.RunAndCancel(1);
        byte[] whole = File.ReadAllBytes(_scene.Newest);
        // Fewer places than there are, and always the first and the last.
        foreach (int place in Enumerable.Range(0, 200).Select(i => (int)((long)i * (whole.Length - 1) / 199)))
        {
            byte[] changed = [.. whole];
            changed[place] ^= 1;
            File.WriteAllBytes(_scene.Newest, changed);
            var find = () => Checkpoint.Find(_scene.Folder.Path);
            find.Should().Throw<ModelFileException>("byte {0} of {1} was changed", place, whole.Length);
        }
    }

    [Fact]
    public void Where_none_is_whole_that_is_said()
    {
        _scene.RunAndCancel(7);
        Damage(_scene.Newest, "cut");
        Damage(_scene.Previous, "empty");
        var run = () => TrainingScene.Run(checkpoints: _scene.Checkpoints);
        run.Should().Throw<ModelFileException>().WithMessage($"*{_scene.Previous}*");
    }

    [Fact]
    public void A_changed_configuration_is_told_field_by_field_and_refused()
    {
        _scene.RunAndCancel(7);
        var run = () => TrainingScene.Run(
            TrainingScene.Options with { BatchSize = 8 }, _scene.Checkpoints, TrainingScene.Model with { Beta = 0.5 }, train: Examples.Source(71, [6]));
        var failure = run.Should().Throw<ConfigurationChangedException>().Which;
        failure.Changes.Should().Contain([
            new("model.Beta", "1", "0.5"), new("fit.BatchSize", "16", "8"), new("train.Count", "70", "71")]);
        failure.Changes.Select(c => c.Field).Should().BeEquivalentTo("model.Beta", "fit.BatchSize", "train.Count", "train.Sha256");
        failure.Message.Should().Contain("fit.BatchSize was 16, and is 8").And.Contain(_scene.Newest);
        Checkpoint.Find(_scene.Folder.Path)?.Steps.Should().Be(7);
    }

    [Fact]
    public void A_changed_configuration_that_is_allowed_goes_on()
    {
        _scene.RunAndCancel(7);
        var (model, history) = TrainingScene.Run(
            TrainingScene.Options with { BatchSize = 8 }, _scene.Checkpoints with { AllowChanges = true }, TrainingScene.Model with { Beta = 0.5 });
        using var owned = model;
        // 32 of the second epoch's 70 examples were done; what is left takes 5 steps of 8, and the third epoch 9.
        history.Steps.Should().Be(7 + 5 + 9);
        history.Epochs.Should().HaveCount(3);
    }

    [Fact]
    public void Other_data_of_the_same_shape_is_noticed()
    {
        _scene.RunAndCancel(7);
        var run = () => TrainingScene.Run(checkpoints: _scene.Checkpoints, train: Examples.Source(70, [6], seed: 9));
        run.Should().Throw<ConfigurationChangedException>().Which.Changes.Select(c => c.Field).Should().Equal("train.Sha256");
    }

    [Fact]
    public void Another_networks_weights_are_refused_even_where_changes_are_allowed()
    {
        _scene.RunAndCancel(7);
        var run = () => TrainingScene.Run(
            checkpoints: _scene.Checkpoints with { AllowChanges = true }, model: TrainingScene.Model with { Hidden = [9] });
        run.Should().Throw<ArgumentException>().WithMessage("*'encoder.0.weight'*[8, 6]*[9, 6]*");
    }

    [Fact]
    public void What_modules_draw_from_libtorchs_own_generator_continues_too()
    {
        _scene.RunAndCancel(7);
        using var scope = torch.NewDisposeScope();
        using var own = torch.Generator.Default;
        var saved = own.get_state();
        torch.manual_seed(99);
        TrainingScene.Run(checkpoints: _scene.Checkpoints).Model.Dispose();
        own.get_state().Equals(saved).Should().BeTrue();
    }

    [Fact]
    public void The_history_file_has_every_epoch_once()
    {
        var expected = TrainingScene.Run();
        expected.Model.Dispose();
        _scene.RunAndCancel(8);
        // What a killed process has added after its last checkpoint, and half a line.
        File.AppendAllText(_scene.Folder["history.csv"], "2,0,0,0,0,0,0,1,1\n3,0.2");
        TrainingScene.Run(checkpoints: _scene.Checkpoints).Model.Dispose();

        string[] lines = File.ReadAllLines(_scene.Folder["history.csv"]);
        expected.History.WriteCsv(_scene.Folder["expected.csv"]);
        // All but the times.
        lines.Select(l => l.Split(',')[..7]).Should().BeEquivalentTo(
            File.ReadAllLines(_scene.Folder["expected.csv"]).Select(l => l.Split(',')[..7]), o => o.WithStrictOrdering());
    }

    [Fact]
    public void The_history_file_grows_with_every_epoch()
    {
        var lines = new List<int>();
        TrainingScene.Run(checkpoints: _scene.Checkpoints, progress: p =>
        {
            if (p.Completed is not null) lines.Add(File.ReadAllLines(_scene.Folder["history.csv"]).Length);
        }).Model.Dispose();
        lines.Should().Equal(2, 3, 4);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Held_out_data_that_come_or_go_with_a_resumption_leave_gaps_in_the_history_file(bool come)
    {
        foreach (var (epochs, test) in new[] { (1, come ? null : TrainingScene.Test), (3, come ? TrainingScene.Test : null) })
        {
            using var model = new Vae(TrainingScene.Model);
            Trainer.Fit(
                model, TrainingScene.Train, TrainingScene.Options with { Epochs = epochs }, test,
                checkpoints: _scene.Checkpoints with { AllowChanges = true }).Epochs.Should().HaveCount(epochs);
        }
        string[][] lines = [.. File.ReadAllLines(_scene.Folder["history.csv"]).Select(l => l.Split(','))];
        int column = Array.IndexOf(lines[0], "test.loss");
        column.Should().BePositive();
        lines.Should().OnlyContain(l => l.Length == lines[0].Length);
        lines[1..].Select(l => l[column] == "NaN").Should().Equal(come, !come, !come);
    }

    [Fact]
    public void A_folder_that_can_not_be_written_is_an_error_before_the_first_step()
    {
        File.WriteAllText(_scene.Folder["file"], "");
        var run = () => TrainingScene.Run(
            checkpoints: _scene.Checkpoints with { Folder = _scene.Folder["file", "folder"] }, progress: _ => Assert.Fail("Training has begun."));
        run.Should().Throw<IOException>().WithMessage("Checkpoints can't be written to the folder*");
    }

    [Fact]
    public void A_disk_that_is_full_stops_training_and_leaves_the_checkpoint_before()
    {
        if (!OperatingSystem.IsLinux()) return;
        _scene.RunAndCancel(7);
        byte[] before = File.ReadAllBytes(_scene.Newest);
        // Enough for the history and not for a checkpoint.
        using (new FileSizeLimit(4_096))
        {
            var run = () => TrainingScene.Run(checkpoints: _scene.Checkpoints);
            run.Should().Throw<IOException>().WithMessage("The file '*checkpoint.safetensors' can't be written: Specified file length was too large*");
        }
        File.ReadAllBytes(_scene.Newest).Should().Equal(before);
        Directory.GetFiles(_scene.Folder.Path, AtomicFile.TemporaryFiles).Should().BeEmpty();
        TrainingScene.Run(checkpoints: _scene.Checkpoints).History.Epochs.Should().HaveCount(3);
    }

    [Fact]
    public void A_model_that_can_not_be_resumed_is_refused()
    {
        using var model = new OnlyGenerative();
        var fit = () => Trainer.Fit(model, TrainingScene.Train, checkpoints: _scene.Checkpoints);
        fit.Should().Throw<ArgumentException>().WithParameterName("model").WithMessage("*OnlyGenerative can't be resumed*");
    }

    [Fact]
    public void Intervals_outside_their_range_are_rejected()
    {
        foreach (var (checkpoints, name) in new[]
        {
            (_scene.Checkpoints with { EverySteps = 0 }, "EverySteps"), (_scene.Checkpoints with { Every = TimeSpan.FromSeconds(-1) }, "Every"),
            (_scene.Checkpoints with { Folder = " " }, "Folder"),
        })
        {
            var run = () => TrainingScene.Run(checkpoints: checkpoints);
            run.Should().Throw<ArgumentException>().WithParameterName(name);
        }
    }

    [Fact]
    public void Saving_and_resuming_leave_no_tensor_behind()
    {
        _scene.RunAndCancel(7);
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        TrainingScene.Run(checkpoints: _scene.Checkpoints).Model.Dispose();
        DisposeScopeManager.Statistics.ThreadTotalLiveCount.Should().Be(before);
    }

    private static void Damage(string path, string damage)
    {
        byte[] bytes = File.ReadAllBytes(path);
        switch (damage)
        {
            case "cut": File.WriteAllBytes(path, bytes[..(bytes.Length * 2 / 3)]); break;
            case "changed": bytes[^100] ^= 4; File.WriteAllBytes(path, bytes); break;
            case "empty": File.WriteAllBytes(path, []); break;
            default: File.Delete(path); break;
        }
    }

    private sealed class CancellingSource(IExampleSource source, CancellationTokenSource cancellation) : IExampleSource
    {
        public bool Armed { get; set; }

        public int Count => source.Count;

        public IReadOnlyList<long> ExampleShape => source.ExampleShape;

        public void Gather(ReadOnlySpan<int> indices, Span<float> destination)
        {
            source.Gather(indices, destination);
            if (Armed && indices.Length == 10) cancellation.Cancel();
        }
    }

    private sealed class OnlyGenerative : IGenerativeModel
    {
        public ModelOptions Options { get; } = TrainingScene.Model;
        public torch.Device Device => torch.CPU;
        public IReadOnlyDictionary<string, torch.Tensor> State { get; } = new Dictionary<string, torch.Tensor>();
        public IMetrics TrainStep(Batch batch) => throw new NotSupportedException();
        public IMetrics Evaluate(Batch batch, torch.Generator generator) => throw new NotSupportedException();
        public torch.Tensor Sample(int count, torch.Generator generator, torch.Tensor? condition = null) => throw new NotSupportedException();
        public void Dispose() { }
    }
}
