using GenModels.Networks;
using static TorchSharp.torch;

namespace GenModels;

/// <summary>Penalties on the gradient of a discriminator's logit by its input, which keep it from growing too steep.</summary>
/// <param name="discriminator">The discriminator.</param>
/// <param name="parameters">Its parameters, in the order of their names.</param>
/// <param name="r1">γ of the penalty at real examples; 0 for none.</param>
/// <param name="interpolated">λ of the penalty between real and generated examples; 0 for none.</param>
/// <param name="columns">How many of the input's first columns are the examples'; null where all are.</param>
internal sealed class GradientPenalties(
    nn.Module<Tensor, Tensor> discriminator, IReadOnlyList<Tensor> parameters, double r1, double interpolated, long? columns = null) : IDisposable
{
    // Keeps the derivative of the root finite where a gradient vanishes.
    private const double LeastSquaredNorm = 1e-12;

    // One for each penalty in use, since a pass overwrites what the one before returned.
    private readonly InputGradientNorms? _atReal = r1 > 0 ? InputGradientNorms.Of(discriminator, DiscriminatorPass.Output, columns) : null;
    private readonly InputGradientNorms? _between = interpolated > 0 ? InputGradientNorms.Of(discriminator, DiscriminatorPass.Output, columns) : null;

    /// <summary>The sum of the penalties in use, and its gradients by the parameters.</summary>
    /// <param name="real">Packs of real examples.</param>
    /// <param name="generated">As many packs of generated examples.</param>
    /// <param name="generator">The source of the points between them.</param>
    /// <param name="withGradients">Whether the gradients are wanted; otherwise they are null.</param>
    public (double Value, IReadOnlyList<Tensor?> Gradients) Of(Tensor real, Tensor generated, RandomGenerator generator, bool withGradients)
    {
        var sum = (Value: 0.0, Gradients: (IReadOnlyList<Tensor?>)new Tensor?[parameters.Count]);
        if (_atReal is not null) Add(Penalty(_atReal, real, withGradients, squared => (0.5 * r1 * squared, 0.5 * r1)));
        if (_between is not null) Add(Penalty(_between, Between(real, generated, generator), withGradients, SteepnessApartFrom1));
        return sum;

        void Add((double Value, IReadOnlyList<Tensor?> Gradients) penalty) =>
            sum = (sum.Value + penalty.Value, GradientSum.Of(sum.Gradients, penalty.Gradients));
    }

    /// <summary>Frees what is kept from one step to the next.</summary>
    public void Dispose()
    {
        _atReal?.Dispose();
        _between?.Dispose();
    }

    /// <summary>λ(‖g‖ − 1)² and its derivative by ‖g‖².</summary>
    private (double Value, double Slope) SteepnessApartFrom1(double squared)
    {
        double norm = Math.Sqrt(squared + LeastSquaredNorm);
        return (interpolated * (norm - 1) * (norm - 1), interpolated * (norm - 1) / norm);
    }

    /// <summary>The mean of a function of the squared norms of the logit's gradients at some points.</summary>
    private (double Value, IReadOnlyList<Tensor?> Gradients) Penalty(
        InputGradientNorms norms, Tensor points, bool withGradients, Func<double, (double Value, double Slope)> function)
    {
        var terms = norms.Forward(points, withGradients).Select(squared => function(squared)).ToArray();
        float[] slopes = [.. terms.Select(term => (float)(term.Slope / terms.Length))];
        return (terms.Sum(term => term.Value) / terms.Length, withGradients ? norms.Backward(slopes) : new Tensor?[parameters.Count]);
    }

    /// <summary>A point on the line between each pack of real examples and one of generated.</summary>
    private static Tensor Between(Tensor real, Tensor generated, RandomGenerator generator)
    {
        long[] oneEach = [real.shape[0], .. Enumerable.Repeat(1L, (int)real.ndim - 1)];
        return generated + generator.Uniform(oneEach).to(real.device) * (real - generated);
    }
}
