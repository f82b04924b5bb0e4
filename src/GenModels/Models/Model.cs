using GenModels.Data;
using GenModels.State;
using static TorchSharp.torch;

namespace GenModels;

/// <summary>
/// What everything that can be trained has in common, and the way to write a model of your own: networks and optimizers under stable names, the
/// state that files and checkpoints hold, averaged weights, safety for threads, and disposal. A model adds its objective.
/// </summary>
/// <typeparam name="TOptions">The model's settings.</typeparam>
/// <typeparam name="TMetrics">The figures of a step or an evaluation.</typeparam>
/// <remarks>
/// A model that draws examples derives from <see cref="GenerativeModel{TOptions, TMetrics}"/>. Its constructor makes networks, adds them with
/// <see cref="AddNetwork"/> in an order that stays, and adds optimizers with <see cref="AddOptimizer"/>; then it overrides <see cref="Step"/> and
/// <see cref="Judge"/>. What it has beside that, such as an encoder's method, opens a scope with <see cref="Inference"/>. All of this is called
/// by one thread at a time where the model changes, and by many where it is only looked at.
/// </remarks>
public abstract partial class Model<TOptions, TMetrics> : IResumable, IGated, IOwnNetworks
    where TOptions : ModelOptions
    where TMetrics : IMetrics
{
    private readonly ModelGate _gate;

    /// <summary>Checks the settings; networks and optimizers are added by the model's constructor.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="device">Where the weights live; null is the CPU.</param>
    /// <exception cref="ArgumentException">A setting lies outside its range.</exception>
    protected Model(TOptions options, Device? device)
    {
        Libtorch.EnsureLoaded();
        Options = Guard.NotNull(options);
        options.Validate();
        Device = device ?? CPU;
        Noise = RandomGenerator.For(options.Seed, RandomStreams.Noise);
        _gate = new ModelGate(this, StartInference, ExchangeAverages);
    }

    /// <inheritdoc cref="ITrainable.Options"/>
    public TOptions Options { get; }

    ModelOptions ITrainable.Options => Options;

    /// <inheritdoc/>
    public Device Device { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> State => _state;

    /// <inheritdoc/>
    public virtual Condition? Condition => Options.Condition;

    ModelGate IGated.Gate => _gate;

    /// <inheritdoc cref="ITrainable.TrainStep"/>
    public TMetrics TrainStep(Batch batch)
    {
        Check(batch, nameof(batch));
        using var scope = new TrainingScope(_gate);
        SetTraining(true);
        return Step(batch);
    }

    IMetrics ITrainable.TrainStep(Batch batch) => TrainStep(batch);

    /// <inheritdoc cref="ITrainable.Evaluate"/>
    public TMetrics Evaluate(Batch batch, RandomGenerator generator)
    {
        Check(batch, nameof(batch));
        Guard.NotNull(generator);
        using var scope = Inference(JudgesAlone);
        return Judge(batch, generator);
    }

    IMetrics ITrainable.Evaluate(Batch batch, RandomGenerator generator) => Evaluate(batch, generator);

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

    /// <summary>One update, on a batch that was checked, with the networks in training mode, in a dispose scope that records gradients.</summary>
    /// <param name="batch">The batch.</param>
    /// <returns>The objective's terms before the update.</returns>
    protected abstract TMetrics Step(Batch batch);

    /// <summary>The objective without an update, on a batch that was checked, in a dispose scope without gradients.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="generator">The source of what the objective draws.</param>
    /// <returns>The objective's terms.</returns>
    protected abstract TMetrics Judge(Batch batch, RandomGenerator generator);

    /// <summary>Throws if the model has no place for some examples, whatever their condition.</summary>
    /// <param name="examples">The examples.</param>
    /// <param name="name">What the caller's parameter is called.</param>
    /// <exception cref="ArgumentException">The examples have another shape or type, or live elsewhere; an override adds what it asks of their values.</exception>
    protected virtual void CheckExamples(Tensor examples, string name)
    {
        Guard.Batch(examples, Options.ExampleShape, name);
        Guard.On(Device, examples, name);
    }

    /// <summary>
    /// Whether <see cref="Judge"/> needs the model for itself, with the weights of the last step in place of their averages: where it goes
    /// through passes that keep what they compute.
    /// </summary>
    protected virtual bool JudgesAlone => false;

    /// <summary>Saves or restores what the model's training keeps beside networks, optimizers and <see cref="Noise"/>.</summary>
    /// <param name="state">Saves or restores what it is told of.</param>
    protected virtual void Exchange(StateExchange state) { }

    /// <summary>Throws if the model can't accept a batch.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="name">What the caller's parameter is called.</param>
    /// <exception cref="ArgumentException">The examples or their condition do not fit the model.</exception>
    protected void Check(Batch batch, string name)
    {
        CheckExamples(batch.Examples, name);
        CheckCondition(batch.Condition, batch.Examples.shape[0], name);
    }

    /// <summary>Throws where so many examples have no condition and the model needs one, or have one and it is not the model's.</summary>
    /// <param name="given">The condition; null where there is none.</param>
    /// <param name="examples">How many examples there are.</param>
    /// <param name="name">What the caller's parameter is called.</param>
    /// <exception cref="ArgumentException">The condition is missing, not asked for, or does not fit.</exception>
    protected void CheckCondition(Tensor? given, long examples, string name)
    {
        if (Condition is not { } condition)
        {
            if (given is not null) throw new ArgumentException("There is a condition, and the model has no place for one: set Condition in its settings.", name);
            return;
        }
        if (given is null)
            throw new ArgumentException(
                $"The condition of the examples is missing: the model is conditional on {condition}. Give a condition for each example.", name);
        Guard.On(Device, given, name);
        condition.Check(given, examples, name);
    }

    /// <summary>A network's input with the condition beside it, shape [n, values + <see cref="Data.Condition.Size"/>]; without a condition the input as it is.</summary>
    protected Tensor With(Tensor? condition, Tensor input) =>
        condition is not null && Options.Condition is { } kind ? cat([input.flatten(1), kind.Encode(condition)], 1) : input;

    /// <summary>A look at the model: a dispose scope without gradients, with averaged weights where there are any, beside others who look.</summary>
    /// <param name="alone">Whether no one else may look meanwhile; the weights are then those of the last step.</param>
    /// <returns>What ends the look when it is disposed, on the same thread.</returns>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    protected IDisposable Inference(bool alone = false) => new InferenceScope(_gate, alone);

    /// <summary>Waits until no one else uses the model, and keeps it so until the pass is disposed.</summary>
    /// <returns>What lets others in again when it is disposed, on the same thread.</returns>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    protected IDisposable Alone() => _gate.Alone();

    /// <summary>Switches every network between training and use.</summary>
    /// <param name="training">Whether to train.</param>
    protected void SetTraining(bool training)
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
