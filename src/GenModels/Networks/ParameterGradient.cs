using GenModels.Kernels;
using static TorchSharp.torch;

namespace GenModels.Networks;

/// <summary>The memory of a parameter's gradient, from its first use on.</summary>
internal sealed unsafe class ParameterGradient(Tensor parameter) : IDisposable
{
    private Tensor? _values;

    public Tensor Parameter { get; } = parameter;

    public Tensor Values => _values ??= Made();

    public float* Pointer => TensorMemory.Pointer(Values);

    private Tensor Made()
    {
        using var noGrad = no_grad();
        return zeros_like(Parameter).DetachFromDisposeScope();
    }

    public void Dispose() => _values?.Dispose();
}
