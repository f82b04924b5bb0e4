namespace GenModels.Tests;

internal static class Tensors
{
    public static float[] Values(this torch.Tensor tensor)
    {
        // TorchSharp has no accessor to nothing.
        if (tensor.numel() == 0) return [];
        using var scope = torch.NewDisposeScope();
        return tensor.detach().contiguous().data<float>().ToArray();
    }

    /// <summary>
    /// How many tensors live, once those are finalised that earlier tests forgot, so that what comes next is the only reason for another count.
    /// </summary>
    public static long CountSettled()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return torch.Tensor.TotalCount;
    }

    /// <summary>Copies weights into a model.</summary>
    public static void Load(this ITrainable model, IReadOnlyDictionary<string, torch.Tensor> weights)
    {
        using var noGrad = torch.no_grad();
        foreach (var (name, tensor) in model.State) tensor.copy_(weights[name]);
    }

    /// <summary>Sets one of a model's weights.</summary>
    public static void Set(this ITrainable model, string name, params double[] values)
    {
        using var noGrad = torch.no_grad();
        using var source = torch.tensor(values, dtype: torch.float32);
        using var shaped = source.view(model.State[name].shape);
        model.State[name].copy_(shaped);
    }
}
