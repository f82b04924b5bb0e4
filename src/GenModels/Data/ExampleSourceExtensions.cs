using GenModels.Kernels;
using TorchSharp;

namespace GenModels.Data;

/// <summary>Shorter ways to read examples.</summary>
public static class ExampleSourceExtensions
{
    /// <summary>Copies some consecutive examples into a tensor on the CPU.</summary>
    /// <param name="source">The examples.</param>
    /// <param name="start">The index of the first.</param>
    /// <param name="count">How many, at least 1.</param>
    /// <returns>Shape [count, example shape], owned by the caller.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The source has no such examples.</exception>
    public static torch.Tensor ToTensor(this IExampleSource source, int start, int count)
    {
        Guard.NotNull(source);
        Guard.NotNegative(start);
        Guard.AtLeast(count, 1);
        if (count > source.Count - start)
            throw new ArgumentOutOfRangeException(
                nameof(count), $"Examples {Guard.Text(start)} to {Guard.Text((long)start + count - 1)} were asked for, expected at most {source.Count - 1}.");
        var tensor = torch.empty([count, .. source.ExampleShape]);
        source.Gather([.. Enumerable.Range(start, count)], TensorMemory.Floats(tensor));
        return tensor;
    }
}
