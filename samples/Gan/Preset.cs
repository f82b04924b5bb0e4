using GenModels.Networks;
using GenModels.Optimization;

namespace GenModels.Samples;

/// <summary>Settings that work for a kind of data.</summary>
internal sealed record Preset(int Epochs, int BatchSize, int LatentSize, double LearningRate, double R1, int[] Widths, Activation Output)
{
    private static readonly Preset Plane = new(
        Epochs: 80, BatchSize: 256, LatentSize: 16, LearningRate: 1e-3, R1: 0.1, Widths: [128, 128], Activation.Identity);

    private static readonly Preset Digits = new(
        Epochs: 300, BatchSize: 64, LatentSize: 32, LearningRate: 1e-3, R1: 1, Widths: [256, 256], Activation.Sigmoid);

    private static readonly Preset Images = Digits with { Epochs = 20, BatchSize = 128, LatentSize = 64, LearningRate = 5e-4, Widths = [512, 512] };

    // Radford, Metz and Chintala (2016) of images of 28×28 or 32×32 pixels.
    private static readonly Preset Convolutional = Images with { LatentSize = 100, LearningRate = 2e-4, R1 = 0, Widths = [] };

    public static Preset For(string data, bool isConvolutional = false) =>
        PlanarData.Has(data) ? Plane : isConvolutional ? Convolutional : data == "digits" ? Digits : Images;

    /// <summary>Adam with a learning rate that falls to 1/30, since the two networks circle around their equilibrium at a constant one.</summary>
    public static AdamOptions Adam(double learningRate, long steps) =>
        new() { LearningRate = learningRate, Beta1 = 0.5, Schedule = ExponentialSchedule.To(1.0 / 30, steps) };
}
