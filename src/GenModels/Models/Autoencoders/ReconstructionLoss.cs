using System.Text.Json.Serialization;

namespace GenModels;

/// <summary>How an autoencoder's reconstruction x' is compared with its example x.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReconstructionLoss>))]
public enum ReconstructionLoss
{
    /// <summary>‖x − x'‖², summed over an example's values, in squared units of the data.</summary>
    SquaredError,

    /// <summary>
    /// −Σ [x·log σ(l) + (1 − x)·log(1 − σ(l))] with the decoder's output as logits l, in nats. Values of x lie in [0, 1], and a
    /// reconstruction is σ(l).
    /// </summary>
    Bernoulli,
}

internal static class ReconstructionLosses
{
    public static ObservationModel Create(this ReconstructionLoss loss) => loss switch
    {
        ReconstructionLoss.SquaredError => new SquaredErrorObservation(),
        ReconstructionLoss.Bernoulli => new BernoulliObservation(),
        _ => throw new ArgumentOutOfRangeException(nameof(loss), loss, "No such loss."),
    };
}
