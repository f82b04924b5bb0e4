namespace GenModels.Data;

/// <summary>A set of images in its customary two parts.</summary>
/// <param name="Train">The images to learn from.</param>
/// <param name="Test">The images to measure with, never learned from.</param>
public sealed record DataSplit(ImageSet Train, ImageSet Test);
