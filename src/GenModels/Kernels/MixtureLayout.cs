using static TorchSharp.torch;

namespace GenModels.Kernels;

/// <summary>
/// Where the parameters of a mixture of logistic distributions stand in a row of a network's output, as planes of one value for each pixel: K logits,
/// and for each channel K means, K logarithms of scales and, with three channels, K coefficients (the order of Salimans et al. 2017).
/// </summary>
/// <param name="Components">K.</param>
/// <param name="Channels">The values that a pixel has, whose component is one: 1 or 3.</param>
internal readonly record struct MixtureLayout(int Components, int Channels)
{
    /// <summary>How many planes a channel has: means, scales, and with three channels the coefficients of those before it.</summary>
    public int PlanesOfChannel => Components * (Channels == 1 ? 2 : 3);

    /// <summary>The parameters of a pixel.</summary>
    public int Planes => Components + Channels * PlanesOfChannel;

    /// <summary>The plane of a channel's first mean; the logarithms of scales begin K planes later, and the coefficients 2K.</summary>
    public int Means(int channel) => Components + channel * PlanesOfChannel;

    /// <summary>The logits of the components, [n, K, pixels].</summary>
    /// <param name="planes">The parameters, [n, planes, pixels].</param>
    public Tensor Logits(Tensor planes) => planes.narrow(1, 0, Components);

    /// <summary>Goes through the channels, in each of which the means depend on the levels of those before it.</summary>
    /// <param name="planes">The parameters, [n, planes, pixels].</param>
    /// <param name="level">
    /// Is told a channel, its means and the logarithms of its scales, [n, K, pixels]; gives its levels in [−1, 1], [n, K or 1, pixels].
    /// </param>
    /// <returns>The levels of each channel.</returns>
    public Tensor[] EachChannel(Tensor planes, Func<int, Tensor, Tensor, Tensor> level)
    {
        var (k, layout, levels) = (Components, this, new Tensor[Channels]);
        Tensor Plane(int channel, int kind) => planes.narrow(1, layout.Means(channel) + kind * k, k);
        Tensor Coefficient(int index) => Plane(index, 2).tanh();
        for (int c = 0; c < Channels; c++)
        {
            var means = c switch
            {
                0 => Plane(0, 0),
                1 => Plane(1, 0) + Coefficient(0) * levels[0],
                _ => Plane(2, 0) + Coefficient(1) * levels[0] + Coefficient(2) * levels[1],
            };
            levels[c] = level(c, means, Plane(c, 1).clamp(min: DiscretizedLogistic.LeastLogScale));
        }
        return levels;
    }
}
