using GenModels.Data;
using TorchSharp;

namespace GenModels;

/// <summary>What a trainer and a file need of a model, and nothing else.</summary>
/// <remarks>
/// Training draws its random numbers from streams of the model's own, which <see cref="ModelOptions.Seed"/> decides; everything else
/// draws from the generator that the caller passes.
/// <para>
/// Several threads may look at a model of this library at once, each with a generator of its own: a seed gives what it gives on one thread.
/// What changes the model, a training step above all, waits until no other thread uses it, and lets others wait until it is done. That does
/// not protect the tensors in <see cref="State"/>: do not read them while another thread uses the model.
/// </para>
/// </remarks>
public interface ITrainable : IDisposable
{
    /// <summary>The model's settings, which serialize to JSON and come back equal.</summary>
    ModelOptions Options { get; }

    /// <summary>Where the weights live. Batches must live there too.</summary>
    torch.Device Device { get; }

    /// <summary>Weights and buffers under stable names, and what was fitted after training. The tensors are the live ones: do not dispose them.</summary>
    IReadOnlyDictionary<string, torch.Tensor> State { get; }

    /// <summary>What its batches tell of each example beside the example; null where they tell nothing.</summary>
    Condition? Condition => Options.Condition;

    /// <summary>Updates the weights once, on one batch.</summary>
    /// <param name="batch">Examples, shape [n, <see cref="ModelOptions.ExampleShape"/>], n ≥ 1, with their <see cref="Condition"/> where there is one.</param>
    /// <returns>The objective's terms on this batch before the update, means over its examples, in the units that the model's metrics name.</returns>
    /// <exception cref="ArgumentException">The batch has another shape or type, values that the model has no place for, or no fitting condition.</exception>
    /// <exception cref="InvalidOperationException">
    /// The step was taken in <c>torch.inference_mode</c>, or a network that the caller brought gave an output of another shape or type.
    /// </exception>
    /// <exception cref="NotFiniteUpdateException">The loss or a gradient is not finite. No weight has been changed by it.</exception>
    /// <remarks>
    /// It records the gradients that it needs itself, under <c>torch.no_grad</c> too. A weight of <see cref="State"/> whose
    /// <c>requires_grad</c> is false is frozen: steps leave it as it is until <c>requires_grad</c> is true again.
    /// </remarks>
    IMetrics TrainStep(Batch batch);

    /// <summary>Computes the training objective without an update.</summary>
    /// <param name="batch">Examples, shape [n, <see cref="ModelOptions.ExampleShape"/>], n ≥ 1, with their <see cref="Condition"/> where there is one.</param>
    /// <param name="generator">The source of what the objective draws.</param>
    /// <returns>The objective's terms on this batch, means over its examples, in the units that the model's metrics name.</returns>
    /// <exception cref="ArgumentException">The batch has another shape or type, values that the model has no place for, or no fitting condition.</exception>
    IMetrics Evaluate(Batch batch, RandomGenerator generator);
}
