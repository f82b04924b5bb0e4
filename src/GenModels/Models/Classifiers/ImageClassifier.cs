using GenModels.Data;
using GenModels.Networks;
using GenModels.Optimization;
using static TorchSharp.torch;

namespace GenModels;

/// <summary>
/// A classifier of small images, by whose eyes generated images are judged: its last hidden layer is a feature
/// space, its class probabilities give the <see cref="Evaluation.ClassifierScore"/>.
/// </summary>
/// <remarks>
/// Batches come with the label of each example, as for any model that is conditional on a class. Figures in its feature space compare models of one
/// data set; they are no substitute for published ones in another network's features.
/// </remarks>
[StoredName("image-classifier")]
public sealed class ImageClassifier : Model<ClassifierOptions, ClassifierMetrics>
{
    internal const string NetworkName = "network";

    private readonly nn.Module<Tensor, Tensor> _network;
    private readonly Backpropagation _pass;
    private readonly Optimizer _optimizer;

    /// <summary>Makes a classifier that has learned nothing yet.</summary>
    /// <param name="options">Its settings; null takes the defaults.</param>
    /// <param name="device">Where the weights live; null is the CPU.</param>
    /// <exception cref="ArgumentException">A setting lies outside its range.</exception>
    public ImageClassifier(ClassifierOptions? options = null, Device? device = null) : base(options ?? new ClassifierOptions(), device)
    {
        using var scope = NewDisposeScope();
        var weights = RandomGenerator.For(Options.Seed, RandomStreams.Weights);
        var dropout = RandomGenerator.For(Options.Seed, RandomStreams.Dropout);
        _network = Options.Hidden.Encoder(Options.ExampleShape, 0, Options.Classes, Activation.Identity, Initialization.Default, weights, dropout);
        AddNetwork(NetworkName, _network);
        _pass = Owned(Backpropagation.Of(_network));
        _optimizer = AddOptimizer("optimizer", Options.Optimizer, _pass.Parameters);
    }

    /// <summary>The classes of the examples that it learns from.</summary>
    public override Condition Condition => Condition.Classes(Options.Classes);

    /// <summary>Loads a classifier that <see cref="GenerativeModelExtensions.Save(ITrainable, string, IReadOnlyDictionary{string, string}?)">Save</see> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <param name="device">Where the weights shall live; null is the CPU.</param>
    /// <returns>A classifier with the settings and weights of the one that was saved, owned by the caller.</returns>
    /// <exception cref="ModelFileException">The file is damaged or of something else.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static ImageClassifier Load(string path, Device? device = null) =>
        ModelFile.Load(path, (ClassifierOptions options) => new ImageClassifier(options, device));

    /// <summary>The outputs of the last hidden layer.</summary>
    /// <param name="images">Shape [n, example shape].</param>
    /// <returns>Shape [n, units of that layer], owned by the caller.</returns>
    /// <exception cref="ArgumentException">The images have another shape or type.</exception>
    public Tensor Features(Tensor images)
    {
        CheckExamples(images, nameof(images));
        using var scope = Inference();
        return ((IEncoderNetwork)_network).LastHidden(images).MoveToOuterDisposeScope();
    }

    /// <summary>p(y|x), the probability of each class.</summary>
    /// <param name="images">Shape [n, example shape].</param>
    /// <returns>Shape [n, classes], rows with a sum of 1, owned by the caller.</returns>
    /// <exception cref="ArgumentException">The images have another shape or type.</exception>
    public Tensor Probabilities(Tensor images)
    {
        CheckExamples(images, nameof(images));
        using var scope = Inference();
        return _network.call(images).softmax(1).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected override ClassifierMetrics Step(Batch batch)
    {
        var (metrics, gradient) = Measure(_pass.Forward(batch.Examples), batch.Condition);
        Update(metrics.Loss, _optimizer, _pass.Backward(gradient).Parameters);
        return metrics;
    }

    /// <inheritdoc/>
    protected override ClassifierMetrics Judge(Batch batch, RandomGenerator generator) => Measure(_network.call(batch.Examples), batch.Condition).Metrics;

    /// <summary>The metrics, and the gradient of the mean loss with respect to the logits: (softmax − one-hot)/n.</summary>
    private (ClassifierMetrics Metrics, Tensor Gradient) Measure(Tensor logits, Tensor? labels)
    {
        var given = Guard.NotNull(labels);
        double n = logits.shape[0];
        var target = Condition.Encode(given);
        var log = logits.log_softmax(1);
        double right = logits.argmax(1).eq(given).sum().cpu().item<long>();
        return (new(-(log * target).sum(float64).cpu().item<double>() / n, right / n), (log.exp() - target) / n);
    }
}
