namespace TorchSharp;

public static class ModuleExtensionMethods
{
    /// <summary>Moves a module; the distributions' libtorch knows the CPU only.</summary>
    public static T to<T>(this T module, torch.Device device, bool non_blocking = false) where T : torch.nn.Module =>
        device.type == DeviceType.CPU ? module : throw new InvalidOperationException($"{device.type} is not available.");

    /// <summary>Replaces every parameter and buffer of floating point by one of another type.</summary>
    public static T to<T>(this T module, torch.ScalarType type, bool non_blocking = false) where T : torch.nn.Module
    {
        module.Convert(type);
        return module;
    }
}
