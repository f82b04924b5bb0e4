using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace GenModels.Networks;

/// <summary>Where a layer's weights start.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Initialization>))]
public enum Initialization
{
    /// <summary>Weights and biases uniform within ±1/√inputs: what PyTorch's Linear and Conv2d do.</summary>
    Default,

    /// <summary>Weights uniform within ±√(6/(inputs + outputs)), biases 0 (Glorot and Bengio 2010, equation 16).</summary>
    Glorot,

    /// <summary>Weights normal with standard deviation √(2/inputs), biases 0 (He et al. 2015, equation 10).</summary>
    He,
}

internal static class Initializations
{
    /// <summary>
    /// Fills a new layer's weight [outputs, inputs] and bias [outputs], or the weight [outputs, inputs, height, width] of a convolution, whose inputs and outputs
    /// are those of every place in its window; of a transposed one the two count the other way around, as in PyTorch.
    /// </summary>
    public static void Fill(this Initialization initialization, Tensor weight, Tensor bias, RandomGenerator generator)
    {
        using var scope = NewDisposeScope();
        long window = weight.shape[2..].Size();
        var (outputs, inputs) = (weight.shape[0] * window, weight.shape[1] * window);
        switch (initialization)
        {
            case Initialization.Default:
                double bound = 1 / Math.Sqrt(inputs);
                FillUniform(weight, bound, generator);
                FillUniform(bias, bound, generator);
                break;
            case Initialization.Glorot:
                double limit = Math.Sqrt(6.0 / (inputs + outputs));
                FillUniform(weight, limit, generator);
                bias.zero_();
                break;
            case Initialization.He:
                weight.copy_(generator.Normal(weight.shape) * Math.Sqrt(2.0 / inputs));
                bias.zero_();
                break;
        }
    }

    /// <summary>Uniform values within ±bound.</summary>
    private static void FillUniform(Tensor target, double bound, RandomGenerator generator) =>
        target.copy_(generator.Uniform(target.shape) * (2 * bound) - bound);
}
