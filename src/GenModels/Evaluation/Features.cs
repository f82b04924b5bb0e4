using GenModels.Data;
using static TorchSharp.torch;

namespace GenModels.Evaluation;

/// <summary>
/// Examples as points of a feature space, in which distributions of examples are compared: <c>x =&gt; x.flatten(1)</c> compares pixels,
/// <see cref="ImageClassifier.Features"/> what a classifier sees.
/// </summary>
public static class Features
{
    /// <summary>Maps examples into a feature space, a batch at a time.</summary>
    /// <param name="map">Takes a batch [n, example shape] and gives [n, …], whose values in each row are the features. It may not keep its input.</param>
    /// <param name="examples">The examples.</param>
    /// <param name="batchSize">How many are mapped at once; it bounds memory. At least 1.</param>
    /// <param name="device">Where the map expects its input; null is the CPU.</param>
    /// <returns>Shape [examples, features], single precision on the CPU, owned by the caller.</returns>
    /// <exception cref="ArgumentException">The map gives another number of rows than its input has.</exception>
    public static Tensor Extract(Func<Tensor, Tensor> map, IExampleSource examples, int batchSize = 1_000, Device? device = null)
    {
        Guard.NotNull(map);
        Guard.NotNull(examples);
        Guard.AtLeast(batchSize, 1);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var loader = new BatchLoader(examples, batchSize, device ?? CPU);
        int[] order = [.. Enumerable.Range(0, examples.Count)];
        var parts = new List<Tensor>();
        for (int batch = 0; batch < loader.Batches; batch++)
        {
            using var step = NewDisposeScope();
            // The loader overwrites its batch, which a map such as flatten only looks at.
            parts.Add(OfBatch(map, loader.Load(order, batch).Examples).clone().MoveToOuterDisposeScope());
        }
        return cat(parts).MoveToOuterDisposeScope();
    }

    /// <summary>Maps examples into a feature space, a batch at a time.</summary>
    /// <param name="map">As above.</param>
    /// <param name="examples">Shape [n, example shape].</param>
    /// <param name="batchSize">How many are mapped at once; it bounds memory. At least 1.</param>
    /// <returns>Shape [n, features], single precision on the CPU, owned by the caller.</returns>
    /// <exception cref="ArgumentException">The map gives another number of rows than its input has.</exception>
    public static Tensor Extract(Func<Tensor, Tensor> map, Tensor examples, int batchSize = 1_000)
    {
        Guard.NotNull(map);
        Guard.NotNull(examples);
        Guard.AtLeast(batchSize, 1);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var parts = new List<Tensor>();
        for (long start = 0; start < examples.shape[0]; start += batchSize)
            parts.Add(OfBatch(map, examples.narrow(0, start, Math.Min(batchSize, examples.shape[0] - start))));
        return cat(parts).MoveToOuterDisposeScope();
    }

    private static Tensor OfBatch(Func<Tensor, Tensor> map, Tensor batch)
    {
        using var scope = NewDisposeScope();
        var features = map(batch).detach();
        if (features.ndim < 2 || features.shape[0] != batch.shape[0])
            throw new ArgumentException(
                $"The map gives {Guard.Shape(features.shape)} for a batch of {batch.shape[0]}, expected [{batch.shape[0]}, features].", nameof(map));
        return features.flatten(1).cpu().to(float32).MoveToOuterDisposeScope();
    }
}
