namespace TorchSharp;

public static class ModuleExtensionMethods
{
    /// <summary>Moves a module; the distributions' libtorch knows the CPU only.</summary>
    public static T to<T>(this T module, torch.Device device, bool non_blocking = false) where T : torch.nn.Module =>
        device.type == DeviceType.CPU ? module : throw new InvalidOperationException($"{device.type} is not available.");
}
