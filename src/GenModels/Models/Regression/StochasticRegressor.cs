using GenModels.Distributions;
using GenModels.Networks;
using GenModels.Optimization;
using static TorchSharp.torch;

namespace GenModels;

/// <summary>A regression that tells its uncertainty: y = μ(x) + σ(x)·ε with ε ~ N(0, I), both functions learned.</summary>
/// <remarks>
/// Trained by likelihood it recovers mean and spread of y given x. Trained by least squares on its samples, it recovers the mean alone and
/// σ(x) vanishes; <see cref="RegressionObjective.LeastSquares"/> says why. Used by one thread at a time.
/// </remarks>
public sealed class StochasticRegressor : IDisposable
{
    private readonly ConditionalGaussian _distribution;
    private readonly Backpropagation _pass;
    private readonly Optimizer _optimizer;
    private readonly RandomGenerator _noise;
    private bool _disposed;

    /// <summary>Makes a regressor with random weights.</summary>
    /// <param name="options">Its settings.</param>
    /// <exception cref="ArgumentException">A setting lies outside its range.</exception>
    public StochasticRegressor(StochasticRegressorOptions options)
    {
        Options = Guard.NotNull(options);
        options.Validate();
        using var scope = NewDisposeScope();
        var weights = RandomGenerator.For(options.Seed, RandomStreams.Weights);
        _distribution = new ConditionalGaussian(
            options.Inputs, options.Hidden, options.Outputs, options.Layout, options.Activation, options.Initialization, weights);
        _pass = Backpropagation.Of(_distribution.Heads);
        _optimizer = options.Optimizer.Create(_pass.Parameters);
        _noise = RandomGenerator.For(options.Seed, RandomStreams.Noise);
    }

    /// <summary>The regressor's settings.</summary>
    public StochasticRegressorOptions Options { get; }

    /// <summary>Updates the weights once, on one batch.</summary>
    /// <param name="x">Shape [n, inputs], n ≥ 1.</param>
    /// <param name="y">Shape [n, outputs].</param>
    /// <returns>The objective before the update, summed over the values of y, mean over the batch.</returns>
    /// <exception cref="ArgumentException">A batch has another shape.</exception>
    public double TrainStep(Tensor x, Tensor y)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Guard.Batch(x, [Options.Inputs]);
        Guard.Batch(y, [Options.Outputs]);
        if (y.shape[0] != x.shape[0])
            throw new ArgumentException($"There are {y.shape[0]} rows of y for {x.shape[0]} of x, expected as many.", nameof(y));
        using var scope = new TrainingScope();
        var heads = _pass.Forward(x).detach().requires_grad_();
        var loss = Loss(GaussianHeads.Split(heads), y);
        double value = loss.item<float>();
        var (gradients, _) = _pass.Backward(autograd.grad([loss], [heads])[0]);
        if (double.IsFinite(value)) _optimizer.Step(gradients);
        return value;
    }

    /// <summary>The distribution of y for each x.</summary>
    /// <param name="x">Shape [n, inputs], n ≥ 1.</param>
    /// <returns>μ(x) and log σ²(x), shape [n, outputs]; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">x has another shape.</exception>
    public DiagonalGaussian Predict(Tensor x)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Guard.Batch(x, [Options.Inputs]);
        using var noGrad = no_grad();
        return _distribution.call(x);
    }

    /// <summary>Draws y = μ(x) + σ(x)·ε for each x.</summary>
    /// <param name="x">Shape [n, inputs], n ≥ 1.</param>
    /// <param name="generator">The source of ε; the same state gives the same draws, bit for bit.</param>
    /// <returns>Shape [n, outputs], owned by the caller.</returns>
    /// <exception cref="ArgumentException">x has another shape.</exception>
    public Tensor Sample(Tensor x, RandomGenerator generator)
    {
        using var distribution = Predict(x);
        return distribution.Sample(generator);
    }

    /// <summary>Disposes the networks and everything that training keeps.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _optimizer.Dispose();
        _pass.Dispose();
        _distribution.Dispose();
    }

    private Tensor Loss(DiagonalGaussian prediction, Tensor y) => Options.Objective == RegressionObjective.LeastSquares
        ? (y - prediction.Sample(_noise)).square().sum(1).mean()
        : -prediction.LogProbability(y).mean();
}
