using static TorchSharp.torch;

namespace GenModels;

/// <summary>Copies what a model's <see cref="ITrainable.State"/> was back into the model.</summary>
internal static class ModelState
{
    /// <exception cref="ArgumentException">A name is missing or unknown, or a tensor has another shape. Nothing has been changed.</exception>
    public static void Restore(ITrainable model, IReadOnlyDictionary<string, Tensor> saved)
    {
        using var alone = ModelGate.Alone(model);
        var fittedState = model as IFittedState;
        var learned = model.State.Where(s => fittedState?.FittedNames.Contains(s.Key) != true).ToDictionary();
        foreach (var (name, live) in learned) Check(name, live, saved);
        var fitted = saved.Where(s => !learned.ContainsKey(s.Key)).ToDictionary();
        if (fittedState is null && fitted.Count > 0)
            throw new ArgumentException($"The model has no state '{fitted.Keys.First()}': was it made with other settings or networks?", nameof(saved));
        fittedState?.RestoreFitted(fitted);
        using var noGrad = no_grad();
        foreach (var (name, live) in learned) live.copy_(saved[name]);
    }

    private static void Check(string name, Tensor live, IReadOnlyDictionary<string, Tensor> saved)
    {
        if (!saved.TryGetValue(name, out var tensor))
            throw new ArgumentException($"The model's state '{name}' is missing: was it saved with other settings or networks?", nameof(saved));
        if (!tensor.shape.SequenceEqual(live.shape))
            throw new ArgumentException($"The state '{name}' has the shape {Guard.Shape(tensor.shape)}, the model's {Guard.Shape(live.shape)}.", nameof(saved));
    }
}
