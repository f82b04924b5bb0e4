using static TorchSharp.torch;

namespace GenModels.Networks;

/// <summary>Networks that all see the same input, and whose outputs stand side by side.</summary>
internal sealed class ParallelSegment(ParallelPart part) : Segment
{
    private readonly Backpropagation[] _branches = [.. part.Networks.Select(Backpropagation.Of)];
    private long[] _widths = [];

    public override IReadOnlyList<Tensor> Parameters => [.. _branches.SelectMany(branch => branch.Parameters)];

    public override Tensor Forward(Tensor input, bool inputGradient)
    {
        Tensor[] outputs = [.. _branches.Select(branch => branch.Forward(input, inputGradient))];
        _widths = [.. outputs.Select(output => output.shape[1])];
        return cat(outputs, 1);
    }

    public override (IReadOnlyList<Tensor?> Parameters, Tensor? Input) Backward(Tensor outputGradient)
    {
        var found = _branches.Zip(Columns(outputGradient), (branch, gradient) => branch.Backward(gradient)).ToArray();
        return ([.. found.SelectMany(gradients => gradients.Parameters)], Sum(found.Select(gradients => gradients.Input)));
    }

    public override Tensor? InputGradient(Tensor outputGradient) =>
        Sum(_branches.Zip(Columns(outputGradient), (branch, gradient) => branch.InputGradient(gradient)));

    public override void Dispose()
    {
        foreach (var branch in _branches) branch.Dispose();
    }

    private IEnumerable<Tensor> Columns(Tensor gradient)
    {
        var rows = gradient.view(-1, _widths.Sum());
        long start = 0;
        foreach (long width in _widths)
        {
            yield return rows.narrow(1, start, width);
            start += width;
        }
    }

    private static Tensor? Sum(IEnumerable<Tensor?> gradients) => gradients.Aggregate(GradientSum.Of);
}
