using GenModels.State;
using static TorchSharp.torch;

namespace GenModels;

/// <summary>
/// What the models of this library have in common: networks and optimizers under stable names, the state that files and checkpoints hold,
/// averaged weights, safety for threads, and disposal. A model adds its objective and its way to draw.
/// </summary>
/// <typeparam name="TOptions">The model's settings.</typeparam>
/// <typeparam name="TMetrics">The figures of a step or an evaluation.</typeparam>
/// <remarks>Only this library's models derive from it. A model of your own implements <see cref="IGenerativeModel"/> or <see cref="IResumable"/>.</remarks>
public abstract partial class Model<TOptions, TMetrics> : IResumable, IGated, IOwnNetworks
    where TOptions : ModelOptions
    where TMetrics : IMetrics
{
    private readonly ModelGate _gate;

    /// <summary>Checks the settings; networks and optimizers are added by the model's constructor.</summary>
    private protected Model(TOptions options, Device? device)
    {
        Libtorch.EnsureLoaded();
        Options = Guard.NotNull(options);
        options.Validate();
        Device = device ?? CPU;
        Noise = RandomGenerator.For(options.Seed, RandomStreams.Noise);
        _gate = new ModelGate(this, StartInference, ExchangeAverages);
    }

    /// <inheritdoc cref="IGenerativeModel.Options"/>
    public TOptions Options { get; }

    ModelOptions IGenerativeModel.Options => Options;

    /// <inheritdoc/>
    public Device Device { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> State => _state;

    ModelGate IGated.Gate => _gate;

    /// <inheritdoc cref="IGenerativeModel.TrainStep"/>
    public TMetrics TrainStep(Tensor batch)
    {
        Check(batch, nameof(batch));
        using var scope = new TrainingScope(_gate);
        SetTraining(true);
        return Step(batch);
    }

    IMetrics IGenerativeModel.TrainStep(Tensor batch) => TrainStep(batch);

    /// <inheritdoc cref="IGenerativeModel.Evaluate"/>
    public TMetrics Evaluate(Tensor batch, RandomGenerator generator)
    {
        Check(batch, nameof(batch));
        Guard.NotNull(generator);
        using var scope = Inference(JudgesAlone);
        return Judge(batch, generator);
    }

    IMetrics IGenerativeModel.Evaluate(Tensor batch, RandomGenerator generator) => Evaluate(batch, generator);

    /// <inheritdoc/>
    public Tensor Sample(int count, RandomGenerator generator) => Sample(count, generator, Draw);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> GetTrainingState()
    {
        using var alone = Alone();
        return StateExchange.Save(ExchangeTrainingState);
    }

    /// <inheritdoc/>
    public void SetTrainingState(IReadOnlyDictionary<string, Tensor> state)
    {
        using var alone = Alone();
        StateExchange.Restore(ExchangeTrainingState, state);
    }

    /// <summary>Disposes the networks, those of the caller's own included, and all that training keeps.</summary>
    public void Dispose()
    {
        if (!_gate.Close()) return;
        DisposeParts();
        GC.SuppressFinalize(this);
    }

    /// <summary>One update, on a batch that was checked, with the networks in training mode.</summary>
    private protected abstract TMetrics Step(Tensor batch);

    /// <summary>The objective without an update, on a batch that was checked.</summary>
    private protected abstract TMetrics Judge(Tensor batch, RandomGenerator generator);

    /// <summary>New examples, shape [count, …], in the dispose scope: those from <paramref name="firstRow"/> on of a larger call.</summary>
    private protected abstract Tensor Draw(int count, RandomGenerator generator, long firstRow);

    /// <summary>Throws if the model can't accept a batch.</summary>
    private protected virtual void Check(Tensor batch, string name)
    {
        Guard.Batch(batch, Options.ExampleShape, name);
        Guard.On(Device, batch, name);
    }

    /// <summary>
    /// Whether <see cref="Judge"/> needs the model for itself, with the weights of the last step in place of their averages: where it goes
    /// through passes that keep what they compute.
    /// </summary>
    private protected virtual bool JudgesAlone => false;

    /// <summary>Saves or restores what the model's training keeps beside networks, optimizers and generators.</summary>
    private protected virtual void Exchange(StateExchange state) { }

    /// <summary>Draws examples with a function of one's own, in chunks of bounded memory.</summary>
    private protected Tensor Sample(int count, RandomGenerator generator, Func<int, RandomGenerator, long, Tensor> draw)
    {
        Guard.AtLeast(count, 1);
        Guard.NotNull(generator);
        using var scope = Inference();
        return AsExamples(SampleChunks.Draw(count, generator, (n, firstRow) => draw(n, generator, firstRow))).MoveToOuterDisposeScope();
    }

    /// <summary>A network's output in the shape of examples.</summary>
    private protected Tensor AsExamples(Tensor output) => output.reshape([-1, .. Options.ExampleShape]);

    /// <summary>A look at the model: a dispose scope without gradients, with averaged weights where there are any, beside others who look.</summary>
    private protected InferenceScope Inference(bool alone = false) => new(_gate, alone);

    /// <summary>Waits until no one else uses the model, and keeps it so until the pass is disposed.</summary>
    private protected ModelGate.Pass Alone() => _gate.Alone();

    /// <summary>Switches every network between training and use.</summary>
    private protected void SetTraining(bool training)
    {
        foreach (var network in _networks) network.train(training);
    }

    private void StartInference()
    {
        SetTraining(false);
        ExchangeAverages();
    }

    private void ExchangeTrainingState(StateExchange state)
    {
        foreach (var (name, optimizer) in _optimizers) optimizer.Exchange(state, name);
        state.Generator("noise", Noise);
        state.Dropouts(_networks);
        Exchange(state);
    }
}
