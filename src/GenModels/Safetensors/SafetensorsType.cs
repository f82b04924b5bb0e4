using static TorchSharp.torch;

namespace GenModels.Safetensors;

/// <summary>An element type that safetensors files hold here.</summary>
/// <param name="Name">The format's name for it.</param>
/// <param name="Type">libtorch's.</param>
/// <param name="Size">The bytes of an element.</param>
internal sealed record SafetensorsType(string Name, ScalarType Type, int Size)
{
    public static readonly IReadOnlyList<SafetensorsType> All =
    [
        new("F64", ScalarType.Float64, 8), new("I64", ScalarType.Int64, 8), new("F32", ScalarType.Float32, 4), new("I32", ScalarType.Int32, 4),
        new("U8", ScalarType.Byte, 1), new("BOOL", ScalarType.Bool, 1),
    ];

    /// <summary>All names, for messages.</summary>
    public static readonly string Names = string.Join(", ", All.Select(t => t.Name));

    /// <summary>The one for a tensor's elements; null where files do not hold them.</summary>
    public static SafetensorsType? Find(ScalarType type) => All.FirstOrDefault(t => t.Type == type);
}
