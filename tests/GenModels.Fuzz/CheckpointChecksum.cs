using GenModels.Safetensors;
using GenModels.Training;
using TorchSharp;

namespace GenModels.Fuzz;

/// <summary>Gives a damaged checkpoint the checksum of what it holds.</summary>
internal static class CheckpointChecksum
{
    /// <summary>The checkpoint with a checksum that fits; unchanged where it is no safetensors file any more.</summary>
    public static byte[] Renewed(byte[] content)
    {
        using var scope = torch.NewDisposeScope();
        try
        {
            using var reader = new SafetensorsReader(new MemoryStream(content), "damaged");
            using var renewed = new MemoryStream();
            CheckpointFile.Write(renewed, reader.Tensors.Keys.ToDictionary(name => name, reader.Read), reader.Metadata.ToDictionary());
            return renewed.ToArray();
        }
        catch (ModelFileException)
        {
            return content;
        }
    }
}
