namespace GenModels.Data;

/// <summary>
/// Reads folders of PNG and JPEG images into memory. Where the images lie in subfolders, the subfolder's name is an image's class, and classes are
/// numbered in the ordinal order of their names.
/// </summary>
/// <remarks>
/// Files that end in .png, .jpg or .jpeg (in any case) are images, others are passed over, as is what starts with a dot. Images are in the ordinal
/// order of their paths, whatever the file system. Transparency is dropped unless there is a background, and 16 bits a channel become 8.
/// </remarks>
public static class ImageFolder
{
    private const string TrainFolder = "train", TestFolder = "test";
    private const ulong SplitSeed = 0;
    private const int TestShare = 6;

    /// <summary>Reads all images of a folder.</summary>
    /// <param name="folder">The folder, with images in it, or with a subfolder of images for each class.</param>
    /// <param name="options">Color and size; by default both are those of the images.</param>
    /// <returns>
    /// The set, called like the folder. Examples are of shape [3, height, width] in color, and of [height × width] in grey.
    /// </returns>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">A file is no image or has another size, or there are no images; the message says what to do.</exception>
    /// <exception cref="IOException">A file can't be read.</exception>
    public static ImageSet Read(string folder, ImageFolderOptions? options = null)
    {
        var files = ImageFiles.Find(folder);
        return ImageFolderReader.Read(NameOf(folder), files, ImageFiles.Classes(files), options ?? new());
    }

    /// <summary>
    /// Reads images to learn from and to measure with. Where the folder has the subfolders <c>train</c> and <c>test</c>, they are the two parts;
    /// otherwise one image of six, chosen at random but always the same way, is for measuring.
    /// </summary>
    /// <param name="folder">The folder, or the two subfolders, as <see cref="Read"/> takes it.</param>
    /// <param name="options">Color and size; by default both are those of the images.</param>
    /// <returns>The two parts, with the same classes.</returns>
    /// <inheritdoc cref="Read" path="/exception"/>
    public static DataSplit ReadSplit(string folder, ImageFolderOptions? options = null)
    {
        Guard.NotNull(folder);
        string[] parts = [Path.Combine(folder, TrainFolder), Path.Combine(folder, TestFolder)];
        if (!parts.All(Directory.Exists))
        {
            var all = Read(folder, options);
            if (all.Count < 2) throw new InvalidDataException($"The folder '{folder}' has one image, expected at least two: one to learn from, and one to measure with.");
            return all.Split(all.Count - Math.Max(1, all.Count / TestShare), SplitSeed);
        }
        var (train, test) = (ImageFiles.Find(parts[0]), ImageFiles.Find(parts[1]));
        ImageFile[] files = [.. train, .. test];
        var set = ImageFolderReader.Read(NameOf(folder), files, ImageFiles.Classes(files), options ?? new());
        return new DataSplit(set.Take(train.Count), set.Slice(train.Count, test.Count));
    }

    /// <summary>Whether a folder seems to be one of images.</summary>
    internal static bool HasImages(string folder) => ImageFiles.Enumerate(folder).Any();

    private static string NameOf(string folder) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))) is { Length: > 0 } name ? name : "images";
}
