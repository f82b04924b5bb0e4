using GenModels.Kernels;
using static TorchSharp.torch;

namespace GenModels.Networks;

/// <summary>The passes of a layer's batch norm: its parameters and running figures where they lie, and what the passes leave behind.</summary>
internal sealed unsafe class BatchNormPass(BatchNorm norm, long features) : IDisposable
{
    private readonly Tensor _runningMean = norm.RunningMean, _runningVariance = norm.RunningVariance;
    private readonly RowBuffer _normalized = new(features), _inverseDeviation = new(features);
    private bool _ofBatch, _follows;

    public ParameterGradient WeightGradient { get; } = new(norm.Weight);

    /// <summary>Whether kernels can work on a layer's tensors, and they have the features' length.</summary>
    public static bool Fits(BatchNorm norm, long features) =>
        TensorMemory.Fits(norm.Weight, norm.Bias, norm.RunningMean, norm.RunningVariance)
        && new[] { norm.Weight, norm.Bias, norm.RunningMean, norm.RunningVariance }.All(tensor => tensor.numel() == features);

    /// <summary>Makes everything that passes need, so that no later step has more tensors than the first.</summary>
    public void MakeRoom()
    {
        _ = WeightGradient.Values;
        _normalized.Reserve(0);
        _inverseDeviation.Reserve(1);
    }

    /// <summary>Prepares a forward pass of some rows.</summary>
    /// <param name="rows">How many.</param>
    /// <param name="recorded">Whether gradients are recorded for the pass, so that running figures follow it.</param>
    public void Begin(long rows, bool recorded)
    {
        foreach (var tensor in new[] { WeightGradient.Parameter, _runningMean, _runningVariance })
            if (tensor.numel() != features)
                throw new InvalidOperationException(
                    $"Batch norm has a tensor of the shape {Guard.Shape(tensor.shape)}, expected {features} values, as there were when the model was made.");
        _normalized.Reserve(rows);
        _inverseDeviation.Reserve(1);
        _ofBatch = norm.IsOfBatch(rows);
        _follows = _ofBatch && norm.Follows && recorded;
    }

    /// <summary>What the kernels see.</summary>
    /// <param name="backward">Whether for a backward pass, which finds gradients.</param>
    public BatchNormColumns Columns(bool backward) => new()
    {
        Weight = TensorMemory.Pointer(WeightGradient.Parameter),
        WeightGradient = backward ? WeightGradient.Pointer : null,
        RunningMean = TensorMemory.Pointer(_runningMean),
        RunningVariance = TensorMemory.Pointer(_runningVariance),
        InverseDeviation = _inverseDeviation.Pointer,
        Normalized = _normalized.Pointer,
        OfBatch = _ofBatch,
        Follows = _follows,
    };

    public void Dispose()
    {
        WeightGradient.Dispose();
        _normalized.Dispose();
        _inverseDeviation.Dispose();
    }
}
