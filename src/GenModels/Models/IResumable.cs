using TorchSharp;

namespace GenModels;

/// <summary>A model whose training can be stopped and continued to the same bits.</summary>
/// <remarks>
/// <see cref="ITrainable.State"/> and the training state together decide every further step. A network that the user brings takes part
/// with its parameters, its buffers and the generators of its <see cref="Networks.Dropout"/> layers; whatever else it remembers from step to
/// step is not known here, so it belongs in a buffer.
/// </remarks>
public interface IResumable : ITrainable
{
    /// <summary>What further steps depend on beside the weights: the optimizer's moments and step count, the states of generators, running averages.</summary>
    /// <returns>Copies under stable names, on the devices where they are used; owned by the caller.</returns>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    IReadOnlyDictionary<string, torch.Tensor> GetTrainingState();

    /// <summary>Takes over what <see cref="GetTrainingState"/> gave, of this model or of one with the same settings and networks.</summary>
    /// <param name="state">The state, which is copied. Nothing is changed where it does not fit.</param>
    /// <exception cref="ArgumentException">A name is missing or unknown, or a tensor has another shape or type.</exception>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    void SetTrainingState(IReadOnlyDictionary<string, torch.Tensor> state);
}
