namespace GenModels.Data;

/// <summary>Looks for data sets by name or folder, in a fixed order of places.</summary>
internal sealed class DataStore
{
    public const string Variable = "GENMODELS_DATA";
    public const string DigitsName = "digits";

    public required IReadOnlyList<NamedImageSet> Sets { get; init; }

    public required IReadOnlyList<ArchivedSet> Archives { get; init; }

    /// <summary>The value of <see cref="Variable"/>, null if not set.</summary>
    public required string? SharedFolder { get; init; }

    /// <summary>Where the distribution's packages put data sets, each in a folder of its name.</summary>
    public required string PackagesFolder { get; init; }

    public required string CacheFolder { get; init; }

    public required DataDownloader Downloader { get; init; }

    /// <summary>The store of this process's user and environment.</summary>
    public static DataStore ForUser() => new()
    {
        Sets = [NamedImageSet.Mnist, NamedImageSet.FashionMnist],
        Archives = [new Cifar10(), new EmojiPictures()],
        SharedFolder = Environment.GetEnvironmentVariable(Variable),
        PackagesFolder = "/usr/share/datasets",
        CacheFolder = UserCacheFolder(),
        Downloader = DataDownloader.Default,
    };

    public DataSplit Load(string nameOrFolder, ImageFolderOptions images, string? dataDirectory, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(nameOrFolder);
        if (IsName(nameOrFolder, DigitsName))
            return Digits.Read();
        if (Sets.FirstOrDefault(set => IsName(nameOrFolder, set.Name)) is { } named)
            return LoadNamed(named, dataDirectory, cancellationToken);
        if (Archives.FirstOrDefault(set => IsName(nameOrFolder, set.Name)) is { } archived)
            return LoadArchived(archived, dataDirectory, images, cancellationToken);
        return LoadFolder(nameOrFolder, images);
    }

    private static bool IsName(string text, string name) => string.Equals(text, name, StringComparison.OrdinalIgnoreCase);

    private DataSplit LoadFolder(string nameOrFolder, ImageFolderOptions images)
    {
        if (IdxFolder.TryOpen(nameOrFolder, out var opened, out var problem))
            return opened.Read(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(nameOrFolder))));
        if (Directory.Exists(nameOrFolder) && ImageFolder.HasImages(nameOrFolder))
            return ImageFolder.ReadSplit(nameOrFolder, images);
        if (Directory.Exists(nameOrFolder) && Archives.FirstOrDefault(set => set.Missing(nameOrFolder) is null) is { } archived)
            return archived.Read(nameOrFolder, images);
        if (Directory.Exists(nameOrFolder))
            throw new DataNotFoundException(
                nameOrFolder, [$"{Path.GetFullPath(nameOrFolder)} ({problem})"], "Expected four IDX files there, plain or with .gz, the six binary files of CIFAR-10, or images (.png, .jpg, .jpeg).");
        var names = string.Join(", ", Sets.Select(set => set.Name).Prepend(DigitsName).Concat(Archives.Select(set => set.Name)));
        throw new ArgumentException(
            $"'{nameOrFolder}' is neither the name of a data set ({names}) nor a folder with the files of one or with images.", nameof(nameOrFolder));
    }

    private DataSplit LoadNamed(NamedImageSet set, string? dataDirectory, CancellationToken cancellationToken)
    {
        var cache = Path.Combine(CacheFolder, set.Name);
        var tried = new List<string>();
        foreach (var folder in LocalFolders(set.Name, dataDirectory).Append(cache))
        {
            if (!IdxFolder.TryOpen(folder, out var opened, out var problem))
                tried.Add($"{folder} ({problem})");
            else if (NameOf(opened) is { } other && other != set.Name)
                tried.Add($"{folder} (it holds {other})");
            else
                return opened.Read(set.Name);
        }
        if (Downloader.TryFetch(set, cache, tried, cancellationToken) && IdxFolder.TryOpen(cache, out var fetched, out _))
            return fetched.Read(set.Name);
        throw new DataNotFoundException(
            set.Name,
            tried,
            $"Put {string.Join(", ", IdxFolder.Stems)} (plain or .gz) into a folder and pass it as the data directory or in {Variable}.");
    }

    private DataSplit LoadArchived(ArchivedSet set, string? dataDirectory, ImageFolderOptions images, CancellationToken cancellationToken)
    {
        string cache = Path.Combine(CacheFolder, set.Name);
        var tried = new List<string>();
        foreach (string folder in LocalFolders(set.Name, dataDirectory).Append(cache))
        {
            if ((Directory.Exists(folder) ? set.Missing(folder) : "no such folder") is not { } problem) return set.Read(folder, images);
            tried.Add($"{folder} ({problem})");
        }
        if (Downloader.TryFetch(set, cache, tried, cancellationToken)) return set.Read(cache, images);
        throw new DataNotFoundException(
            set.Name, tried, $"Unpack {set.Address} into a folder and pass it as the data directory or in {Variable}.");
    }

    private List<string> LocalFolders(string name, string? dataDirectory)
    {
        var folders = new List<string>();
        foreach (var given in new[] { dataDirectory, SharedFolder })
        {
            if (!string.IsNullOrWhiteSpace(given))
                folders.AddRange([Path.GetFullPath(Path.Combine(given, name)), Path.GetFullPath(given)]);
        }
        folders.Add(Path.Combine(PackagesFolder, name));
        return folders;
    }

    // Sets share file names, so a folder that someone points at may hold another set. The small training labels tell.
    private string? NameOf(IdxFolder folder)
    {
        var labels = IdxFile.ReadLabels(folder[IdxFolder.TrainLabels]);
        return Sets.FirstOrDefault(set => set.HasTrainLabels(labels))?.Name;
    }

    private static string UserCacheFolder()
    {
        var root = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (string.IsNullOrWhiteSpace(root) || !Path.IsPathRooted(root))
            root = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        // A user without a home has no such folder.
        return Path.Combine(string.IsNullOrEmpty(root) ? Path.GetTempPath() : root, "genmodels");
    }
}
