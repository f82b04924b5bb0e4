namespace GenModels.Data;

/// <summary>How an image is brought to a size of other proportions.</summary>
public enum ImageFit
{
    /// <summary>What does not fit is cut off, as much on either side.</summary>
    Crop,

    /// <summary>The whole image is stretched.</summary>
    Stretch,
}
