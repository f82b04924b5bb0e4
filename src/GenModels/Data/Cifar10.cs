namespace GenModels.Data;

/// <summary>CIFAR-10, 60,000 photographs of ten kinds of things (Krizhevsky 2009), in the six files of its binary version.</summary>
internal sealed class Cifar10 : ArchivedSet
{
    private const string Unpacked = "cifar-10-batches-bin", TestFile = "test_batch.bin";

    private static readonly string[] TrainFiles = [.. Enumerable.Range(1, 5).Select(i => $"data_batch_{i}.bin")];

    public override string Name => "cifar10";

    public override Uri Address { get; } = new("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz");

    public override long Length => 170_052_171;

    public override string Sha256 => "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd";

    public override string? Missing(string folder)
    {
        string[] missing = [.. TrainFiles.Append(TestFile).Where(name => !File.Exists(Path.Combine(FolderOf(folder), name)))];
        return missing.Length == 0 ? null : $"no {string.Join(", no ", missing)}";
    }

    public override DataSplit Read(string folder, ImageFolderOptions images)
    {
        string path = FolderOf(folder);
        return new(
            CifarFile.ReadCifar10([.. TrainFiles.Select(name => Path.Combine(path, name))]), CifarFile.ReadCifar10(Path.Combine(path, TestFile)));
    }

    protected override bool IsNeeded(string path) => path.StartsWith($"{Unpacked}/", StringComparison.Ordinal) && path.EndsWith(".bin", StringComparison.Ordinal);

    private static string FolderOf(string folder) => Path.Combine(folder, Unpacked) is var inner && Directory.Exists(inner) ? inner : folder;
}
