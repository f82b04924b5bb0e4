using static TorchSharp.torch;

namespace GenModels;

/// <summary>What the generative models of this library have in common: a <see cref="Model{TOptions, TMetrics}"/> that draws new examples.</summary>
/// <typeparam name="TOptions">The model's settings.</typeparam>
/// <typeparam name="TMetrics">The figures of a step or an evaluation.</typeparam>
public abstract class GenerativeModel<TOptions, TMetrics> : Model<TOptions, TMetrics>, IGenerativeModel
    where TOptions : ModelOptions
    where TMetrics : IMetrics
{
    /// <inheritdoc/>
    private protected GenerativeModel(TOptions options, Device? device) : base(options, device) { }

    /// <inheritdoc/>
    public Tensor Sample(int count, Generator generator, Tensor? condition = null) => Sample(count, generator, condition, Draw);

    /// <summary>New examples, shape [count, …], in the dispose scope.</summary>
    /// <param name="count">How many.</param>
    /// <param name="generator">The source of randomness.</param>
    /// <param name="condition">What each shall be, checked; null for a model without conditions.</param>
    private protected abstract Tensor Draw(int count, Generator generator, Tensor? condition);

    /// <summary>Draws examples with a function of one's own, in chunks of bounded memory.</summary>
    private protected Tensor Sample(int count, Generator generator, Tensor? condition, Func<int, Generator, Tensor?, Tensor> draw)
    {
        Guard.AtLeast(count, 1);
        Guard.NotNull(generator);
        CheckCondition(condition, count, nameof(condition));
        using var scope = Inference();
        return AsExamples(SampleChunks.Draw(count, (start, size) => draw(size, generator, condition?.narrow(0, start, size)))).MoveToOuterDisposeScope();
    }

    /// <summary>A network's output in the shape of examples.</summary>
    private protected Tensor AsExamples(Tensor output) => output.reshape([-1, .. Options.ExampleShape]);
}
