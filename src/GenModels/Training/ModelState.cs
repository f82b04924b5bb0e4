using static TorchSharp.torch;

namespace GenModels.Training;

/// <summary>Copies what a model's <see cref="IGenerativeModel.State"/> was back into the model.</summary>
internal static class ModelState
{
    /// <exception cref="ArgumentException">A name is missing or unknown, or a tensor has another shape. Nothing has been changed.</exception>
    public static void Restore(IGenerativeModel model, IReadOnlyDictionary<string, Tensor> saved)
    {
        var fitted = saved.Where(s => !model.State.ContainsKey(s.Key)).ToDictionary();
        if (fitted.Count > 0 && model is not IFittedState)
            throw new ArgumentException($"The model has no state '{fitted.Keys.First()}': was it made with other settings or networks?", nameof(saved));
        foreach (var (name, live) in model.State)
        {
            if (!saved.TryGetValue(name, out var tensor))
                throw new ArgumentException($"The model's state '{name}' is missing: was it saved with other settings or networks?", nameof(saved));
            if (!tensor.shape.SequenceEqual(live.shape))
                throw new ArgumentException(
                    $"The state '{name}' has the shape {Guard.Shape(tensor.shape)}, the model's {Guard.Shape(live.shape)}.", nameof(saved));
        }
        if (fitted.Count > 0) ((IFittedState)model).RestoreFitted(fitted);
        using var noGrad = no_grad();
        foreach (var (name, live) in model.State.Where(s => !fitted.ContainsKey(s.Key))) live.copy_(saved[name]);
    }
}
