using GenModels.Distributions;
using static TorchSharp.torch;

namespace GenModels;

/// <summary>
/// What is fitted to a trained autoencoder: the density of its codes and the threshold of its errors. The tensors in the model's state, in
/// double precision on the CPU, are the only place where they are kept.
/// </summary>
/// <param name="state">The model's state.</param>
/// <param name="codeSize">The values of a code.</param>
/// <param name="classes">How many classes the density has components for; 1 without classes.</param>
internal sealed class FittedParts(Dictionary<string, Tensor> state, long codeSize, int classes) : IDisposable
{
    private const string Weights = "density.weights";
    private const string Means = "density.means";
    private const string Covariances = "density.covariances";
    private const string ThresholdName = "anomaly.threshold";
    private static readonly string[] DensityNames = [Weights, Means, Covariances];
    private readonly HashSet<string> _names = [];

    /// <summary>The names of what is fitted.</summary>
    public IReadOnlyCollection<string> Names => _names;

    public GaussianMixture? Density => _names.Contains(Weights) ? Mixture(state) : null;

    public double? Threshold => _names.Contains(ThresholdName) ? Values(state, ThresholdName)[0] : null;

    public void Keep(GaussianMixture density)
    {
        var components = Enumerable.Range(0, density.Components);
        Put(Weights, [.. density.Weights], [density.Components]);
        Put(Means, [.. components.SelectMany(density.Mean)], [density.Components, codeSize]);
        Put(Covariances, [.. components.SelectMany(k => density.Covariance(k).Cast<double>())], [density.Components, codeSize, codeSize]);
    }

    public void Keep(double threshold) => Put(ThresholdName, [threshold], [1]);

    public void Restore(IReadOnlyDictionary<string, Tensor> fitted)
    {
        foreach (var (name, tensor) in fitted) Check(name, tensor, fitted);
        // Made once, so that values of which no mixture can be made are an error here and not of a later sample.
        if (fitted.ContainsKey(Weights)) Mixture(fitted);
        if (fitted.ContainsKey(ThresholdName)) Guard.Positive(Values(fitted, ThresholdName)[0], ThresholdName);
        var values = fitted.ToDictionary(f => f.Key, f => (Values: Values(fitted, f.Key), Shape: f.Value.shape));
        Clear();
        foreach (var (name, value) in values) Put(name, value.Values, value.Shape);
    }

    public void Dispose()
    {
        foreach (string name in _names) state[name].Dispose();
    }

    private void Clear()
    {
        foreach (string name in _names)
        {
            state[name].Dispose();
            state.Remove(name);
        }
        _names.Clear();
    }

    private GaussianMixture Mixture(IReadOnlyDictionary<string, Tensor> source)
    {
        int d = (int)codeSize;
        return new GaussianMixture(
            Values(source, Weights), [.. Values(source, Means).Chunk(d)], [.. Values(source, Covariances).Chunk(d * d).Select(values => Matrix(values, d))]);
    }

    private static double[,] Matrix(double[] values, int size)
    {
        var matrix = new double[size, size];
        Buffer.BlockCopy(values, 0, matrix, 0, values.Length * sizeof(double));
        return matrix;
    }

    private static double[] Values(IReadOnlyDictionary<string, Tensor> source, string name)
    {
        using var scope = NewDisposeScope();
        return source[name].cpu().contiguous().data<double>().ToArray();
    }

    private void Put(string name, double[] values, long[] shape)
    {
        if (!_names.Add(name)) state[name].Dispose();
        state[name] = tensor(values, shape).DetachFromDisposeScope();
    }

    private void Check(string name, Tensor tensor, IReadOnlyDictionary<string, Tensor> fitted)
    {
        bool density = DensityNames.Contains(name);
        if (!density && name != ThresholdName)
            throw new ArgumentException($"An autoencoder has no state '{name}'.", nameof(fitted));
        if (density && DensityNames.FirstOrDefault(n => !fitted.ContainsKey(n)) is { } missing)
            throw new ArgumentException($"There is '{name}' but no '{missing}', expected all of {string.Join(", ", DensityNames)}.", nameof(fitted));
        long components = density ? fitted[Weights].numel() : 1;
        if (density && components % classes != 0)
            throw new ArgumentException($"The density has {components} components, expected as many for each of the {classes} classes.", nameof(fitted));
        long[] expected = name switch
        {
            Means => [components, codeSize],
            Covariances => [components, codeSize, codeSize],
            _ => [components],
        };
        if (!tensor.shape.SequenceEqual(expected))
            throw new ArgumentException($"'{name}' has the shape {Guard.Shape(tensor.shape)}, expected {Guard.Shape(expected)}.", nameof(fitted));
        if (tensor.dtype != ScalarType.Float64)
            throw new ArgumentException($"'{name}' has the type {tensor.dtype}, expected {ScalarType.Float64}.", nameof(fitted));
    }
}
