using GenModels.Networks;
using static TorchSharp.torch;

namespace GenModels;

/// <summary>Penalties on the gradient of a discriminator's logit by the examples, which keep it from growing too steep.</summary>
/// <param name="discriminator">The discriminator.</param>
/// <param name="parameters">Its parameters.</param>
/// <param name="r1">The weight of R1.</param>
/// <param name="interpolated">The weight of the penalty between real and generated examples.</param>
/// <param name="examples">How many values of its input are those of examples; conditions stand behind them.</param>
internal sealed class GradientPenalties(nn.Module<Tensor, Tensor> discriminator, IReadOnlyList<Tensor> parameters, double r1, double interpolated, long examples)
{
    // Keeps the derivative of the root finite where a gradient vanishes.
    private const double LeastSquaredNorm = 1e-12;

    /// <summary>The sum of the penalties in use, and its gradients by the parameters.</summary>
    /// <param name="real">Packs of real examples.</param>
    /// <param name="generated">As many packs of generated examples.</param>
    /// <param name="generator">The source of the points between them.</param>
    /// <param name="withGradients">Whether the gradients are wanted; otherwise they are null.</param>
    public (double Value, IReadOnlyList<Tensor?> Gradients) Of(Tensor real, Tensor generated, Generator generator, bool withGradients)
    {
        var sum = (Value: 0.0, Gradients: (IReadOnlyList<Tensor?>)new Tensor?[parameters.Count]);
        using var normal = inference_mode(false);
        using var withGrad = enable_grad();
        if (r1 > 0) Add(Penalty(real, withGradients, squared => squared.mean() * (0.5 * r1)));
        if (interpolated > 0)
            Add(Penalty(Between(real, generated, generator), withGradients, squared =>
                ((squared + LeastSquaredNorm).sqrt() - 1).square().mean() * interpolated));
        return sum;

        void Add((double Value, IReadOnlyList<Tensor?> Gradients) penalty) =>
            sum = (sum.Value + penalty.Value, GradientSum.Of(sum.Gradients, penalty.Gradients));
    }

    /// <summary>A function of the squared norms [packs] of the logit's gradients at some points.</summary>
    private (double Value, IReadOnlyList<Tensor?> Gradients) Penalty(Tensor points, bool withGradients, Func<Tensor, Tensor> function)
    {
        // A copy, since tensors of the caller's inference mode can't require gradients.
        var at = points.detach().clone().requires_grad_();
        var logits = DiscriminatorPass.Output.Checked(discriminator.call(at), at);
        var penalty = function(SquaredNorms(logits, at, withGradients));
        // The last bias moves the logits and not their slope. Nothing times the logits gives it the gradient 0; TorchSharp counts one that
        // is not there as alive for ever.
        if (withGradients && penalty.requires_grad) penalty = penalty + logits.sum() * 0.0;
        var gradients = withGradients ? GraphGradients.Of(penalty, parameters) : new Tensor?[parameters.Count];
        return (penalty.detach().cpu().item<float>(), gradients);
    }

    private Tensor SquaredNorms(Tensor logits, Tensor at, bool differentiable)
    {
        if (logits.requires_grad)
        {
            // create_graph alone does not keep what the second pass needs.
            var gradient = autograd.grad([logits.sum()], [at], retain_graph: differentiable, create_graph: differentiable, allow_unused: true)[0];
            if (!gradient.IsInvalid) return gradient.flatten(1).narrow(1, 0, examples).square().sum(1);
        }
        return zeros(at.shape[0], device: at.device);
    }

    /// <summary>A point on the line between each pack of real examples and one of generated.</summary>
    private static Tensor Between(Tensor real, Tensor generated, Generator generator)
    {
        long[] oneEach = [real.shape[0], .. Enumerable.Repeat(1L, (int)real.ndim - 1)];
        return generated + rand(oneEach, generator: generator).to(real.device) * (real - generated);
    }
}
