using static TorchSharp.torch;

namespace GenModels.Evaluation;

/// <summary>What a model with codes decodes along lines through its codes, to be looked at as pictures.</summary>
public static class LatentWalk
{
    /// <summary>Moves one dimension of a code at a time, the others kept.</summary>
    /// <param name="model">The model.</param>
    /// <param name="code">Where to start from, shape [1, latent]: zeros, or the code of an example.</param>
    /// <param name="dimensions">Which dimensions to move.</param>
    /// <param name="steps">How many values each takes, evenly from −<paramref name="reach"/> to <paramref name="reach"/>; at least 2.</param>
    /// <param name="reach">How far to go, in the units of the code, for a VAE standard deviations of the prior; finite and above 0.</param>
    /// <param name="condition">For a conditional model what the pictures shall be: the condition of one example. Null for any other.</param>
    /// <returns>Shape [dimensions·steps, example shape], the steps of the first dimension first; owned by the caller.</returns>
    /// <exception cref="ArgumentException">The code has another shape, there is no such dimension, or the condition is missing or not the model's.</exception>
    public static Tensor Traverse(
        ILatentModel model, Tensor code, IReadOnlyList<int> dimensions, int steps = 9, double reach = 3, Tensor? condition = null)
    {
        Guard.NotNull(model);
        int latent = model.CodeSize;
        Guard.Batch(code, [latent]);
        if (code.shape[0] != 1) throw new ArgumentException($"There are {code.shape[0]} codes, expected one.", nameof(code));
        Guard.NotNull(dimensions);
        Guard.AtLeast(dimensions.Count, 1, nameof(dimensions));
        Guard.AtLeast(steps, 2);
        Guard.Positive(reach);
        foreach (int dimension in dimensions)
            if (dimension < 0 || dimension >= latent)
                throw new ArgumentOutOfRangeException(nameof(dimensions), $"There is no dimension {Guard.Text(dimension)}, expected 0 to {latent - 1}.");

        using var scope = NewDisposeScope();
        float[] start = code.detach().cpu().to(float32).contiguous().data<float>().ToArray();
        var codes = new List<float>(dimensions.Count * steps * latent);
        foreach (int dimension in dimensions)
            for (int step = 0; step < steps; step++)
                codes.AddRange(start.Select((value, i) => i == dimension ? (float)(reach * (2.0 * step / (steps - 1) - 1)) : value));
        var each = OfEachStep(model, condition, walks: 1, dimensions.Count * steps);
        return model.Decode(tensor([.. codes], [(long)dimensions.Count * steps, latent], device: model.Device), each).MoveToOuterDisposeScope();
    }

    /// <summary>Walks straight from one code to another.</summary>
    /// <param name="model">The model.</param>
    /// <param name="from">Codes to start from, shape [n, latent].</param>
    /// <param name="to">As many to end at.</param>
    /// <param name="steps">How many codes each walk has, both ends among them; at least 2.</param>
    /// <param name="condition">For a conditional model what the pictures of each walk shall be: n conditions, kept on the way. Null for any other.</param>
    /// <returns>Shape [n·steps, example shape], the steps of the first walk first; owned by the caller.</returns>
    /// <exception cref="ArgumentException">The codes have other shapes, or the condition is missing or not the model's.</exception>
    public static Tensor Interpolate(ILatentModel model, Tensor from, Tensor to, int steps = 9, Tensor? condition = null)
    {
        Guard.NotNull(model);
        int latent = model.CodeSize;
        Guard.Batch(from, [latent]);
        Guard.Batch(to, [latent]);
        Guard.SameLength((int)to.shape[0], (int)from.shape[0], nameof(to), nameof(from));
        Guard.AtLeast(steps, 2);
        using var scope = NewDisposeScope();
        var share = linspace(0, 1, steps, device: from.device).view(1, steps, 1);
        var codes = from.detach().unsqueeze(1) * (1 - share) + to.detach().unsqueeze(1) * share;
        var each = OfEachStep(model, condition, (int)from.shape[0], steps);
        return model.Decode(codes.reshape(from.shape[0] * steps, latent), each).MoveToOuterDisposeScope();
    }

    /// <summary>The conditions of walks, each repeated for its steps. What a model has no condition for, its decoder rejects.</summary>
    private static Tensor? OfEachStep(ILatentModel model, Tensor? condition, int walks, int steps)
    {
        if (condition is null || model.Condition is not { } kind) return condition;
        kind.Check(condition, walks, nameof(condition));
        return Data.Condition.Repeated(condition, steps);
    }
}
