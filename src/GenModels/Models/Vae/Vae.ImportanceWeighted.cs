using GenModels.Data;
using GenModels.Kernels;
using GenModels.Numerics;
using static TorchSharp.torch;

namespace GenModels;

// The objective of importance-weighted autoencoders (Burda, Grosse and Salakhutdinov 2016).
public sealed partial class Vae
{
    /// <inheritdoc/>
    public IImportanceProposal Propose(Batch examples, RandomGenerator generator)
    {
        Check(examples, nameof(examples));
        Guard.NotNull(generator);
        using var scope = Inference();
        var observed = _observation.Observe(examples.Examples, generator);
        // The caller's own tensors stay the caller's.
        if (ReferenceEquals(observed, examples.Examples)) observed = observed.alias();
        var heads = _encoder.call(With(examples.Condition, observed));
        return new Proposal(this, observed.DetachFromDisposeScope(), examples.Condition?.alias().DetachFromDisposeScope(), heads.DetachFromDisposeScope());
    }

    /// <summary>A step on −L_k, whose gradient is −Σ w̃ᵢ ∇ log wᵢ with the normalized weights w̃ᵢ = wᵢ/Σ w (equations 13 and 14).</summary>
    private VaeMetrics ImportanceWeightedStep(Tensor x, Tensor? condition)
    {
        long n = x.shape[0];
        var heads = _encoderPass.Forward(With(condition, x));
        var epsilon = Epsilon(n * Options.ImportanceSamples, Noise);
        var (z, ratios) = GaussianProposal.Sample(heads, epsilon);
        var output = _output.Checked(_decoderPass.Forward(With(ForEachDraw(condition, Options.ImportanceSamples), z), inputGradient: true), z);
        var (metrics, weights) = Weigh(_observation.LogProbability(output, x), ratios);
        var (outputGradient, observationGradients) = _observation.WeightedGradient(output, x, weights);

        var (decoderGradients, inputGradient) = _decoderPass.Backward(outputGradient);
        var headsGradient = GaussianProposal.Gradient(heads, epsilon, z, OfCodes(inputGradient) ?? zeros_like(z), weights);
        var (encoderGradients, _) = _encoderPass.Backward(headsGradient);
        Update(metrics.Loss, _optimizer, [.. encoderGradients, .. decoderGradients, .. observationGradients]);
        return metrics;
    }

    private VaeMetrics ImportanceWeighted(Tensor x, Tensor? condition, RandomGenerator generator)
    {
        int k = Options.ImportanceSamples;
        var (z, ratios) = GaussianProposal.Sample(_encoder.call(With(condition, x)), Epsilon(x.shape[0] * k, generator));
        return Weigh(_observation.LogProbability(Decoded(z, ForEachDraw(condition, k)), x), ratios).Metrics;
    }

    /// <summary>The condition of each of <paramref name="draws"/> draws, those of the first example first.</summary>
    private static Tensor? ForEachDraw(Tensor? condition, int draws) => condition is null ? null : Data.Condition.Repeated(condition, draws);

    /// <summary>The bound, and for each draw its share w̃ of its example's weight, over the number of examples.</summary>
    private (VaeMetrics Metrics, float[] Weights) Weigh(double[] likelihoods, double[] ratios)
    {
        int k = Options.ImportanceSamples, n = likelihoods.Length / k;
        var weights = new float[likelihoods.Length];
        double bound = 0;
        for (int start = 0; start < weights.Length; start += k)
        {
            double largest = double.NegativeInfinity, sum = 0;
            for (int i = start; i < start + k; i++) largest = Math.Max(largest, likelihoods[i] + ratios[i]);
            for (int i = start; i < start + k; i++) sum += DoubleMath.Exp(likelihoods[i] + ratios[i] - largest);
            for (int i = start; i < start + k; i++) weights[i] = (float)(DoubleMath.Exp(likelihoods[i] + ratios[i] - largest) / (sum * n));
            bound += largest + DoubleMath.Log(sum / k);
        }
        return (new(-bound / n, -likelihoods.Average(), -ratios.Average()), weights);
    }

    private sealed class Proposal(Vae vae, Tensor examples, Tensor? condition, Tensor heads) : IImportanceProposal
    {
        public double[] LogWeights(int draws, RandomGenerator generator)
        {
            Guard.AtLeast(draws, 1);
            Guard.NotNull(generator);
            ObjectDisposedException.ThrowIf(heads.IsInvalid, this);
            using var scope = vae.Inference();
            var (z, weights) = GaussianProposal.Sample(heads, vae.Epsilon(heads.shape[0] * draws, generator));
            double[] likelihoods = vae._observation.LogProbability(vae.Decoded(z, ForEachDraw(condition, draws)), examples);
            for (int i = 0; i < weights.Length; i++) weights[i] += likelihoods[i];
            return weights;
        }

        public void Dispose()
        {
            examples.Dispose();
            condition?.Dispose();
            heads.Dispose();
        }
    }
}
