namespace GenModels.Data;

/// <summary>Data sets of images, by name or from a folder.</summary>
public static class DataSets
{
    /// <summary>
    /// Handwritten digits, 8×8 pixels from 0 to 16 with labels 0 to 9, which the assembly carries: the first 1,500 images are for
    /// training, the last 297 for tests. Source: Optical Recognition of Handwritten Digits, E. Alpaydin and C. Kaynak,
    /// UCI Machine Learning Repository, 1998, CC BY 4.0.
    /// </summary>
    public static DataSplit Digits() => Data.Digits.Read();

    /// <summary>
    /// Loads a data set: <c>digits</c> (see <see cref="Digits"/>), <c>mnist</c>, <c>fashion-mnist</c> (in any case), or a folder with the
    /// four IDX files train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte,
    /// each plain or with .gz, also spelt with a dot before idx; or a folder of PNG and JPEG images of one size, as
    /// <see cref="ImageFolder.ReadSplit"/> takes it.
    /// </summary>
    /// <remarks>
    /// The files of MNIST and Fashion-MNIST are looked for in <paramref name="dataDirectory"/>, then in the folder that the environment
    /// variable GENMODELS_DATA names (in each: first in its subfolder of the set's name, then in itself), then in the folder of Debian's
    /// package dataset-fashion-mnist, then in the user's cache (XDG_CACHE_HOME or the local application data, folder genmodels).
    /// If they are nowhere, they are downloaded into that cache, where only content with the published SHA-256 arrives.
    /// A folder that is called like a set is meant by a path with a separator, such as <c>./mnist</c>.
    /// </remarks>
    /// <param name="nameOrFolder">A name from above, or a folder.</param>
    /// <param name="dataDirectory">A folder to look into first, for a set given by name.</param>
    /// <param name="cancellationToken">Ends a download.</param>
    /// <exception cref="ArgumentException"><paramref name="nameOrFolder"/> is neither a known name nor an existing folder.</exception>
    /// <exception cref="DataNotFoundException">The data is in none of these places; the message lists them.</exception>
    /// <exception cref="InvalidDataException">A file was found that isn't what it should be, or images have different sizes.</exception>
    /// <exception cref="OperationCanceledException">A download was cancelled.</exception>
    public static DataSplit Load(string nameOrFolder, string? dataDirectory = null, CancellationToken cancellationToken = default) =>
        DataStore.ForUser().Load(nameOrFolder, dataDirectory, cancellationToken);
}
