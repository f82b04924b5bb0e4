using System.Text.Json.Serialization;

namespace GenModels;

/// <summary>What the two networks of a GAN minimize. D(x) = σ(l(x)) for the discriminator's logit l; <see cref="GanLosses"/> has the formulas.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<GanObjective>))]
public enum GanObjective
{
    /// <summary>The minimax game as it stands: the generator descends log(1 − D(G(z))) (Goodfellow et al. 2014, equation 1).</summary>
    Saturating,

    /// <summary>The generator ascends log D(G(z)), whose gradient is strong while the discriminator wins (Goodfellow et al. 2014, section 3).</summary>
    NonSaturating,

    /// <summary>Squared distances of the logit from 1 and 0 (Mao et al. 2017, equation 9).</summary>
    LeastSquares,

    /// <summary>The difference of the mean logits, with a gradient penalty (Arjovsky et al. 2017; Gulrajani et al. 2017, equation 3).</summary>
    Wasserstein,

    /// <summary>The hinge loss with margin 1 (Lim and Ye 2017; Miyato et al. 2018, equations 16 and 17).</summary>
    Hinge,
}
