using System.Text.Json.Serialization;
using GenModels.Networks;
using TorchSharp;

namespace GenModels;

/// <summary>The distribution that a network's output stands for, given a latent code.</summary>
/// <remarks>
/// Derive from it, and from <see cref="ObservationModel"/>, for one of your own, and <see cref="StoredTypes.Register{TBase, T}"/> it so that files can hold it.
/// </remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(BernoulliLikelihood), "bernoulli")]
[JsonDerivedType(typeof(GaussianLikelihood), "gaussian")]
[JsonDerivedType(typeof(DiscretizedLogisticMixtureLikelihood), "discretized-logistic-mixture")]
public abstract record Likelihood
{
    /// <summary>Independent Bernoulli distributions whose logits the network gives; for values in [0, 1], such as pixels.</summary>
    public static BernoulliLikelihood Bernoulli { get; } = new();

    /// <summary>What is learned beside the networks' weights.</summary>
    internal virtual IEnumerable<StateShape> Shapes => [];

    /// <summary>Throws where a setting lies outside its range.</summary>
    /// <exception cref="ArgumentException">A setting lies outside its range; the message names value and range.</exception>
    public virtual void Validate() { }

    /// <summary>The shape of what the network gives for an example: as many values as p(x|y) has parameters, other than those that are learned beside it.</summary>
    /// <param name="exampleShape">The shape of an example.</param>
    /// <returns>The example's own shape, unless an override says otherwise.</returns>
    /// <exception cref="ArgumentException">There is no p(x|y) of such examples.</exception>
    public virtual ValueList<long> OutputShape(ValueList<long> exampleShape) => exampleShape;

    /// <summary>What the settings become in a model.</summary>
    /// <param name="device">Where the model lives.</param>
    /// <returns>Densities, gradients and draws; the model disposes it.</returns>
    public abstract ObservationModel Create(torch.Device device);
}

/// <summary>
/// log p(x|z) = Σ [x·l − log(1 + eˡ)] with the network's output as logits l (Kingma and Welling 2014, appendix C.1). Values of x lie in [0, 1].
/// </summary>
public sealed record BernoulliLikelihood : Likelihood
{
    /// <summary>
    /// Whether the values of an example are probabilities of ones, drawn anew each time the example is trained on or evaluated (dynamic
    /// binarization, Salakhutdinov and Murray 2008): the likelihood is then one of binary data, and its figures compare with published ones.
    /// What encodes or reconstructs given examples takes them as they are.
    /// </summary>
    /// <value>Default false: values between 0 and 1 enter the formula as they are, which then is no likelihood of any data.</value>
    public bool Binarize { get; init; }

    /// <inheritdoc/>
    public override ObservationModel Create(torch.Device device) => new BernoulliObservation(Binarize);
}

/// <summary>log p(x|z) = −½ Σ [(x − y)²/σ² + log 2πσ²] with the network's output as mean y (Kingma and Welling 2014, appendix C.2).</summary>
public sealed record GaussianLikelihood : Likelihood
{
    /// <summary>σ, the same for every element; where training starts when it is learned.</summary>
    /// <value>Default 1. Range: greater than 0.</value>
    public double StandardDeviation { get; init; } = 1;

    /// <summary>Whether log σ² is learned beside the weights (Rybkin, Daniilidis and Levine 2021).</summary>
    /// <value>Default false.</value>
    public bool Learned { get; init; }

    internal override IEnumerable<StateShape> Shapes => Learned ? [new("log_variance", 1)] : [];

    /// <inheritdoc/>
    public override void Validate() => Guard.Positive(StandardDeviation);

    /// <inheritdoc/>
    public override ObservationModel Create(torch.Device device) => new GaussianObservation(this, device);
}
