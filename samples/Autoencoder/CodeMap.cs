using GenModels.Data;
using GenModels.Optimization;
using GenModels.Reporting;
using GenModels.Training;
using TorchSharp;

namespace GenModels.Samples;

/// <summary>Draws codes as points in a plane, a set for each label.</summary>
internal static class CodeMap
{
    private const int MostPoints = 2_000;

    public static void Save(string path, torch.Tensor codes, IReadOnlyList<byte> labels, ulong seed)
    {
        using var scope = torch.NewDisposeScope();
        int count = (int)Math.Min(codes.shape[0], MostPoints), size = (int)codes.shape[1];
        float[] values = codes.narrow(0, 0, count).contiguous().cpu().data<float>().ToArray();
        float[] points = size switch
        {
            1 => [.. values.SelectMany(v => new[] { v, 0 })],
            2 => values,
            _ => PrincipalPlane(new ArraySource(values, size), seed),
        };
        var chart = new ScatterChart { Title = size > 2 ? $"The plane in which codes of {size} dimensions vary most" : "Codes", HasEqualAspect = size > 2 };
        foreach (var set in Enumerable.Range(0, count).GroupBy(i => labels.Count > 0 ? labels[i] : 0).OrderBy(set => set.Key))
            chart.Add($"{set.Key}", [.. set.SelectMany(i => new[] { points[2 * i], points[2 * i + 1] })]);
        chart.Save(path);
    }

    // A linear autoencoder with a code of two dimensions learns the plane of the first two principal components
    // (Baldi and Hornik 1989); which directions within it are its axes is left to chance.
    private static float[] PrincipalPlane(ArraySource codes, ulong seed)
    {
        using var linear = new Autoencoder(new AutoencoderOptions
        {
            ExampleShape = [.. codes.ExampleShape],
            CodeSize = 2,
            Hidden = [],
            Optimizer = new AdamOptions { LearningRate = 1e-2 },
            Seed = seed,
        });
        Trainer.Fit(linear, codes, new FitOptions { Epochs = 100, Seed = seed });
        return linear.Encode(codes.ToTensor(0, codes.Count)).data<float>().ToArray();
    }
}
