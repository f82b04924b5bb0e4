using GenModels.Kernels;
using static TorchSharp.torch;

namespace GenModels;

/// <summary>Looks for values that are not finite.</summary>
internal static class FiniteCheck
{
    /// <summary>The name of the first weight or buffer of a model with a NaN or an infinity; null where there is none.</summary>
    public static string? FirstBad(IGenerativeModel model)
    {
        using var alone = ModelGate.Alone(model);
        return FirstBad(model.State);
    }

    /// <summary>The name of the first tensor with a NaN or an infinity; null where there is none.</summary>
    public static string? FirstBad(IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        using var noGrad = no_grad();
        foreach (var (name, tensor) in tensors)
            if (tensor.is_floating_point() && tensor.numel() > 0 && !ValueRange.Of(tensor).AllFinite) return name;
        return null;
    }
}
