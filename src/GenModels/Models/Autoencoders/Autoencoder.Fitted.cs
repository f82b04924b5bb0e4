using GenModels.Data;
using GenModels.Distributions;
using static TorchSharp.torch;

namespace GenModels;

// What is fitted to a trained autoencoder: the density of its codes, and the threshold of its errors.
public sealed partial class Autoencoder : IFittedState
{
    private const int MostAtOnce = 1_000;

    /// <summary>The density fitted to the codes, from which samples are drawn; null before <see cref="FitDensity"/>.</summary>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public GaussianMixture? Density
    {
        get
        {
            using var scope = Inference();
            return _fitted.Density;
        }
    }

    /// <summary>The reconstruction error above which an example counts as an anomaly; null before <see cref="FitAnomalyThreshold"/>.</summary>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public double? AnomalyThreshold
    {
        get
        {
            using var scope = Inference();
            return _fitted.Threshold;
        }
    }

    /// <summary>Fits the threshold between usual and unusual examples: a quantile of the errors of examples that count as usual.</summary>
    /// <param name="examples">Usual examples, as a rule those of training.</param>
    /// <param name="quantile">The share of them that shall not be above the threshold, in [0, 1].</param>
    /// <returns>The threshold: the least error that at least this share of the examples does not exceed.</returns>
    /// <remarks>The examples are read in batches that take at most about 256 MiB, and of 1,000 examples at most.</remarks>
    /// <exception cref="ArgumentException">There are no examples or of another shape, or the quantile lies outside [0, 1].</exception>
    /// <exception cref="InvalidOperationException">The quantile of the errors is 0 or not finite, so that no score can be measured by it.</exception>
    public double FitAnomalyThreshold(IExampleSource examples, double quantile = 0.99)
    {
        Guard.Within(quantile, 0, 1);
        using var scope = NewDisposeScope();
        float[] errors = OfAll(examples, ReconstructionError).cpu().data<float>().ToArray();
        Array.Sort(errors);
        // The factor takes back what rounding adds to a product that is a whole number.
        int rank = (int)Math.Ceiling(quantile * errors.Length * (1 - 1e-12));
        double threshold = errors[Math.Max(rank - 1, 0)];
        if (!(threshold > 0 && double.IsFinite(threshold)))
            throw new InvalidOperationException(
                $"The {Guard.Text(quantile)} quantile of the errors is {Guard.Text(threshold)}, expected a finite number above 0: choose a higher quantile, or other examples.");
        Keep(() => _fitted.Keep(threshold));
        return threshold;
    }

    /// <summary>The reconstruction error of each example in units of the threshold: above 1 is an anomaly.</summary>
    /// <param name="examples">Shape [n, example shape].</param>
    /// <returns>Shape [n].</returns>
    /// <exception cref="ArgumentException">The examples have another shape or type, or values that the loss has no place for.</exception>
    /// <exception cref="InvalidOperationException">No threshold has been fitted.</exception>
    public Tensor AnomalyScore(Batch examples)
    {
        double threshold = FittedThreshold();
        using var scope = NewDisposeScope();
        return (ReconstructionError(examples) / threshold).MoveToOuterDisposeScope();
    }

    /// <summary>Whether the reconstruction error of each example lies above the threshold.</summary>
    /// <param name="examples">Shape [n, example shape].</param>
    /// <returns>Shape [n], truth values.</returns>
    /// <exception cref="ArgumentException">The examples have another shape or type, or values that the loss has no place for.</exception>
    /// <exception cref="InvalidOperationException">No threshold has been fitted.</exception>
    public Tensor IsAnomaly(Batch examples)
    {
        double threshold = FittedThreshold();
        using var scope = NewDisposeScope();
        return ReconstructionError(examples).gt(threshold).MoveToOuterDisposeScope();
    }

    /// <summary>Fits a density to the codes of examples, which <see cref="IGenerativeModel.Sample"/> draws from and <see cref="State"/> holds.</summary>
    /// <param name="examples">As a rule those of training; at least as many as the density has components.</param>
    /// <param name="options">One full-covariance Gaussian, or how many in a mixture; null takes the defaults.</param>
    /// <returns>The density and the log-likelihood of each step of the fit.</returns>
    /// <remarks>The examples are read in batches that take at most about 256 MiB, and of 1,000 examples at most; all their codes are kept.</remarks>
    /// <exception cref="ArgumentException">There are too few examples or of another shape, or a setting lies outside its range.</exception>
    public GaussianMixtureFit FitDensity(IExampleSource examples, DensityOptions? options = null)
    {
        options?.Validate();
        using var scope = NewDisposeScope();
        var fit = GaussianMixture.Fit(OfAll(examples, Encode), options);
        Keep(() => _fitted.Keep(fit.Mixture));
        return fit;
    }

    IReadOnlyCollection<string> IFittedState.FittedNames => _fitted.Names;

    void IFittedState.RestoreFitted(IReadOnlyDictionary<string, Tensor> fitted)
    {
        using var alone = Alone();
        _fitted.Restore(Guard.NotNull(fitted));
    }

    private void Keep(Action keep)
    {
        using var alone = Alone();
        keep();
    }

    private double FittedThreshold() => AnomalyThreshold ?? throw new InvalidOperationException(
        "What counts as an anomaly is unknown until a threshold is fitted: call FitAnomalyThreshold before AnomalyScore and IsAnomaly.");

    /// <summary>The results for all examples of a source, one after the other.</summary>
    private Tensor OfAll(IExampleSource examples, Func<Batch, Tensor> function)
    {
        ExampleSources.Check(examples, Options.ExampleShape, Options.Condition);
        using var scope = NewDisposeScope();
        using var loader = new BatchLoader(examples, BatchMemory.Examples(WidestLayer, MostAtOnce), Device, Options.Condition);
        int[] order = [.. Enumerable.Range(0, examples.Count)];
        var results = new List<Tensor>(loader.Batches);
        for (int batch = 0; batch < loader.Batches; batch++)
        {
            using var step = NewDisposeScope();
            // Cloned, since the result of a network that changes nothing is the loader's tensor, which the next batch overwrites.
            results.Add(function(loader.Load(order, batch)).clone().MoveToOuterDisposeScope());
        }
        return cat(results).MoveToOuterDisposeScope();
    }

    private long WidestLayer => Options.Hidden.Aggregate(Math.Max(Options.ExampleSize, Options.CodeSize), (widest, width) => Math.Max(widest, width));
}
