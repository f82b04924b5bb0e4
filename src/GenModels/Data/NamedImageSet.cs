using System.Buffers.Binary;
using System.Security.Cryptography;

namespace GenModels.Data;

/// <summary>One of the four files of a public data set: its content's length and SHA-256, both after unpacking.</summary>
/// <remarks>Mirrors compress the same content differently, so what the gzip file hashes to would say less.</remarks>
internal sealed record PublishedFile(string Stem, long Length, string Sha256);

/// <summary>A public data set of IDX files, and where it is published.</summary>
internal sealed record NamedImageSet(string Name, IReadOnlyList<PublishedFile> Files, IReadOnlyList<Uri> Mirrors)
{
    public static NamedImageSet Mnist { get; } = new(
        "mnist",
        [
            new(IdxFolder.TrainImages, 47_040_016, "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
            new(IdxFolder.TrainLabels, 60_008, "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
            new(IdxFolder.TestImages, 7_840_016, "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
            new(IdxFolder.TestLabels, 10_008, "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
        ],
        [new("https://ossci-datasets.s3.amazonaws.com/mnist/"), new("https://storage.googleapis.com/cvdf-datasets/mnist/")]);

    public static NamedImageSet FashionMnist { get; } = new(
        "fashion-mnist",
        [
            new(IdxFolder.TrainImages, 47_040_016, "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"),
            new(IdxFolder.TrainLabels, 60_008, "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"),
            new(IdxFolder.TestImages, 7_840_016, "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"),
            new(IdxFolder.TestLabels, 10_008, "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"),
        ],
        [new("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/")]);

    /// <summary>Whether these are the labels of this set's training images.</summary>
    public bool HasTrainLabels(byte[] labels)
    {
        var content = new byte[8 + labels.Length];
        BinaryPrimitives.WriteInt32BigEndian(content, IdxFile.LabelsMagic);
        BinaryPrimitives.WriteInt32BigEndian(content.AsSpan(4), labels.Length);
        labels.CopyTo(content, 8);
        var hash = Convert.ToHexStringLower(SHA256.HashData(content));
        return Files.Any(file => file.Stem == IdxFolder.TrainLabels && file.Sha256 == hash);
    }
}
