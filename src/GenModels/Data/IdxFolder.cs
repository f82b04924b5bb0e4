using System.Diagnostics.CodeAnalysis;

namespace GenModels.Data;

/// <summary>A folder with the four IDX files of a data set, under the names that MNIST gave them.</summary>
internal sealed class IdxFolder
{
    public const string TrainImages = "train-images-idx3-ubyte";
    public const string TrainLabels = "train-labels-idx1-ubyte";
    public const string TestImages = "t10k-images-idx3-ubyte";
    public const string TestLabels = "t10k-labels-idx1-ubyte";

    public static readonly IReadOnlyList<string> Stems = [TrainImages, TrainLabels, TestImages, TestLabels];

    private readonly Dictionary<string, string> _paths;

    private IdxFolder(Dictionary<string, string> paths) => _paths = paths;

    /// <summary>Finds the four files. If one is missing, <paramref name="problem"/> says which, or that there is no folder.</summary>
    public static bool TryOpen(string folder, [NotNullWhen(true)] out IdxFolder? opened, [NotNullWhen(false)] out string? problem)
    {
        opened = null;
        if (!Directory.Exists(folder))
        {
            problem = "no such folder";
            return false;
        }
        var paths = new Dictionary<string, string>();
        foreach (var stem in Stems)
        {
            if (Spellings(stem).Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists) is { } path)
                paths.Add(stem, path);
        }
        if (paths.Count < Stems.Count)
        {
            problem = $"no {string.Join(", no ", Stems.Where(stem => !paths.ContainsKey(stem)))}";
            return false;
        }
        opened = new IdxFolder(paths);
        problem = null;
        return true;
    }

    public string this[string stem] => _paths[stem];

    /// <exception cref="InvalidDataException">A file isn't what it should be, or training and test images differ in size.</exception>
    public DataSplit Read(string name)
    {
        var test = IdxFile.ReadImages(_paths[TestImages], _paths[TestLabels], name);
        var train = IdxFile.ReadImages(_paths[TrainImages], _paths[TrainLabels], name);
        if ((train.Height, train.Width) != (test.Height, test.Width))
        {
            throw new InvalidDataException(
                $"The images in '{_paths[TestImages]}' are {test.Height}×{test.Width}, expected {train.Height}×{train.Width}, as in '{_paths[TrainImages]}'.");
        }
        int classes = Math.Max(train.Classes, test.Classes);
        return new DataSplit(train.WithClasses(classes), test.WithClasses(classes));
    }

    // The second spelling is what some archives of MNIST unpack to.
    private static string[] Spellings(string stem)
    {
        var dotted = stem.Replace("-idx", ".idx", StringComparison.Ordinal);
        return [stem, $"{stem}.gz", dotted, $"{dotted}.gz"];
    }
}
