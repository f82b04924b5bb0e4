using GenModels.Safetensors;
using static TorchSharp.torch;

namespace GenModels;

/// <summary>Puts the tensors of a safetensors file into a model.</summary>
internal static class StateFile
{
    /// <summary>Replaces the model's state by what the file holds, all of it or, if anything does not fit, nothing.</summary>
    /// <exception cref="ModelFileException">The file lacks a tensor, has one too many, or one of another shape or type.</exception>
    public static void Restore(SafetensorsReader file, ITrainable model)
    {
        using var alone = ModelGate.Alone(model);
        using var scope = NewDisposeScope();
        var fittedState = model as IFittedState;
        var learned = model.State.Where(s => fittedState?.FittedNames.Contains(s.Key) != true).ToDictionary(s => s.Key, s => s.Value);
        foreach (var (name, tensor) in learned) CheckShape(file, name, tensor.shape, tensor.dtype);
        var rest = file.Tensors.Keys.Where(name => !learned.ContainsKey(name)).ToList();
        if (fittedState is null && rest.Count > 0) throw NoPlace(file, rest[0]);

        var values = file.Tensors.Keys.ToDictionary(name => name, file.Read);
        RestoreFitted(file, fittedState, rest.ToDictionary(name => name, name => values[name]));
        using var noGrad = no_grad();
        foreach (var (name, tensor) in learned) tensor.copy_(values[name]);
    }

    /// <summary>Replaces a state by what the file holds, all of it or, if anything does not fit, nothing.</summary>
    /// <exception cref="ModelFileException">The file lacks a tensor, has one too many, or one of another shape or type.</exception>
    public static void Restore(SafetensorsReader file, IReadOnlyDictionary<string, Tensor> state)
    {
        foreach (var (name, tensor) in state) CheckShape(file, name, tensor.shape, tensor.dtype);
        if (file.Tensors.Keys.FirstOrDefault(name => !state.ContainsKey(name)) is { } other) throw NoPlace(file, other);
        using var scope = NewDisposeScope();
        var values = state.Keys.ToDictionary(name => name, file.Read);
        using var noGrad = no_grad();
        foreach (var (name, tensor) in state) tensor.copy_(values[name]);
    }

    /// <summary>Checks what the header says of a tensor.</summary>
    /// <exception cref="ModelFileException">There is no such tensor, or it has another shape or type.</exception>
    public static void CheckShape(SafetensorsReader file, string name, long[] shape, ScalarType type)
    {
        if (!file.Tensors.TryGetValue(name, out var stored)) throw Wrong(file, "lacks the tensor " + Quoted.Text(name), "every name in the model's state");
        if (!stored.Shape.AsSpan().SequenceEqual(shape))
            throw Wrong(file, $"has the shape {Guard.Shape(stored.Shape)} for {Quoted.Text(name)}", $"{Guard.Shape(shape)}, as in the model");
        if (stored.Type.Type != type)
            throw Wrong(file, $"has the type {stored.Type.Name} for {Quoted.Text(name)}", $"{SafetensorsType.Find(type)?.Name ?? type.ToString()}, as in the model");
    }

    private static void RestoreFitted(SafetensorsReader file, IFittedState? model, Dictionary<string, Tensor> fitted)
    {
        try
        {
            model?.RestoreFitted(fitted);
        }
        catch (ArgumentException e)
        {
            throw Wrong(file, $"has tensors beside the weights that can't be used ({ModelFileException.Reason(e)})", "what was fitted to a model, as Save writes it", e);
        }
    }

    private static ModelFileException NoPlace(SafetensorsReader file, string name) =>
        Wrong(file, $"has a tensor {Quoted.Text(name)}", "the names in the model's state and no others");

    private static ModelFileException Wrong(SafetensorsReader file, string finding, string expectation, Exception? inner = null) =>
        ModelFileException.For(file.Path, finding, expectation, inner);
}
