using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using GenModels.Safetensors;
using static TorchSharp.torch;

namespace GenModels.Training;

/// <summary>
/// One checkpoint: a safetensors file whose metadata has <c>format</c>, <c>run</c> and <c>configuration</c> in JSON, and <c>sha256</c> of the
/// file as it would be without that line.
/// </summary>
/// <param name="Run">Where the run stands.</param>
/// <param name="Configuration">Settings and data.</param>
/// <param name="Tensors">The model's state, its training state, the trainer's generators, and the best weights.</param>
internal sealed record CheckpointFile(RunState Run, JsonObject Configuration, IReadOnlyDictionary<string, Tensor> Tensors)
{
    private const string Format = "genmodels.checkpoint/1";
    private const string FormatKey = "format", RunKey = "run", ConfigurationKey = "configuration", ChecksumKey = "sha256";

    /// <summary>Writes the file as a whole; the one that was there goes to <paramref name="previous"/>.</summary>
    /// <exception cref="IOException">It can't be written.</exception>
    public void Write(string path, string previous)
    {
        var metadata = new Dictionary<string, string> { [FormatKey] = Format, [RunKey] = Run.ToJson(), [ConfigurationKey] = Configuration.ToJsonString() };
        AtomicFile.Write(path, stream => Write(stream, Tensors, metadata), previous);
    }

    /// <summary>Writes tensors and metadata with the checksum of both.</summary>
    public static void Write(Stream stream, IReadOnlyDictionary<string, Tensor> tensors, Dictionary<string, string> metadata)
    {
        metadata.Remove(ChecksumKey);
        metadata[ChecksumKey] = Checksum(tensors, metadata);
        SafetensorsWriter.Write(stream, tensors, metadata);
    }

    /// <summary>Reads a file and makes sure that it is whole. Its tensors belong to the dispose scope that is open.</summary>
    /// <exception cref="ModelFileException">The file is damaged, or no checkpoint.</exception>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public static CheckpointFile Read(string path)
    {
        using var reader = SafetensorsReader.Open(path);
        if (reader.Metadata.GetValueOrDefault(FormatKey) != Format)
            throw ModelFileException.For(path, "is no checkpoint, or one of another version", $"the format {Format}");
        var tensors = reader.Tensors.Keys.ToDictionary(name => name, reader.Read);
        var metadata = reader.Metadata.ToDictionary();
        metadata.Remove(ChecksumKey, out string? checksum);
        if (checksum != Checksum(tensors, metadata))
            throw ModelFileException.For(path, "is damaged", "content with the checksum that it names");
        try
        {
            return new CheckpointFile(
                RunState.FromJson(metadata.GetValueOrDefault(RunKey, "")), RunConfiguration.FromJson(metadata.GetValueOrDefault(ConfigurationKey, "")), tensors);
        }
        catch (JsonException e)
        {
            throw ModelFileException.For(path, "does not tell where the run stands, or its settings", "a checkpoint of this version", e);
        }
    }

    private static string Checksum(IReadOnlyDictionary<string, Tensor> tensors, Dictionary<string, string> metadata)
    {
        using var sha = SHA256.Create();
        using (var stream = new CryptoStream(Stream.Null, sha, CryptoStreamMode.Write)) SafetensorsWriter.Write(stream, tensors, metadata);
        return Convert.ToHexStringLower(sha.Hash ?? []);
    }
}
