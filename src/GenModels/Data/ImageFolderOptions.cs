namespace GenModels.Data;

/// <summary>How images are read from a folder.</summary>
public sealed record ImageFolderOptions
{
    /// <summary>
    /// 1 for grey images, 3 for red, green and blue; null, the default, for grey where all images are and for colors where any is not. A color
    /// becomes the grey (77·red + 150·green + 29·blue)/256.
    /// </summary>
    public int? Channels { get; init; }

    /// <summary>The rows of an image, at least 1, to which all are brought; null, the default, where all have one size already.</summary>
    public int? Height { get; init; }

    /// <summary>The columns of an image, given together with <see cref="Height"/>.</summary>
    public int? Width { get; init; }

    /// <summary>The level of grey, 0 to 255, that shows through where an image is transparent, 255 for white; null, the default, drops transparency.</summary>
    public byte? Background { get; init; }

    /// <summary>What is done with images of other proportions than <see cref="Height"/> and <see cref="Width"/> have; by default they are cropped.</summary>
    public ImageFit Fit { get; init; }

    internal void Validate()
    {
        if (Channels is not (null or 1 or 3))
            throw new ArgumentOutOfRangeException(nameof(Channels), $"Channels is {Guard.Text(Channels)}, expected 1 (grey), 3 (color) or null.");
        if ((Height is null) != (Width is null))
            throw new ArgumentException($"Height is {Guard.Text(Height)} and Width is {Guard.Text(Width)}, expected both or neither.", nameof(Height));
        Guard.AtLeast(Height ?? 1, 1, nameof(Height));
        Guard.AtLeast(Width ?? 1, 1, nameof(Width));
        Guard.Defined(Fit);
        if ((long)(Height ?? 1) * (Width ?? 1) * (Channels ?? DecodedImage.Channels) > Array.MaxLength)
            throw new ArgumentException($"Height is {Guard.Text(Height)} and Width is {Guard.Text(Width)}, expected at most {Array.MaxLength} values in an image.", nameof(Height));
    }
}
