using static TorchSharp.torch;

namespace GenModels.Networks;

/// <summary>A network that is a chain of parts, of which some may be for kernels.</summary>
internal interface INetworkChain
{
    /// <summary>The parts, from input to output.</summary>
    IReadOnlyList<NetworkPart> Parts { get; }
}

/// <summary>A link of a chain: a layer, a module that there is no kernel for, or networks side by side.</summary>
internal abstract record NetworkPart
{
    /// <summary>Whether every example is treated alone, so that nothing changes where batches are joined.</summary>
    public abstract bool TreatsExamplesAlone { get; }

    /// <summary>A network as a chain, of one link where it is none itself.</summary>
    /// <param name="network">The network.</param>
    /// <param name="forward">Its output, as the next part takes it; null for what the network gives.</param>
    public static IReadOnlyList<NetworkPart> Of(nn.Module<Tensor, Tensor> network, Func<Tensor, Tensor>? forward = null) =>
        network is INetworkChain chain ? chain.Parts : [new ModulePart(network, forward ?? network.call)];
}

/// <summary>A module that there is no kernel for.</summary>
/// <param name="Module">The module, whose parameters it trains.</param>
/// <param name="Forward">The module's output, as the next part takes it.</param>
internal sealed record ModulePart(nn.Module<Tensor, Tensor> Module, Func<Tensor, Tensor> Forward) : NetworkPart
{
    // It may look at the batch, as batch norm does.
    public override bool TreatsExamplesAlone => false;
}

/// <summary>Networks that all see the same input, and whose outputs stand side by side.</summary>
internal sealed record ParallelPart(IReadOnlyList<nn.Module<Tensor, Tensor>> Networks) : NetworkPart
{
    public override bool TreatsExamplesAlone => Networks.All(network => Of(network).All(part => part.TreatsExamplesAlone));
}
