using static TorchSharp.torch;

namespace GenModels.Networks;

/// <summary>Sums of gradients, of which null stands for none.</summary>
internal static class GradientSum
{
    public static Tensor? Of(Tensor? a, Tensor? b) => a is null ? b : b is null ? a : a + b;

    public static IReadOnlyList<Tensor?> Of(IReadOnlyList<Tensor?> a, IReadOnlyList<Tensor?> b) => [.. a.Zip(b, Of)];
}
