using System.Text.Json.Nodes;
using GenModels.Data;
using GenModels.Evaluation;
using TorchSharp;

namespace GenModels.Samples;

/// <summary>How real a model's samples look to a classifier, against held-out images.</summary>
public static class Fidelity
{
    private const int MostImages = 10_000;

    private static readonly (string, double)[] NoFigures = [];

    /// <summary>Loads a classifier of images such as these.</summary>
    /// <exception cref="ArgumentException">It is one of other images.</exception>
    public static ImageClassifier Load(string file, IExampleSource images, torch.Device device)
    {
        var classifier = ImageClassifier.Load(file, device);
        if (classifier.Options.ExampleSize == Size(images)) return classifier;
        classifier.Dispose();
        throw new ArgumentException(
            $"{file} classifies images of {classifier.Options.ExampleSize} pixels, expected {Size(images)}: train one on the same data.");
    }

    /// <summary>
    /// Where there is a classifier, draws as many samples as there are held-out images, at most 10,000, and compares both in its features; of a
    /// conditional model it also tells how many samples are what was asked for.
    /// </summary>
    public static void Measure(Findings findings, ImageClassifier? classifier, IGenerativeModel model, IExampleSource train, IExampleSource test, ulong seed)
    {
        if (classifier is null) return;
        findings.Measure("samples by the classifier", () =>
        {
            using var samples = ClassSamples.Draw(model, Math.Min(test.Count, MostImages), seed);
            if (ClassSamples.ShareAsAsked(classifier, model, seed) is { } share) findings.Add(("samples.asAsked", share));
            findings.AddRange(Measure(classifier, samples, train, test).Select(f => (f.Name, (JsonNode?)f.Value)));
        });
    }

    private static long Size(IExampleSource images) => images.ExampleShape.Aggregate((product, size) => product * size);

    /// <summary>Compares samples with as many held-out images.</summary>
    public static (string Name, double Value)[] Measure(ImageClassifier classifier, torch.Tensor samples, IExampleSource train, IExampleSource test)
    {
        using var scope = torch.NewDisposeScope();
        long[] shape = [.. classifier.Options.ExampleShape];
        torch.Tensor Of(IExampleSource images) => Features.Extract(classifier.Features, images.Reshape(shape), device: classifier.Device);
        var shaped = samples.reshape([-1, .. shape]);
        var (real, generated) = (Of(test.Take((int)samples.shape[0])), Features.Extract(classifier.Features, shaped));
        var score = ClassifierScore.Of(Features.Extract(classifier.Probabilities, shaped));
        var kernel = KernelDistance.Between(real, generated);
        var support = PrecisionRecall.Of(real, generated);
        var density = DensityCoverage.Of(real, generated);
        return
        [
            ("frechetDistance", FrechetDistance.Between(real, generated)),
            ("kernelDistance", kernel.Mean), .. kernel.HasStandardError ? [("kernelDistance.standardError", kernel.StandardError)] : NoFigures,
            ("precision", support.Precision), ("recall", support.Recall), ("density", density.Density), ("coverage", density.Coverage),
            ("classifierScore", score.Mean), ("classifierScore.standardDeviation", score.StandardDeviation),
            ("memorization.z", MemorizationReport.Of(generated, Of(train), real).ZScore),
        ];
    }
}
