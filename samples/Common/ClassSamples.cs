using GenModels.Data;
using GenModels.Evaluation;
using TorchSharp;

namespace GenModels.Samples;

/// <summary>Samples of a model, of every class as many where it is conditional on classes.</summary>
public static class ClassSamples
{
    /// <summary>How many pictures stand side by side in a grid.</summary>
    public const int Columns = 10;

    private const int Rows = 10, Asked = 10_000;

    /// <summary>Draws a row for each class, or of a model without conditions ten rows.</summary>
    public static torch.Tensor Grid(IGenerativeModel model, ulong seed) => model.Condition is ClassCondition classes
        ? model.Sample([.. Enumerable.Range(0, classes.Count * Columns).Select(i => i / Columns)], seed)
        : model.Sample(Rows * Columns, seed);

    /// <summary>Draws samples, of a conditional model the classes in turn.</summary>
    public static torch.Tensor Draw(IGenerativeModel model, int count, ulong seed) => model.Condition is ClassCondition classes
        ? model.Sample([.. Enumerable.Range(0, count).Select(i => i % classes.Count)], seed)
        : model.Sample(count, seed);

    /// <summary>The share of 10,000 samples that a classifier takes for what was asked for; null for a model without conditions.</summary>
    public static double? ShareAsAsked(ImageClassifier classifier, IGenerativeModel model, ulong seed)
    {
        if (model.Condition is not ClassCondition classes) return null;
        using var scope = torch.NewDisposeScope();
        var seen = Features.Extract(classifier.Probabilities, Draw(model, Asked, seed).reshape([-1, .. classifier.Options.ExampleShape])).argmax(1).data<long>().ToArray();
        return seen.Index().Count(s => s.Item == s.Index % classes.Count) / (double)Asked;
    }
}
