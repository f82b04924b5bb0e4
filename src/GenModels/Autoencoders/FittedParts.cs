using GenModels.Distributions;
using static TorchSharp.torch;

namespace GenModels;

/// <summary>
/// What is fitted to a trained autoencoder: the density of its codes and the threshold of its errors. The tensors in the model's state, in
/// double precision on the CPU, are the only place where they are kept.
/// </summary>
internal sealed class FittedParts(Dictionary<string, Tensor> state, long codeSize) : IDisposable
{
    private const string Weights = "density.weights";
    private const string Means = "density.means";
    private const string Covariances = "density.covariances";
    private const string ThresholdName = "anomaly.threshold";
    private static readonly string[] DensityNames = [Weights, Means, Covariances];
    private readonly HashSet<string> _names = [];

    public GaussianMixture? Density
    {
        get
        {
            if (!_names.Contains(Weights)) return null;
            double[] weights = Values(Weights), means = Values(Means), covariances = Values(Covariances);
            int d = (int)codeSize;
            return new GaussianMixture(
                weights,
                [.. means.Chunk(d)],
                [.. covariances.Chunk(d * d).Select(values => Matrix(values, d))]);
        }
    }

    public double? Threshold => _names.Contains(ThresholdName) ? Values(ThresholdName)[0] : null;

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
        foreach (var (name, tensor) in fitted)
        {
            using var scope = NewDisposeScope();
            Put(name, tensor.to(float64).cpu().contiguous().data<double>().ToArray(), tensor.shape);
        }
    }

    public void Dispose()
    {
        foreach (string name in _names) state[name].Dispose();
    }

    private static double[,] Matrix(double[] values, int size)
    {
        var matrix = new double[size, size];
        Buffer.BlockCopy(values, 0, matrix, 0, values.Length * sizeof(double));
        return matrix;
    }

    private double[] Values(string name) => state[name].data<double>().ToArray();

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
        long[] expected = name switch
        {
            Means => [components, codeSize],
            Covariances => [components, codeSize, codeSize],
            _ => [components],
        };
        if (!tensor.shape.SequenceEqual(expected))
            throw new ArgumentException($"'{name}' has the shape {Guard.Shape(tensor.shape)}, expected {Guard.Shape(expected)}.", nameof(fitted));
    }
}
