namespace GenModels.Data;

/// <summary>A file in a folder of images.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Class">The first folder on the way to it; null where it lies in the folder itself.</param>
internal sealed record ImageFile(string Path, string? Class);

/// <summary>Finds the images in a folder, and their classes.</summary>
internal static class ImageFiles
{
    private const int MostClasses = byte.MaxValue + 1;

    private static readonly string[] Endings = [".png", ".jpg", ".jpeg"];

    /// <summary>The images in the order of their paths.</summary>
    public static IReadOnlyList<ImageFile> Find(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"There is no folder '{folder}'.");
        ImageFile[] files = [.. Enumerate(folder).Order(StringComparer.Ordinal).Select(path => new ImageFile(Path.Combine(folder, path), ClassOf(path)))];
        if (files.Length == 0) throw new InvalidDataException($"The folder '{folder}' has no images, expected files that end in {string.Join(", ", Endings)}.");
        return files;
    }

    /// <summary>The paths of images relative to the folder, with slashes, in any order.</summary>
    public static IEnumerable<string> Enumerate(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/'))
        .Where(path => Endings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase) && !path.Split('/').Any(part => part.StartsWith('.')));

    /// <summary>The names of the classes, in their order; none where the images have no classes.</summary>
    public static IReadOnlyList<string> Classes(IReadOnlyList<ImageFile> files)
    {
        string[] classes = [.. files.Select(file => file.Class).OfType<string>().Distinct().Order(StringComparer.Ordinal)];
        if (classes.Length > 0 && files.FirstOrDefault(file => file.Class is null) is { } outside)
            throw new InvalidDataException(
                $"The file '{outside.Path}' lies beside the folders of {classes.Length} classes, such as {Quoted.Text(classes[0])}: expected every image in the folder of its class, or no such folders.");
        if (classes.Length > MostClasses)
            throw new InvalidDataException($"There are {classes.Length} folders of classes, expected at most {MostClasses}.");
        return classes;
    }

    private static string? ClassOf(string path) => path.IndexOf('/') is var end and > 0 ? path[..end] : null;
}
