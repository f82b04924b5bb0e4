namespace GenModels.Kernels;

/// <summary>How a window moves over images: what lies under it at one position is a patch.</summary>
/// <param name="Channels">The number of channels.</param>
/// <param name="Height">The image's height.</param>
/// <param name="Width">The image's width.</param>
/// <param name="KernelHeight">The window's height.</param>
/// <param name="KernelWidth">The window's width.</param>
/// <param name="Stride">The distance from one position to the next, both ways.</param>
/// <param name="Padding">How many rows and columns of zeros surround the image on each side.</param>
internal readonly record struct PatchShape(
    long Channels, long Height, long Width, long KernelHeight, long KernelWidth, long Stride, long Padding)
{
    /// <summary>The number of positions one above another.</summary>
    public long Rows => (PaddedHeight - KernelHeight) / Stride + 1;

    /// <summary>The number of positions side by side.</summary>
    public long Columns => (PaddedWidth - KernelWidth) / Stride + 1;

    /// <summary>The number of patches in an image.</summary>
    public long Positions => Rows * Columns;

    /// <summary>The number of values in a patch: kernel height × kernel width × channels, in this order in memory.</summary>
    public long PatchSize => KernelHeight * KernelWidth * Channels;

    /// <summary>The number of values in an image: height × width × channels, in this order in memory.</summary>
    public long ImageSize => Height * Width * Channels;

    public long PaddedHeight => Height + 2 * Padding;

    public long PaddedWidth => Width + 2 * Padding;

    /// <summary>Whether patches, one after another, are the image as it lies in memory.</summary>
    public bool PatchesAreImage =>
        Padding == 0 && (KernelHeight == Height && KernelWidth == Width || KernelHeight == 1 && KernelWidth == 1 && Stride == 1);
}
