using GenModels.Data;
using GenModels.Optimization;

namespace GenModels.Tests;

/// <summary>The gradients that a training step follows, and those of the objective.</summary>
internal static class Gradients
{
    private const double Rate = 1000, Epsilon = 1000;

    /// <summary>What a model must be made with for <see cref="OfStep"/>: ε = 1000 makes the first step −g·rate/(|g| + ε), from which g follows.</summary>
    public static AdamOptions Optimizer { get; } = new() { LearningRate = Rate, Epsilon = Epsilon };

    /// <summary>By the name of each parameter, from the first step of a model that starts from the weights. Disposes the model.</summary>
    public static Dictionary<string, double[]> OfStep(IGenerativeModel model, IReadOnlyDictionary<string, torch.Tensor> weights, Batch batch)
    {
        using var owned = model;
        model.Load(weights);
        model.TrainStep(batch);
        return model.State.ToDictionary(s => s.Key, s => s.Value.Values().Zip(weights[s.Key].Values(), (after, before) =>
        {
            double step = (double)after - before;
            return -step * Epsilon / (Rate - Math.Abs(step));
        }).ToArray());
    }

    /// <summary>A central difference of the objective in one value of a parameter.</summary>
    public static double Slope(torch.Tensor parameter, long index, Func<double> objective)
    {
        const float h = 1e-2f;
        var view = parameter.detach().view(-1);
        float value = view.data<float>()[index];
        double At(float v)
        {
            var accessor = view.data<float>();
            accessor[index] = v;
            return objective();
        }
        double slope = (At(value + h) - At(value - h)) / ((double)(value + h) - (value - h));
        At(value);
        return slope;
    }
}
