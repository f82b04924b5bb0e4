using System.Text.Json;
using GenModels.Training;

namespace GenModels.Tests.Contract;

/// <summary>What every model must do. A model's tests derive from this and say how to make one.</summary>
public abstract class GenerativeModelContract
{
    /// <summary>A small model, ready to sample, whose examples have six values in [0, 1] in any shape.</summary>
    protected abstract IGenerativeModel Create(ulong seed = 1);

    /// <summary>The same kind of model around networks that are the user's own.</summary>
    protected abstract IGenerativeModel CreateWithOwnNetworks();

    /// <summary>How many steps it takes until every weight has been updated.</summary>
    protected virtual int StepsToChangeAll => 1;

    /// <summary>State that training does not learn, such as running statistics.</summary>
    protected virtual bool IsLearned(string name) => true;

    private static torch.Tensor Batch(IGenerativeModel model, int count, ulong seed = 1) => Examples.Batch(count, [.. model.Options.ExampleShape], seed);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void Samples_have_the_shape_of_examples(int count)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Create();
        model.Sample(count, seed: 3).shape.Should().Equal([count, .. model.Options.ExampleShape]);
    }

    [Fact]
    public void The_same_seed_gives_the_same_samples_and_another_does_not()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Create();
        float[] first = Values(model.Sample(5, seed: 1));
        Values(model.Sample(5, seed: 2)).Should().NotEqual(first);
        Values(model.Sample(5, seed: 1)).Should().Equal(first);
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

    [Fact]
    public void A_step_changes_every_weight()
    {
        foreach (var make in new[] { () => Create(), CreateWithOwnNetworks })
        {
            using var scope = torch.NewDisposeScope();
            using var model = make();
            var before = Snapshot(model);
            for (int step = 0; step < StepsToChangeAll; step++) model.TrainStep(Batch(model, 8));
            foreach (var (name, tensor) in model.State.Where(s => IsLearned(s.Key))) Values(tensor).Should().NotEqual(before[name], name);
        }
    }

    [Fact]
    public void Evaluation_and_sampling_change_nothing()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Create();
        model.TrainStep(Batch(model, 8));
        var before = Snapshot(model);
        using var generator = new torch.Generator(1);
        model.Evaluate(Batch(model, 8), generator);
        model.Sample(3, generator);
        foreach (var (name, tensor) in model.State) Values(tensor).Should().Equal(before[name], name);
    }

    [Fact]
    public void Evaluation_repeats_with_the_generators_state()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Create();
        IMetrics Evaluate()
        {
            using var generator = new torch.Generator(8);
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
        using var generator = new torch.Generator(1);
        var batch = Batch(model, 8);
        model.TrainStep(batch);
        foreach (var (call, returned) in new (Action, int)[]
        {
            (() => { for (int i = 0; i < StepsToChangeAll; i++) model.TrainStep(batch); }, 0),
            (() => model.Evaluate(batch, generator), 0),
            (() => model.Sample(3, generator), 1),
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
        Values(copy.Sample(4, seed: 5)).Should().Equal(Values(model.Sample(4, seed: 5)));
    }

    [Fact]
    public void Saved_and_loaded_it_is_the_same_model()
    {
        using var folder = new TemporaryFolder();
        using var scope = torch.NewDisposeScope();
        using var model = Create();
        for (int step = 0; step < 3; step++) model.TrainStep(Batch(model, 8));
        model.Save(folder["model.safetensors"]);

        using var loaded = GenerativeModel.Load(folder["model.safetensors"]);

        loaded.Should().BeOfType(model.GetType());
        loaded.Options.Should().Be(model.Options);
        ShouldBeAlike(loaded, model);
    }

    [Fact]
    public void The_state_of_a_file_replaces_that_of_a_model_with_its_own_networks_or_the_users()
    {
        foreach (var make in new[] { () => Create(), CreateWithOwnNetworks })
        {
            using var folder = new TemporaryFolder();
            using var scope = torch.NewDisposeScope();
            using var model = make();
            using var other = make();
            model.Save(folder["model.safetensors"]);
            for (int step = 0; step < 3; step++) other.TrainStep(Batch(other, 8));
            Values(other.Sample(4, seed: 5)).Should().NotEqual(Values(model.Sample(4, seed: 5)));

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
        using var generator = new torch.Generator(1);
        foreach (var bad in new[] { torch.zeros(4, 5), torch.zeros(0, 6), torch.zeros(6), torch.full([4, 6], float.NaN) })
        {
            var reshaped = bad.numel() == 24 ? bad.view([4, .. model.Options.ExampleShape]) : bad;
            foreach (var use in new Action[] { () => model.TrainStep(reshaped), () => model.Evaluate(reshaped, generator) })
                use.Should().Throw<ArgumentException>().Which.ParamName.Should().Be("batch");
        }
        var none = () => model.Sample(0, generator);
        none.Should().Throw<ArgumentOutOfRangeException>().WithParameterName("count");
    }

    [Fact]
    public void After_dispose_every_call_says_so_and_a_second_dispose_does_nothing()
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(1);
        var model = Create();
        var batch = Batch(model, 4);
        model.Dispose();
        model.Dispose();
        foreach (var use in new Action[] { () => model.TrainStep(batch), () => model.Evaluate(batch, generator), () => model.Sample(1, generator) })
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
        int parameters;
        using (var model = Create())
        {
            parameters = model.State.Values.Count(t => t is TorchSharp.Modules.Parameter);
            for (int i = 0; i < StepsToChangeAll; i++) model.TrainStep(Batch(model, 8));
        }
        scope.DisposeEverything();
        // TorchSharp 0.99.6 counts the data that a parameter takes over as alive for ever.
        (DisposeScopeManager.Statistics.ThreadTotalLiveCount - before).Should().BeOneOf(0, parameters);
    }

    [Fact]
    public void The_trainer_drives_it()
    {
        using var model = Create();
        var source = Examples.Source(50, [.. model.Options.ExampleShape]);
        var history = Trainer.Fit(model, source, new FitOptions { Epochs = 2, BatchSize = 16 }, test: source);
        history.Epochs.Should().HaveCount(2);
        history.Last.Test.Values.Should().OnlyContain(v => double.IsFinite(v));
    }

    private static void ShouldBeAlike(IGenerativeModel actual, IGenerativeModel expected)
    {
        actual.State.Keys.Should().BeEquivalentTo(expected.State.Keys);
        foreach (var (name, tensor) in actual.State) Values(tensor).Should().Equal(Values(expected.State[name]), name);
        Values(actual.Sample(4, seed: 5)).Should().Equal(Values(expected.Sample(4, seed: 5)));
    }

    private static float[] Values(torch.Tensor tensor) => tensor.detach().to(torch.float32).data<float>().ToArray();

    private static Dictionary<string, float[]> Snapshot(IGenerativeModel model) => model.State.ToDictionary(s => s.Key, s => Values(s.Value));
}
