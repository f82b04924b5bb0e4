using GenModels.Kernels;
using static TorchSharp.torch;

namespace GenModels;

/// <summary>Looks for values that are not finite.</summary>
internal static class FiniteCheck
{
    /// <summary>The name of the first weight or buffer of a model with a NaN or an infinity; null where there is none.</summary>
    public static string? FirstBad(ITrainable model)
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

    /// <summary>The first example of a batch with a NaN or an infinity, from 0; below 0 where there is none.</summary>
    public static int FirstBadExample(Tensor batch)
    {
        float[] values = Values(batch);
        int bad = Array.FindIndex(values, v => !float.IsFinite(v));
        return bad < 0 ? bad : bad / (values.Length / (int)batch.shape[0]);
    }

    /// <summary>The least and the greatest finite value of a batch; NaN where it has none.</summary>
    public static (double Least, double Greatest) FiniteRange(Tensor batch)
    {
        float[] finite = Array.FindAll(Values(batch), float.IsFinite);
        return finite.Length == 0 ? (double.NaN, double.NaN) : (finite.Min(), finite.Max());
    }

    private static float[] Values(Tensor batch)
    {
        using var scope = NewDisposeScope();
        return batch.cpu().data<float>().ToArray();
    }
}
