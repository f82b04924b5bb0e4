using System.CommandLine;
using GenModels.Data;
using TorchSharp;

namespace GenModels.Samples;

/// <summary>The options of all samples that draw images: whether the model is told their labels, and a classifier that judges what it draws.</summary>
public sealed class ImageOptions(RunCommand command)
{
    private readonly Option<bool> _conditional = command.AddFlag(
        "--conditional", "The model is told the label of each image, and draws the classes that it is asked for: each row of samples.png is one.");

    private readonly Option<string> _classifier = command.AddText(
        "--classifier", "A file of the classifier sample: samples are compared with held-out images in its features, and it tells how many of a conditional model are what was asked for.");

    /// <summary>What the model is told of each example; null without --conditional.</summary>
    /// <exception cref="ArgumentException">The examples have no labels.</exception>
    public Condition? Condition(ParseResult parsed, IExampleSource train)
    {
        if (!parsed.GetValue(_conditional)) return null;
        if (train is ILabeledSource { Classes: > 1 and var classes }) return Data.Condition.Classes(classes);
        throw new ArgumentException("--conditional needs labels of two classes or more, and these data have none: leave it out, or choose images with labels.");
    }

    /// <summary>The classifier, where one was given.</summary>
    /// <exception cref="ArgumentException">It is one of other images.</exception>
    public ImageClassifier? Classifier(ParseResult parsed, IExampleSource test, torch.Device device) =>
        parsed.GetValue(_classifier) is { } file ? Fidelity.Load(file, test, device) : null;
}
