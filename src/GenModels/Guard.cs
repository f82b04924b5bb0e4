using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using GenModels.Data;
using TorchSharp;

namespace GenModels;

/// <summary>Checks of arguments, made before anything native runs. Every comparison is written so that NaN fails it.</summary>
internal static class Guard
{
    private const string NotLoaded = "libtorch could not be loaded";

    public static T NotNull<T>(T? value, [CallerArgumentExpression(nameof(value))] string name = "") where T : class
    {
        ArgumentNullException.ThrowIfNull(value, name);
        return value;
    }

    public static T Positive<T>(T value, [CallerArgumentExpression(nameof(value))] string name = "") where T : INumber<T> =>
        value > T.Zero && T.IsFinite(value) ? value : throw OutOfRange(value, "a finite number greater than 0", name);

    public static double Finite(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        double.IsFinite(value) ? value : throw OutOfRange(value, "a finite number", name);

    public static T NotNegative<T>(T value, [CallerArgumentExpression(nameof(value))] string name = "") where T : INumber<T> =>
        value >= T.Zero && T.IsFinite(value) ? value : throw OutOfRange(value, "a finite number that is 0 or more", name);

    public static T AtLeast<T>(T value, T least, [CallerArgumentExpression(nameof(value))] string name = "") where T : INumber<T> =>
        value >= least ? value : throw OutOfRange(value, $"at least {Text(least)}", name);

    /// <summary>Accepts [low, high).</summary>
    public static double InHalfOpen(double value, double low, double high, [CallerArgumentExpression(nameof(value))] string name = "") =>
        value >= low && value < high ? value : throw OutOfRange(value, $"in [{Text(low)}, {Text(high)})", name);

    /// <summary>Accepts [low, high].</summary>
    public static double Within(double value, double low, double high, [CallerArgumentExpression(nameof(value))] string name = "") =>
        value >= low && value <= high ? value : throw OutOfRange(value, $"in [{Text(low)}, {Text(high)}]", name);

    public static T Defined<T>(T value, [CallerArgumentExpression(nameof(value))] string name = "") where T : struct, Enum =>
        Enum.IsDefined(value) ? value : throw OutOfRange(value, $"one of {string.Join(", ", Enum.GetNames<T>())}", name);

    /// <summary>A copy of the values, of which there must be one at least; <paramref name="check"/> is told each with its index.</summary>
    public static double[] Each(
        Func<double, string, double> check, ReadOnlySpan<double> values, [CallerArgumentExpression(nameof(values))] string name = "")
    {
        if (values.IsEmpty) throw new ArgumentException($"{name} is empty, expected at least one value.", name);
        double[] copy = values.ToArray();
        for (int i = 0; i < copy.Length; i++) check(copy[i], string.Create(CultureInfo.InvariantCulture, $"{name}[{i}]"));
        return copy;
    }

    /// <summary>Accepts as many values as <paramref name="other"/> has.</summary>
    public static void SameLength(int length, int expected, string name, string other)
    {
        if (length != expected)
            throw new ArgumentException($"{name} has {length} elements and {other} has {expected}, expected the same number.", name);
    }

    /// <summary>Accepts what a network takes: single precision, dimensions after the first of <paramref name="exampleShape"/>, and at least one example.</summary>
    public static void Batch(
        torch.Tensor batch, IReadOnlyList<long> exampleShape, [CallerArgumentExpression(nameof(batch))] string name = "")
    {
        Rows(batch, exampleShape, name);
        if (batch.dtype != torch.ScalarType.Float32)
            throw new ArgumentException($"The batch has the type {batch.dtype}, expected Float32: convert it by .to(torch.float32), and scale what were bytes.", name);
    }

    /// <summary>Accepts a tensor whose dimensions after the first are <paramref name="exampleShape"/>, with at least one example.</summary>
    public static void Rows(
        torch.Tensor batch, IReadOnlyList<long> exampleShape, [CallerArgumentExpression(nameof(batch))] string name = "")
    {
        ArgumentNullException.ThrowIfNull(batch, name);
        long[] shape = batch.shape;
        if (shape.Length > 0 && shape.AsSpan(1).SequenceEqual(exampleShape.ToArray()) && shape[0] > 0) return;
        throw new ArgumentException(
            $"The batch has the shape {Shape(shape)}, expected [examples, {string.Join(", ", exampleShape)}] with at least one example.", name);
    }

    /// <summary>Accepts a source with at least one example, all of the shape.</summary>
    public static void Source(
        IExampleSource source, IReadOnlyList<long> exampleShape, [CallerArgumentExpression(nameof(source))] string name = "")
    {
        ArgumentNullException.ThrowIfNull(source, name);
        if (source.Count < 1) throw new ArgumentException("The source has no examples, expected at least one.", name);
        if (!source.ExampleShape.SequenceEqual(exampleShape))
            throw new ArgumentException(
                $"The source's examples have the shape {Shape(source.ExampleShape)}, the model's {Shape(exampleShape)}.", name);
    }

    /// <summary>Throws where libtorch is missing, in words that say what to install. Models ask before they touch anything of torch.</summary>
    /// <exception cref="DllNotFoundException">libtorch could not be loaded.</exception>
    public static void Libtorch()
    {
        try
        {
            _ = torch.get_num_threads();
        }
        // The binding to the system's libtorch says what is wrong by itself; TorchSharp lists every file that it tried.
        catch (Exception e) when (e.GetBaseException() is DllNotFoundException or NotSupportedException && !e.Message.StartsWith(NotLoaded, StringComparison.Ordinal))
        {
            throw new DllNotFoundException(
                NotLoaded + ". An application adds the package TorchSharp-cpu, or one for CUDA; " +
                "with the binding to the system's libtorch, install libtorch-dev and libopenblas0-pthread.", e);
        }
    }

    /// <summary>Accepts a tensor on the device.</summary>
    public static void On(torch.Device device, torch.Tensor tensor, [CallerArgumentExpression(nameof(tensor))] string name = "")
    {
        if (tensor.device_type != device.type)
            throw new ArgumentException($"The tensor lives on {tensor.device}, the model on {device}: move one of them.", name);
    }

    public static string Shape(IEnumerable<long> shape) => $"[{string.Join(", ", shape)}]";

    public static string Text<T>(T value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "null";

    private static ArgumentOutOfRangeException OutOfRange<T>(T value, string expected, string name) =>
        new(name, value, $"{name} is {Text(value)}, expected {expected}.");
}
