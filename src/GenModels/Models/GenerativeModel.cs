using static TorchSharp.torch;

namespace GenModels;

/// <summary>What generative models have in common, and the way to write one of your own: a <see cref="Model{TOptions, TMetrics}"/> that draws new examples.</summary>
/// <typeparam name="TOptions">The model's settings.</typeparam>
/// <typeparam name="TMetrics">The figures of a step or an evaluation.</typeparam>
public abstract class GenerativeModel<TOptions, TMetrics> : Model<TOptions, TMetrics>, IGenerativeModel
    where TOptions : ModelOptions
    where TMetrics : IMetrics
{
    /// <inheritdoc cref="Model{TOptions, TMetrics}(TOptions, Device?)"/>
    protected GenerativeModel(TOptions options, Device? device) : base(options, device) { }

    /// <inheritdoc/>
    public Tensor Sample(int count, RandomGenerator generator, Tensor? condition = null) => Sample(count, generator, condition, Draw);

    /// <summary>Draws new examples in the dispose scope that is open, without gradients, in chunks that together are as many as were asked for.</summary>
    /// <param name="count">How many.</param>
    /// <param name="generator">The source of randomness.</param>
    /// <param name="condition">What each shall be, checked; null for a model without conditions.</param>
    /// <returns>As many values a row as an example has.</returns>
    protected abstract Tensor Draw(int count, RandomGenerator generator, Tensor? condition);

    /// <summary>Draws examples with a function other than <see cref="Draw"/>, in chunks of bounded memory.</summary>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="generator">The source of randomness.</param>
    /// <param name="condition">What each shall be; null for a model without conditions.</param>
    /// <param name="draw">Draws a chunk.</param>
    /// <returns>Shape [count, <see cref="ModelOptions.ExampleShape"/>], owned by the caller.</returns>
    /// <exception cref="ArgumentException">The count is below 1, or the condition does not fit.</exception>
    protected Tensor Sample(int count, RandomGenerator generator, Tensor? condition, Func<int, RandomGenerator, Tensor?, Tensor> draw)
    {
        Guard.AtLeast(count, 1);
        Guard.NotNull(generator);
        CheckCondition(condition, count, nameof(condition));
        using var scope = Inference();
        return AsExamples(SampleChunks.Draw(count, Options.OutputSize, generator, (start, size) => draw(size, generator, condition?.narrow(0, start, size)))).MoveToOuterDisposeScope();
    }

    /// <summary>A network's output in the shape of examples.</summary>
    /// <param name="output">As many values a row as an example has.</param>
    protected Tensor AsExamples(Tensor output) => output.reshape([-1, .. Options.ExampleShape]);
}
