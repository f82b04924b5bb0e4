using static TorchSharp.torch;

namespace GenModels.Networks;

/// <summary>One forward and one backward pass through a network, given the gradient of what comes after it.</summary>
/// <remarks>
/// Losses have gradients in closed form, so a training step needs no graph of its own. A network is a chain of segments: runs of dense
/// layers and of convolutions go through kernels, and what there is no kernel for goes over libtorch's graph. What a pass keeps belongs to the dispose scope that is open
/// when it runs.
/// <para>
/// What a pass returns may be overwritten by the next pass through the same object: clone it, or make a second one for what is needed at the same
/// time, such as the passes of real and of generated examples through a discriminator.
/// </para>
/// </remarks>
public sealed class Backpropagation : IDisposable
{
    // Where each segment's parameters stand among the network's.
    private readonly int[][] _places;

    private Backpropagation(nn.Module<Tensor, Tensor> network, IReadOnlyList<Segment> segments)
    {
        (Network, Parameters, Segments) = (network, [.. network.parameters()], segments);
        _places = [.. segments.Select(segment => segment.Parameters.Select(PlaceOf).ToArray())];
    }

    /// <summary>The network, to be called where no gradients are wanted.</summary>
    public nn.Module<Tensor, Tensor> Network { get; }

    /// <summary>All parameters, in the order of their names. Some may be frozen, for good or for a while.</summary>
    public IReadOnlyList<Tensor> Parameters { get; }

    /// <summary>From input to output.</summary>
    internal IReadOnlyList<Segment> Segments { get; }

    /// <summary>The fastest way through a network.</summary>
    public static Backpropagation Of(nn.Module<Tensor, Tensor> network) => TrySegments(network) is { } segments ? new(network, segments) : OverGraph(network);

    /// <summary>The way over libtorch's graph, for any network.</summary>
    internal static Backpropagation OverGraph(nn.Module<Tensor, Tensor> network) => new(network, [new GraphSegment(new ModulePart(network, network.call))]);

    /// <summary>The network's output, cut from its graph.</summary>
    /// <param name="input">Belongs to no graph.</param>
    /// <param name="inputGradient">Whether the gradient of the input will be asked for.</param>
    public Tensor Forward(Tensor input, bool inputGradient = false)
    {
        foreach (var segment in Segments)
        {
            input = segment.Forward(input, inputGradient);
            inputGradient = inputGradient || segment.Parameters.Any(parameter => parameter.requires_grad);
        }
        return input;
    }

    /// <summary>
    /// The gradients of the parameters, null for one that is frozen or that the output does not depend on, and of the input where it was
    /// asked for.
    /// </summary>
    /// <param name="outputGradient">As many values as the output has. It may be overwritten.</param>
    public (IReadOnlyList<Tensor?> Parameters, Tensor? Input) Backward(Tensor outputGradient)
    {
        var gradients = new Tensor?[Parameters.Count];
        Tensor? gradient = outputGradient;
        for (int i = Segments.Count - 1; i >= 0 && gradient is not null; i--)
        {
            var found = Segments[i].Backward(gradient);
            foreach (var (place, value) in _places[i].Zip(found.Parameters)) gradients[place] = GradientSum.Of(gradients[place], value);
            gradient = found.Input;
        }
        return (gradients, gradient);
    }

    /// <summary>
    /// The gradient of the input alone, as <see cref="Backward"/> gives it, without the cost of the parameters' gradients; null where the
    /// output does not depend on the input.
    /// </summary>
    /// <param name="outputGradient">As many values as the output has. It may be overwritten.</param>
    public Tensor? InputGradient(Tensor outputGradient)
    {
        Tensor? gradient = outputGradient;
        for (int i = Segments.Count - 1; i >= 0 && gradient is not null; i--) gradient = Segments[i].InputGradient(gradient);
        return gradient;
    }

    /// <summary>Frees what is kept from one pass to the next.</summary>
    public void Dispose()
    {
        foreach (var segment in Segments) segment.Dispose();
    }

    private int PlaceOf(Tensor parameter) => Enumerable.Range(0, Parameters.Count).First(place => ReferenceEquals(Parameters[place], parameter));

    /// <summary>A segment for each run of dense layers or convolutions and for each part between them; null where the layers are not for kernels.</summary>
    private static List<Segment>? TrySegments(nn.Module<Tensor, Tensor> network)
    {
        var segments = new List<Segment>();
        var parts = NetworkPart.Of(network);
        for (int next = 0; next < parts.Count;)
        {
            var run = RunOf(parts, next);
            if (TrySegment(run) is not { } segment)
            {
                foreach (var made in segments) made.Dispose();
                return null;
            }
            segments.Add(segment);
            next += run.Count;
        }
        return segments;
    }

    /// <summary>The parts that one segment takes: a run of one kind of layers, or a part of any other kind alone.</summary>
    private static List<NetworkPart> RunOf(IReadOnlyList<NetworkPart> parts, int start)
    {
        var kind = parts[start].GetType();
        return parts[start] is DenseStep or ConvolutionStep ? [.. parts.Skip(start).TakeWhile(part => part.GetType() == kind)] : [parts[start]];
    }

    private static Segment? TrySegment(List<NetworkPart> run) => run[0] switch
    {
        DenseStep => run.Cast<DenseStep>().ToArray() is var steps && DenseStep.Fit(steps) ? DenseSegment.ForTraining(steps) : null,
        ConvolutionStep => run.Cast<ConvolutionStep>().ToArray() is var steps && ConvolutionStep.Fit(steps) ? ConvolutionSegment.ForTraining(steps) : null,
        ModulePart module => new GraphSegment(module),
        ParallelPart networks => new ParallelSegment(networks),
        var part => throw new InvalidOperationException($"There are no passes for a {part.GetType().Name}."),
    };
}
