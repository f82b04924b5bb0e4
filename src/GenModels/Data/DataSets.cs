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
    /// <see cref="ImageFolder.ReadSplit"/> takes it. In color there is <c>cifar10</c> (Krizhevsky 2009), also as a folder with its files
    /// data_batch_1.bin to data_batch_5.bin and test_batch.bin; and <c>emoji</c>, 3,786 pictures in ten categories over white, 32×32 unless other sizes are
    /// given (Twemoji, Twitter, Inc. and other contributors, CC BY 4.0, in the npm package emoji-datasource-twitter 16.0.0).
    /// </summary>
    /// <remarks>
    /// The files of these sets are looked for in <paramref name="dataDirectory"/>, then in the folder that the environment
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
        Load(nameOrFolder, new ImageFolderOptions(), dataDirectory, cancellationToken);

    /// <summary>The same, and images of a folder are brought to a size.</summary>
    /// <param name="nameOrFolder">A name from above, or a folder.</param>
    /// <param name="images">How images of a folder are read; other sets have the size that they have.</param>
    /// <param name="dataDirectory">A folder to look into first, for a set given by name.</param>
    /// <param name="cancellationToken">Ends a download.</param>
    /// <inheritdoc cref="Load(string, string?, CancellationToken)" path="/remarks|/exception"/>
    public static DataSplit Load(string nameOrFolder, ImageFolderOptions images, string? dataDirectory = null, CancellationToken cancellationToken = default) =>
        DataStore.ForUser().Load(nameOrFolder, Guard.NotNull(images), dataDirectory, cancellationToken);
}
