using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;

namespace GenModels.Data;

/// <summary>A public data set that comes as one archive, a gzipped tar file, and is read from the folder that it unpacks to.</summary>
internal abstract class ArchivedSet
{
    public abstract string Name { get; }

    /// <summary>Where the archive is published.</summary>
    public abstract Uri Address { get; }

    /// <summary>The archive's length in bytes.</summary>
    public abstract long Length { get; }

    /// <summary>The archive's own SHA-256.</summary>
    public abstract string Sha256 { get; }

    /// <summary>What a folder lacks, which is the unpacked archive or holds it; null where it lacks nothing.</summary>
    public abstract string? Missing(string folder);

    /// <summary>Reads such a folder.</summary>
    /// <param name="folder">One of which nothing is <see cref="Missing"/>.</param>
    /// <param name="images">The size of images, where the set has no size of its own.</param>
    /// <exception cref="InvalidDataException">A file isn't what it should be.</exception>
    public abstract DataSplit Read(string folder, ImageFolderOptions images);

    /// <summary>Whether a file of the archive is needed.</summary>
    protected abstract bool IsNeeded(string path);

    /// <summary>Makes a folder of the archive's content, all of it or none.</summary>
    /// <exception cref="InvalidDataException">The archive is not the one that was published.</exception>
    public void Unpack(byte[] archive, string folder)
    {
        string actual = Convert.ToHexStringLower(SHA256.HashData(archive));
        if (actual != Sha256) throw new InvalidDataException($"its SHA-256 is {actual}, expected {Sha256}");
        string parts = $"{folder}.{Guid.NewGuid():N}";
        try
        {
            Extract(archive, parts);
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
            Directory.Move(parts, folder);
        }
        finally
        {
            if (Directory.Exists(parts)) Directory.Delete(parts, recursive: true);
        }
    }

    private void Extract(byte[] archive, string folder)
    {
        using var tar = new TarReader(new GZipStream(new MemoryStream(archive), CompressionMode.Decompress));
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile) || !IsNeeded(entry.Name)) continue;
            string path = Path.Combine(folder, entry.Name);
            Directory.CreateDirectory(Path.GetDirectoryName(path) ?? folder);
            entry.ExtractToFile(path, overwrite: true);
        }
    }
}
