namespace TorchSharp;

/// <summary>A number whose type an operator decides on.</summary>
public sealed class Scalar : IDisposable
{
    private Scalar(Argument argument, torch.ScalarType type) => (Argument, Type) = (argument, type);

    internal Argument Argument { get; }

    public torch.ScalarType Type { get; }

    public static implicit operator Scalar(byte value) => new((long)value, torch.ScalarType.Int64);
    public static implicit operator Scalar(int value) => new((long)value, torch.ScalarType.Int64);
    public static implicit operator Scalar(long value) => new(value, torch.ScalarType.Int64);
    public static implicit operator Scalar(float value) => new((double)value, torch.ScalarType.Float64);
    public static implicit operator Scalar(double value) => new(value, torch.ScalarType.Float64);
    public static implicit operator Scalar(bool value) => new(value, torch.ScalarType.Bool);

    /// <summary>Nothing to free: the number lives in this object.</summary>
    public void Dispose() { }
}
