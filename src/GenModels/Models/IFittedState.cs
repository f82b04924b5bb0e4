using TorchSharp;

namespace GenModels;

/// <summary>A model whose <see cref="ITrainable.State"/> gains tensors when something is fitted to it after training.</summary>
internal interface IFittedState
{
    /// <summary>The names of those tensors that are there now.</summary>
    IReadOnlyCollection<string> FittedNames { get; }

    /// <summary>Takes copies of such tensors, as they were in another model's state, in place of all that is fitted now.</summary>
    /// <exception cref="ArgumentException">A name is unknown, one is missing beside the others, or a shape, type or value does not fit.</exception>
    void RestoreFitted(IReadOnlyDictionary<string, torch.Tensor> fitted);
}
