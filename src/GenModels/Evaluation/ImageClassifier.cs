using GenModels.Data;
using GenModels.Networks;
using GenModels.Optimization;
using static TorchSharp.torch;

namespace GenModels.Evaluation;

/// <summary>
/// A classifier of small images, a multilayer perceptron, by whose eyes generated images are judged: its last hidden layer is a feature
/// space, its class probabilities give the <see cref="ClassifierScore"/>.
/// </summary>
/// <remarks>Figures in its feature space compare models of one data set; they are no substitute for published ones in another network's features.</remarks>
public sealed partial class ImageClassifier : IDisposable
{
    internal const string NetworkName = "network";

    private const int EvaluationBatchSize = 1_000;

    private readonly Mlp _network;
    private readonly Backpropagation _pass;
    private readonly Optimizer _optimizer;
    private bool _disposed;

    /// <summary>Makes a classifier that has learned nothing yet.</summary>
    /// <param name="options">Its settings; null takes the defaults.</param>
    /// <param name="device">Where the weights live; null is the CPU.</param>
    /// <exception cref="ArgumentException">A setting lies outside its range.</exception>
    public ImageClassifier(ClassifierOptions? options = null, Device? device = null)
    {
        Libtorch.EnsureLoaded();
        Options = options ?? new ClassifierOptions();
        Options.Validate();
        Device = device ?? CPU;
        using var scope = NewDisposeScope();
        var weights = RandomGenerator.For(Options.Seed, RandomStreams.Weights);
        var dropout = RandomGenerator.For(Options.Seed, RandomStreams.Dropout);
        _network = new Mlp(
            Options.ExampleSize, Options.Hidden, Options.Classes, Activation.Identity, Initialization.Default, weights,
            Options.Hidden.HasDropout ? dropout : null);
        _network.OnDevice(Device);
        _pass = Backpropagation.Of(_network);
        _optimizer = Options.Optimizer.Create(_pass.Parameters);
        var state = new Dictionary<string, Tensor>();
        _network.AddState(state, NetworkName);
        State = state;
    }

    /// <summary>The classifier's settings.</summary>
    public ClassifierOptions Options { get; }

    /// <summary>Where the weights live. Images must live there too.</summary>
    public Device Device { get; }

    /// <summary>Weights and buffers under stable names. The tensors are the live ones: do not dispose them.</summary>
    public IReadOnlyDictionary<string, Tensor> State { get; }

    /// <summary>Loads a classifier that <see cref="Save"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <param name="device">Where the weights shall live; null is the CPU.</param>
    /// <returns>A classifier with the settings and weights of the one that was saved, owned by the caller.</returns>
    /// <exception cref="ModelFileException">The file is damaged or of something else.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static ImageClassifier Load(string path, Device? device = null)
    {
        using var file = ModelFile.Open(path);
        return file.MakeAround(
            (ClassifierOptions options) => new ImageClassifier(options, device), (tensors, classifier) => StateFile.Restore(tensors, classifier.State));
    }

    /// <summary>Writes settings and weights into one safetensors file.</summary>
    /// <param name="path">The file. Its folder is made if needed; a file that is there is replaced when the new one is complete.</param>
    /// <exception cref="IOException">The file can't be written. An older one is still what it was.</exception>
    public void Save(string path)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ModelFile.Write(nameof(ImageClassifier), Options, State, [], path);
    }

    /// <summary>Loss and accuracy on images with labels.</summary>
    /// <param name="images">The images, with labels below the number of classes.</param>
    /// <exception cref="ArgumentException">The images have another shape or type, or no fitting labels.</exception>
    public ClassifierMetrics Evaluate(ImageSet images)
    {
        CheckLabels(images, nameof(images));
        return Evaluate(images, EvaluationBatchSize);
    }

    /// <summary>The outputs of the last hidden layer.</summary>
    /// <param name="images">Shape [n, example shape].</param>
    /// <returns>Shape [n, units of that layer], owned by the caller.</returns>
    /// <exception cref="ArgumentException">The images have another shape or type.</exception>
    public Tensor Features(Tensor images)
    {
        Check(images);
        using var scope = Inference();
        return _network.LastHidden(images).MoveToOuterDisposeScope();
    }

    /// <summary>p(y|x), the probability of each class.</summary>
    /// <param name="images">Shape [n, example shape].</param>
    /// <returns>Shape [n, classes], rows with a sum of 1, owned by the caller.</returns>
    /// <exception cref="ArgumentException">The images have another shape or type.</exception>
    public Tensor Probabilities(Tensor images)
    {
        Check(images);
        using var scope = Inference();
        return _network.call(images).softmax(1).MoveToOuterDisposeScope();
    }

    /// <summary>Disposes the network and everything that training keeps.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _optimizer.Dispose();
        _pass.Dispose();
        _network.Dispose();
    }

    private ClassifierMetrics Evaluate(ImageSet images, int batchSize)
    {
        using var scope = Inference();
        using var loader = new BatchLoader(images, batchSize, Device);
        int[] order = [.. Enumerable.Range(0, images.Count)];
        double loss = 0, right = 0;
        for (int batch = 0; batch < loader.Batches; batch++)
        {
            using var step = NewDisposeScope();
            var x = loader.Load(order, batch);
            var (metrics, _) = Judge(_network.call(x), Labels(images, order, loader.Start(batch), (int)x.shape[0]));
            loss += metrics.Loss * x.shape[0];
            right += metrics.Accuracy * x.shape[0];
        }
        return new(loss / images.Count, right / images.Count);
    }

    /// <summary>The metrics, and the gradient of the mean loss with respect to the logits: (softmax − one-hot)/n.</summary>
    private (ClassifierMetrics Metrics, Tensor Gradient) Judge(Tensor logits, Tensor labels)
    {
        double n = logits.shape[0];
        var target = labels.unsqueeze(1).eq(arange(Options.Classes, dtype: int64, device: Device)).to(float32);
        var log = logits.log_softmax(1);
        double right = logits.argmax(1).eq(labels).sum().cpu().item<long>();
        return (new(-(log * target).sum(float64).cpu().item<double>() / n, right / n), (log.exp() - target) / n);
    }

    private Tensor Labels(ImageSet images, int[] order, int start, int count)
    {
        var labels = new long[count];
        for (int i = 0; i < count; i++) labels[i] = images.Labels[order[start + i]];
        return tensor(labels, device: Device);
    }

    private void Check(Tensor images)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Guard.Batch(images, Options.ExampleShape, nameof(images));
        Guard.On(Device, images, nameof(images));
    }

    private void CheckLabels(ImageSet images, string name)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ExampleSources.Check(images, Options.ExampleShape, name);
        if (images.Labels.Count == 0) throw new ArgumentException("The images have no labels, expected one for each.", name);
        if (images.Labels.Max() is var label && label >= Options.Classes)
            throw new ArgumentException($"The images have a label {label}, expected 0 to {Options.Classes - 1} for {Options.Classes} classes.", name);
    }

    private InferenceScope Inference()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _network.train(false);
        return new InferenceScope();
    }
}
