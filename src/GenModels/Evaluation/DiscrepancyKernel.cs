using GenModels.Kernels;
using static TorchSharp.torch;

namespace GenModels.Evaluation;

/// <summary>A positive definite kernel k(x, y), which tells how alike two points are.</summary>
public abstract record DiscrepancyKernel
{
    private protected DiscrepancyKernel() { }

    internal abstract void Validate();

    /// <summary>k for each row of a [n, d] and each of b [m, d], in double precision: shape [n, m].</summary>
    internal abstract Tensor Values(Tensor a, Tensor b);

    /// <summary>Σ k(x, x) over the rows of a [n, d].</summary>
    internal virtual double SumOfSelves(Tensor a) => a.shape[0];
}

/// <summary>
/// (xᵀy/d + 1)³ over d features: the kernel of the kernel Inception distance (Bińkowski et al. 2018, section 3). It sees the first three moments.
/// </summary>
public sealed record PolynomialKernel : DiscrepancyKernel
{
    internal override void Validate() { }

    internal override Tensor Values(Tensor a, Tensor b)
    {
        using var scope = NewDisposeScope();
        return (a.matmul(b.t()) / a.shape[1] + 1).pow(3).MoveToOuterDisposeScope();
    }

    internal override double SumOfSelves(Tensor a)
    {
        using var scope = NewDisposeScope();
        return (a.square().sum(1) / a.shape[1] + 1).pow(3).sum().item<double>();
    }
}

/// <summary>exp(−‖x − y‖²/2σ²). It sees every difference of two distributions, best those at the scale σ.</summary>
/// <param name="Bandwidth">σ, finite and above 0.</param>
public sealed record GaussianKernel(double Bandwidth) : DiscrepancyKernel
{
    internal override void Validate() => Guard.Positive(Bandwidth);

    internal override Tensor Values(Tensor a, Tensor b)
    {
        using var scope = NewDisposeScope();
        return (Pairwise.SquaredDistances(a, b) * (-0.5 / (Bandwidth * Bandwidth))).exp().MoveToOuterDisposeScope();
    }
}

/// <summary>C/(C + ‖x − y‖²), whose tails reach farther than a Gaussian's (Tolstikhin et al. 2018, section 4).</summary>
/// <param name="Scale">C, finite and above 0. Against N(0, I) in d dimensions the authors take 2d.</param>
public sealed record InverseMultiquadricKernel(double Scale) : DiscrepancyKernel
{
    internal override void Validate() => Guard.Positive(Scale);

    internal override Tensor Values(Tensor a, Tensor b)
    {
        using var scope = NewDisposeScope();
        return (Scale / (Pairwise.SquaredDistances(a, b) + Scale)).MoveToOuterDisposeScope();
    }
}
