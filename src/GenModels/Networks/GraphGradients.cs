using static TorchSharp.torch;

namespace GenModels.Networks;

/// <summary>Gradients over libtorch's graph.</summary>
internal static class GraphGradients
{
    /// <summary>The gradients of the sources, null for one that is frozen or that the output does not depend on.</summary>
    /// <param name="output">What is differentiated.</param>
    /// <param name="sources">By what.</param>
    /// <param name="outputGradient">The gradient of what comes after the output, of as many values; null for an output of one value is 1.</param>
    public static IReadOnlyList<Tensor?> Of(Tensor output, IReadOnlyList<Tensor> sources, Tensor? outputGradient = null)
    {
        var gradients = new Tensor?[sources.Count];
        List<Tensor> wanted = [.. sources.Where(source => source.requires_grad)];
        // libtorch ends the process when asked for the gradients of what has no graph.
        if (!output.requires_grad || wanted.Count == 0) return gradients;
        var found = autograd.grad([output], wanted, outputGradient is null ? null : [Shaped(outputGradient, output.shape)], allow_unused: true);
        for (int i = 0, next = 0; next < wanted.Count; i++)
        {
            if (!ReferenceEquals(sources[i], wanted[next])) continue;
            gradients[i] = found[next].IsInvalid ? null : found[next];
            next++;
        }
        return gradients;
    }

    private static Tensor Shaped(Tensor gradient, long[] shape) => gradient.shape.SequenceEqual(shape) ? gradient : gradient.reshape(shape);
}
