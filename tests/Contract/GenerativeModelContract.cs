using System.Text.Json;
using GenModels.Data;
using GenModels.Training;

namespace GenModels.Testing;

/// <summary>
/// What every generative model must do. The tests of a model derive from this and say how to make one. The file stands alone: copy it beside
/// the tests of a model of your own, in a project with xunit and FluentAssertions that has these two and TorchSharp as global usings.
/// </summary>
public abstract class GenerativeModelContract
{
    /// <summary>A small model, ready to sample, whose examples have values of pixels, 0, 1/255, …, 1, in any shape.</summary>
    protected abstract IGenerativeModel Create(ulong seed = 1);

    /// <summary>The model of <see cref="Create"/> with an average of its weights; null where it has none.</summary>
    protected virtual IGenerativeModel? CreateWithAverage() => null;

    /// <summary>The same kind of model around networks that are the user's own; null where it takes none.</summary>
    protected virtual IGenerativeModel? CreateWithOwnNetworks() => null;

    /// <summary>The same with dropout in its networks; null where it has none.</summary>
    protected virtual IGenerativeModel? CreateWithDropout(RandomGenerator dropout) => null;

    /// <summary>Reads a file that <see cref="Create"/>'s model was saved to. A model outside the library is told how it is made.</summary>
    protected virtual IGenerativeModel Load(string path) => GenerativeModel.Load(path);

    /// <summary>How many steps it takes until every weight has been updated.</summary>
    protected virtual int StepsToChangeAll => 1;

    /// <summary>State that training does not learn, such as running statistics.</summary>
    protected virtual bool IsLearned(string name) => true;

    private static Batch Batch(IGenerativeModel model, int count, ulong seed = 1) =>
        new(Pixels(seed, count, [.. model.Options.ExampleShape]), Conditions(model, count));

    private static torch.Tensor Uniform(ulong seed, int count, params long[] shape) => new RandomGenerator(seed).Uniform([count, .. shape]);

    private static torch.Tensor Pixels(ulong seed, int count, params long[] shape)
    {
        using var scope = torch.NewDisposeScope();
        return ((Uniform(seed, count, shape) * 256).floor() / 255).MoveToOuterDisposeScope();
    }

    /// <summary>What some examples are, of every kind that the model takes; null for one without conditions.</summary>
    private static torch.Tensor? Conditions(IGenerativeModel model, int count) => model.Condition switch
    {
        ClassCondition classes => torch.tensor([.. Enumerable.Range(0, count).Select(i => (long)(i % classes.Count))]),
        VectorCondition vectors => Uniform(7, count, vectors.Size),
        _ => null,
    };

    private static torch.Tensor Sample(IGenerativeModel model, int count, ulong seed)
    {
        var generator = new RandomGenerator(seed);
        using var condition = Conditions(model, count);
        return model.Sample(count, generator, condition);
    }

    private static IExampleSource Source(IGenerativeModel model)
    {
        using var examples = Pixels(1, 50, [.. model.Options.ExampleShape]);
        var source = ArraySource.Of(examples);
        return model.Condition switch
        {
            ClassCondition classes => source.WithLabels([.. Enumerable.Range(0, 50).Select(i => i % classes.Count)], classes.Count),
            VectorCondition vectors => source.WithConditions(Vectors(vectors.Size)),
            _ => source,
        };
    }

    private static ArraySource Vectors(int size)
    {
        using var vectors = Uniform(2, 50, size);
        return ArraySource.Of(vectors);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void Samples_have_the_shape_of_examples(int count)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Create();
        Sample(model, count, seed: 3).shape.Should().Equal([count, .. model.Options.ExampleShape]);
    }

    [Fact]
    public void The_same_seed_gives_the_same_samples_and_another_does_not()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Create();
        float[] first = Values(Sample(model, 5, seed: 1));
        Values(Sample(model, 5, seed: 2)).Should().NotEqual(first);
        Values(Sample(model, 5, seed: 1)).Should().Equal(first);
    }

    [Fact]
    public void The_same_seed_trains_to_the_same_bits_and_another_does_not()
    {
        float[] Run(ulong seed)
        {
            using var scope = torch.NewDisposeScope();
            using var model = Create(seed);
            for (ulong step = 0; step < 10; step++) model.TrainStep(Batch(model, 4, step));
            return [.. model.State.Values.SelectMany(Values)];
        }
        Run(1).Should().Equal(Run(1)).And.NotEqual(Run(2));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void State_and_training_state_continue_training_to_the_same_bits(string kind)
    {
        using var scope = torch.NewDisposeScope();
        // Dropout of the restored model starts elsewhere, so that its state must come with the rest.
        RandomGenerator dropout = new(1), otherDropout = new(1) { Step = 100 };
        using var whole = Make(kind, dropout);
        for (ulong step = 0; step < 5; step++) whole.TrainStep(Batch(whole, 4, step));

        using var half = Make(kind, otherDropout);
        SetState(half, whole.State);
        ((IResumable)half).SetTrainingState(((IResumable)whole).GetTrainingState());
        for (ulong step = 5; step < 10; step++)
        {
            var batch = Batch(whole, 4, step);
            half.TrainStep(batch).Named.Should().Equal(whole.TrainStep(batch).Named);
        }
        ShouldBeTheSame(half, whole);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Two_epochs_and_two_more_through_a_checkpoint_equal_four(string kind)
    {
        using var folder = new TemporaryFolder();
        using var scope = torch.NewDisposeScope();
        RandomGenerator dropout = new(1), sameDropout = new(1), otherDropout = new(1) { Step = 100 };
        using IGenerativeModel whole = Make(kind, dropout), half = Make(kind, sameDropout), resumed = Make(kind, otherDropout);
        TrainingHistory Fit(IGenerativeModel model, int epochs, CheckpointOptions? checkpoints = null)
        {
            var source = Source(model);
            return Trainer.Fit(model, source, new FitOptions { Epochs = epochs, BatchSize = 16, Seed = 5 }, source, checkpoints: checkpoints);
        }
        var checkpoints = new CheckpointOptions { Folder = folder.Path, Resume = true };
        // Networks of the user's start where libtorch's own generator happens to be.
        SetState(half, whole.State);
        var expected = Fit(whole, 4);
        Fit(half, 2, checkpoints).ResumedFrom.Should().BeNull();
        var history = Fit(resumed, 4, checkpoints);

        history.ResumedFrom.Should().Be(new ResumePoint(folder["checkpoint.safetensors"], Epoch: 3, Position: 0, Steps: 8, Passed: null));
        ShouldBeTheSame(history, expected);
        ShouldBeTheSame(resumed, whole);
    }

    [Fact]
    public void Averaged_weights_draw_the_samples_and_others_train()
    {
        using var scope = torch.NewDisposeScope();
        if (CreateWithAverage() is not { } made) return;
        using IGenerativeModel averaging = made, plain = Create(), model = Create();
        for (ulong step = 0; step < 6; step++)
        {
            Sample(averaging, 2, seed: step);
            averaging.TrainStep(Batch(model, 8, step)).Named.Should().Equal(plain.TrainStep(Batch(model, 8, step)).Named);
        }
        foreach (var (name, tensor) in plain.State) Values(averaging.State[name]).Should().Equal(Values(tensor), name);

        SetState(model, plain.State.ToDictionary(s => s.Key, s => averaging.State.GetValueOrDefault($"average.{s.Key}", s.Value)));
        Values(Sample(averaging, 4, seed: 1)).Should().Equal(Values(Sample(model, 4, seed: 1))).And.NotEqual(Values(Sample(plain, 4, seed: 1)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Eight_threads_draw_the_samples_of_one(string kind)
    {
        var dropout = new RandomGenerator(1);
        using var model = Make(kind, dropout);
        float[] Draw(int seed)
        {
            using var scope = torch.NewDisposeScope();
            return Values(Sample(model, 20, (ulong)seed));
        }
        using (torch.NewDisposeScope()) model.TrainStep(Batch(model, 8));
        const int threads = 8, draws = 30;
        float[][] expected = [.. Enumerable.Range(0, threads * draws).Select(Draw)];
        var actual = new float[threads * draws][];
        OnThreads(threads, thread =>
        {
            for (int i = 0; i < draws; i++) actual[thread * draws + i] = Draw(thread * draws + i);
        });
        for (int i = 0; i < actual.Length; i++) actual[i].Should().Equal(expected[i]);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Sampling_on_other_threads_leaves_training_as_it_is(string kind)
    {
        using var scope = torch.NewDisposeScope();
        RandomGenerator dropout = new(1), sameDropout = new(1), evaluation = new(1);
        using IGenerativeModel alone = Make(kind, dropout), watched = Make(kind, sameDropout);
        SetState(watched, alone.State);
        const int steps = 200;
        for (ulong step = 0; step < steps; step++) alone.TrainStep(Batch(alone, 4, step));
        bool training = true;
        OnThreads(3, thread =>
        {
            using var inner = torch.NewDisposeScope();
            if (thread > 0)
            {
                for (ulong seed = 0; Volatile.Read(ref training); seed++) Sample(watched, 3, seed).Dispose();
                return;
            }
            for (ulong step = 0; step < steps; step++) watched.TrainStep(Batch(watched, 4, step));
            Volatile.Write(ref training, false);
        });
        ShouldBeTheSame(watched, alone);
    }

    [Fact]
    public void A_training_state_that_does_not_fit_changes_nothing()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Create();
        var resumable = (IResumable)model;
        model.TrainStep(Batch(model, 8));
        var before = resumable.GetTrainingState();
        foreach (var (name, tensor) in before)
        {
            var without = before.Where(s => s.Key != name).ToDictionary();
            var larger = before.ToDictionary(s => s.Key, s => s.Key == name ? torch.cat([tensor.flatten(), tensor.flatten()]) : torch.zeros_like(s.Value));
            var more = new Dictionary<string, torch.Tensor>(before) { ["more"] = tensor };
            foreach (var (bad, named) in new[] { (without, name), (larger, name), (more, "more") })
            {
                var set = () => resumable.SetTrainingState(bad);
                set.Should().Throw<ArgumentException>().WithParameterName("state").WithMessage($"*'{named}'*");
            }
        }
        foreach (var (name, tensor) in resumable.GetTrainingState()) tensor.Equals(before[name]).Should().BeTrue(name);
    }

    [Fact]
    public void A_step_changes_every_weight()
    {
        foreach (var make in new[] { () => Create(), () => CreateWithOwnNetworks() ?? Create() })
        {
            using var scope = torch.NewDisposeScope();
            using var model = make();
            var before = Snapshot(model);
            for (int step = 0; step < StepsToChangeAll; step++) model.TrainStep(Batch(model, 8));
            foreach (var (name, tensor) in model.State.Where(s => IsLearned(s.Key))) Values(tensor).Should().NotEqual(before[name], name);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_step_trains_where_the_caller_records_no_gradients(string kind)
    {
        using var scope = torch.NewDisposeScope();
        RandomGenerator dropout = new(1), sameDropout = new(1);
        using IGenerativeModel expected = Make(kind, dropout), model = Make(kind, sameDropout);
        SetState(model, expected.State);
        for (ulong step = 0; step < 4; step++)
        {
            expected.TrainStep(Batch(model, 8, step));
            using var noGrad = torch.no_grad();
            model.TrainStep(Batch(model, 8, step));
            torch.is_grad_enabled().Should().BeFalse("the caller's choice stands after the step");
        }
        ShouldBeTheSame(model, expected);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void In_inference_mode_it_evaluates_and_samples_and_says_that_it_can_not_train(string kind)
    {
        using var scope = torch.NewDisposeScope();
        RandomGenerator dropout = new(1), sameDropout = new(1);
        using IGenerativeModel expected = Make(kind, dropout), model = Make(kind, sameDropout);
        SetState(model, expected.State);
        // Larger than the training batches, so that memory that is kept from one pass to the next is made in inference mode.
        var large = Batch(model, 40);
        for (ulong step = 0; step < 3; step++)
        {
            var figures = Evaluate(expected, large);
            using (torch.inference_mode())
            {
                Evaluate(model, large).Should().Equal(figures);
                Values(Sample(model, 3, seed: step)).Should().Equal(Values(Sample(expected, 3, seed: step)));
                var train = () => model.TrainStep(large);
                train.Should().Throw<InvalidOperationException>().WithMessage("*inference_mode*");
            }
            model.TrainStep(Batch(model, 8, step)).Named.Should().Equal(expected.TrainStep(Batch(model, 8, step)).Named);
        }
        ShouldBeTheSame(model, expected);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_weight_that_is_frozen_stays_and_trains_again_when_it_is_thawed(string kind)
    {
        using var scope = torch.NewDisposeScope();
        var dropout = new RandomGenerator(1);
        using var model = Make(kind, dropout);
        var weights = model.State.Where(s => s.Value is TorchSharp.Modules.Parameter).ToList();
        void Train()
        {
            for (int step = 0; step < 2 * StepsToChangeAll; step++) model.TrainStep(Batch(model, 8, (ulong)step));
        }
        // The optimizer's moments would move the weights on without any gradient.
        Train();
        for (int part = 0; part < 3; part++)
        {
            foreach (var (i, weight) in weights.Index()) weight.Value.requires_grad = i % 3 != part;
            var before = Snapshot(model);
            Train();
            foreach (var (name, weight) in weights)
                if (weight.requires_grad) Values(weight).Should().NotEqual(before[name], name);
                else Values(weight).Should().Equal(before[name], name);
        }
    }

    [Fact]
    public void Evaluation_and_sampling_change_nothing()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Create();
        model.TrainStep(Batch(model, 8));
        var before = Snapshot(model);
        var generator = new RandomGenerator(1);
        model.Evaluate(Batch(model, 8), generator);
        model.Sample(3, generator, Conditions(model, 3));
        foreach (var (name, tensor) in model.State) Values(tensor).Should().Equal(before[name], name);
    }

    [Fact]
    public void Evaluation_repeats_with_the_generators_state()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Create();
        IMetrics Evaluate()
        {
            var generator = new RandomGenerator(8);
            return model.Evaluate(Batch(model, 8), generator);
        }
        Evaluate().Named.Should().Equal(Evaluate().Named).And.OnlyContain(m => double.IsFinite(m.Value));
        Evaluate().Named.First().Should().Be(("loss", Evaluate().Loss));
    }

    [Fact]
    public void A_call_leaves_no_tensor_behind_but_what_it_returns()
    {
        using var model = Create();
        using var scope = torch.NewDisposeScope();
        var generator = new RandomGenerator(1);
        var (batch, condition) = (Batch(model, 8), Conditions(model, 3));
        model.TrainStep(batch);
        var training = ((IResumable)model).GetTrainingState();
        foreach (var (call, returned) in new (Action, int)[]
        {
            (() => { for (int i = 0; i < StepsToChangeAll; i++) model.TrainStep(batch); }, 0),
            (() => model.Evaluate(batch, generator), 0),
            (() => model.Sample(3, generator, condition), 1),
            (() => ((IResumable)model).SetTrainingState(training), 0),
            (() => ((IResumable)model).GetTrainingState(), training.Count),
        })
        {
            long live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
            call();
            (DisposeScopeManager.Statistics.ThreadTotalLiveCount - live).Should().Be(returned);
        }
    }

    [Fact]
    public void Settings_and_state_make_the_same_model_again()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Create();
        for (int step = 0; step < 3; step++) model.TrainStep(Batch(model, 8));
        var type = model.Options.GetType();
        JsonSerializer.Deserialize(JsonSerializer.Serialize(model.Options, type), type).Should().Be(model.Options);

        using var copy = Create(seed: 99);
        copy.State.Keys.Should().Equal(model.State.Keys);
        using (torch.no_grad())
            foreach (var (name, tensor) in copy.State) tensor.copy_(model.State[name]);
        Values(Sample(copy, 4, seed: 5)).Should().Equal(Values(Sample(model, 4, seed: 5)));
    }

    [Fact]
    public void Saved_and_loaded_it_is_the_same_model()
    {
        using var folder = new TemporaryFolder();
        using var scope = torch.NewDisposeScope();
        using var model = Create();
        for (int step = 0; step < 3; step++) model.TrainStep(Batch(model, 8));
        model.Save(folder["model.safetensors"]);

        using var loaded = Load(folder["model.safetensors"]);

        loaded.Should().BeOfType(model.GetType());
        loaded.Options.Should().Be(model.Options);
        ShouldBeAlike(loaded, model);
    }

    [Fact]
    public void The_state_of_a_file_replaces_that_of_a_model_with_its_own_networks_or_the_users()
    {
        foreach (var make in new[] { () => Create(), () => CreateWithOwnNetworks() ?? Create() })
        {
            using var folder = new TemporaryFolder();
            using var scope = torch.NewDisposeScope();
            using var model = make();
            using var other = make();
            model.Save(folder["model.safetensors"]);
            for (int step = 0; step < 3; step++) other.TrainStep(Batch(other, 8));
            Values(Sample(other, 4, seed: 5)).Should().NotEqual(Values(Sample(model, 4, seed: 5)));

            other.LoadState(folder["model.safetensors"]);

            ShouldBeAlike(other, model);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(33)]
    public void Batches_of_any_size_train(int count)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Create();
        for (int step = 0; step < 3; step++)
            model.TrainStep(Batch(model, count, (ulong)step)).Named.Should().OnlyContain(m => double.IsFinite(m.Value));
    }

    [Fact]
    public void Batches_of_another_shape_or_with_bad_values_are_rejected()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Create();
        var generator = new RandomGenerator(1);
        long size = model.Options.ExampleSize;
        foreach (var bad in new[] { torch.zeros(4, size - 1), torch.zeros(0, size), torch.zeros(size), torch.full([4, size], float.NaN) })
        {
            var reshaped = bad.numel() == 4 * size ? bad.view([4, .. model.Options.ExampleShape]) : bad;
            var batch = new Batch(reshaped, Conditions(model, (int)reshaped.shape[0]));
            foreach (var use in new Action[] { () => model.TrainStep(batch), () => model.Evaluate(batch, generator) })
                use.Should().Throw<ArgumentException>().Which.ParamName.Should().Be("batch");
        }
        var none = () => model.Sample(0, generator);
        none.Should().Throw<ArgumentOutOfRangeException>().WithParameterName("count");
    }

    [Fact]
    public void After_dispose_every_call_says_so_and_a_second_dispose_does_nothing()
    {
        using var scope = torch.NewDisposeScope();
        var generator = new RandomGenerator(1);
        var model = Create();
        var (batch, condition) = (Batch(model, 4), Conditions(model, 1));
        model.Dispose();
        model.Dispose();
        foreach (var use in new Action[] { () => model.TrainStep(batch), () => model.Evaluate(batch, generator), () => model.Sample(1, generator, condition), () => ((IResumable)model).GetTrainingState() })
            use.Should().Throw<ObjectDisposedException>();
    }

    [Fact]
    public void A_model_made_in_a_dispose_scope_outlives_it()
    {
        IGenerativeModel model;
        using (torch.NewDisposeScope()) model = Create();
        using (model)
        using (torch.NewDisposeScope())
            double.IsFinite(model.TrainStep(Batch(model, 4)).Loss).Should().BeTrue();
    }

    [Fact]
    public void Disposing_a_model_frees_all_that_it_made()
    {
        using var scope = torch.NewDisposeScope();
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (var model = Create())
        {
            for (int i = 0; i < StepsToChangeAll; i++) model.TrainStep(Batch(model, 8));
        }
        scope.DisposeEverything();
        DisposeScopeManager.Statistics.ThreadTotalLiveCount.Should().Be(before);
    }

    [Fact]
    public void The_trainer_drives_it()
    {
        using var model = Create();
        var source = Source(model);
        var history = Trainer.Fit(model, source, new FitOptions { Epochs = 2, BatchSize = 16 }, test: source);
        history.Epochs.Should().HaveCount(2);
        history.Last.Test.Values.Should().OnlyContain(v => double.IsFinite(v));
    }

    [Fact]
    public void Conditions_that_are_missing_or_not_the_models_are_rejected()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Create();
        var generator = new RandomGenerator(1);
        var examples = Batch(model, 4).Examples;
        torch.Tensor?[] bad = model.Condition switch
        {
            null => [torch.zeros(4, dtype: torch.int64)],
            ClassCondition classes => [null, torch.zeros(4), torch.zeros(3, dtype: torch.int64), torch.full([4], classes.Count, dtype: torch.int64), torch.full([4], -1, dtype: torch.int64)],
            var vectors => [null, torch.zeros(4, dtype: torch.int64), torch.zeros(3, vectors.Size), torch.zeros(4, vectors.Size + 1), torch.full([4, vectors.Size], float.NaN)],
        };
        foreach (var condition in bad)
        {
            foreach (var use in new Action[] { () => model.TrainStep(new Batch(examples, condition)), () => model.Evaluate(new Batch(examples, condition), generator) })
                use.Should().Throw<ArgumentException>().WithMessage("*c*").Which.ParamName.Should().Be("batch");
            var sample = () => model.Sample(4, generator, condition);
            sample.Should().Throw<ArgumentException>().WithParameterName("condition");
        }
    }

    [Fact]
    public void What_it_is_told_decides_what_it_draws()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Create();
        if (model.Condition is not { } kind) return;
        for (ulong step = 0; step < 5; step++) model.TrainStep(Batch(model, 8, step));
        torch.Tensor One(int which) => kind is ClassCondition ? torch.full([5], which, dtype: torch.int64) : torch.full([5, kind.Size], (float)which);
        float[] Draw(int which)
        {
            var generator = new RandomGenerator(3);
            return Values(model.Sample(5, generator, One(which)));
        }
        Draw(0).Should().Equal(Draw(0)).And.NotEqual(Draw(1));
    }

    public static TheoryData<string> Kinds => ["settings", "own networks", "dropout", "average"];

    private static void OnThreads(int count, Action<int> action)
    {
        Exception? failure = null;
        Thread[] threads = [.. Enumerable.Range(0, count).Select(i => new Thread(() =>
        {
            try
            {
                action(i);
            }
            catch (Exception e)
            {
                failure = e;
            }
        }))];
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        failure.Should().BeNull();
    }

    // Where a model has no such kind, the one that it has is tested once more.
    private IGenerativeModel Make(string kind, RandomGenerator dropout) => kind switch
    {
        "dropout" => CreateWithDropout(dropout),
        "average" => CreateWithAverage(),
        "own networks" => CreateWithOwnNetworks(),
        _ => null,
    } ?? Create();

    /// <summary>Weights, training state and samples, bit for bit.</summary>
    private static void ShouldBeTheSame(IGenerativeModel model, IGenerativeModel expected)
    {
        using var scope = torch.NewDisposeScope();
        ShouldBeAlike(model, expected);
        var training = ((IResumable)expected).GetTrainingState();
        foreach (var (name, tensor) in ((IResumable)model).GetTrainingState()) tensor.Equals(training[name]).Should().BeTrue(name);
    }

    private static void ShouldBeAlike(IGenerativeModel actual, IGenerativeModel expected)
    {
        actual.State.Keys.Should().BeEquivalentTo(expected.State.Keys);
        foreach (var (name, tensor) in actual.State) Values(tensor).Should().Equal(Values(expected.State[name]), name);
        Values(Sample(actual, 4, seed: 5)).Should().Equal(Values(Sample(expected, 4, seed: 5)));
    }

    private static IEnumerable<(string, double)> Evaluate(IGenerativeModel model, Batch batch)
    {
        var generator = new RandomGenerator(8);
        return model.Evaluate(batch, generator).Named;
    }

    private static float[] Values(torch.Tensor tensor) => tensor.detach().to(torch.float32).data<float>().ToArray();

    private static Dictionary<string, float[]> Snapshot(IGenerativeModel model) => model.State.ToDictionary(s => s.Key, s => Values(s.Value));

    /// <summary>Every figure of every epoch, bit for bit; durations are another machine's business.</summary>
    private static void ShouldBeTheSame(TrainingHistory history, TrainingHistory expected)
    {
        history.Epochs.Should().HaveSameCount(expected.Epochs);
        foreach (var (actual, other) in history.Epochs.Zip(expected.Epochs))
        {
            actual.Train.Should().Equal(other.Train);
            actual.Test.Should().Equal(other.Test);
        }
        (history.Steps, history.StopReason).Should().Be((expected.Steps, expected.StopReason));
    }

    private static void SetState(IGenerativeModel model, IReadOnlyDictionary<string, torch.Tensor> state)
    {
        using var noGrad = torch.no_grad();
        foreach (var (name, tensor) in model.State) tensor.copy_(state[name]);
    }

    /// <summary>A folder of its own for one test, deleted with all that is in it.</summary>
    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("contract-").FullName;

        public string this[string name] => System.IO.Path.Combine(Path, name);

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
