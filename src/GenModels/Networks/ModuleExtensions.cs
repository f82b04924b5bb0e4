using TorchSharp;
using static TorchSharp.torch;

namespace GenModels.Networks;

/// <summary>What models need of TorchSharp's modules beyond their own members.</summary>
internal static class ModuleExtensions
{
    /// <summary>Moves a network, and takes it out of the dispose scope that is open: the model owns it.</summary>
    public static nn.Module<Tensor, Tensor> OnDevice(this nn.Module<Tensor, Tensor> network, Device device)
    {
        if (device.type != DeviceType.CPU) network.to(device);
        foreach (var (_, parameter) in network.named_parameters()) parameter.DetachFromDisposeScope();
        foreach (var (_, buffer) in network.named_buffers()) buffer.DetachFromDisposeScope();
        return network;
    }

    /// <summary>Adds a network's parameters and buffers to a state, each under the network's name and its own.</summary>
    public static void AddState(this nn.Module<Tensor, Tensor> network, Dictionary<string, Tensor> state, string prefix)
    {
        foreach (var (name, parameter) in network.named_parameters()) state.Add($"{prefix}.{name}", parameter);
        foreach (var (name, buffer) in network.named_buffers()) state.Add($"{prefix}.{name}", buffer);
    }
}
