using GenModels.Optimization;

namespace GenModels.Tests.Autoencoders;

/// <summary>The gradients that a training step follows, and those of the objective.</summary>
internal static class Gradients
{
    private const double Rate = 1000, Epsilon = 1000;

    // ε = 1000 makes Adam's first step −g·rate/(|g| + ε), from which g follows.
    private static readonly AdamOptions Adam = new() { LearningRate = Rate, Epsilon = Epsilon };

    /// <summary>By the name of each parameter, from one step of a model with the settings and the weights.</summary>
    public static Dictionary<string, double[]> OfStep(AutoencoderOptions options, IReadOnlyDictionary<string, torch.Tensor> weights, torch.Tensor x)
    {
        using var model = new Autoencoder(options with { Optimizer = Adam });
        model.Load(weights);
        model.TrainStep(x);
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

    public static void Load(this Autoencoder model, IReadOnlyDictionary<string, torch.Tensor> weights)
    {
        using var noGrad = torch.no_grad();
        foreach (var (name, tensor) in model.State) tensor.copy_(weights[name]);
    }

    public static float[] Values(this torch.Tensor tensor)
    {
        using var scope = torch.NewDisposeScope();
        return tensor.detach().contiguous().data<float>().ToArray();
    }
}
