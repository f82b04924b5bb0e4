using TorchSharp;

namespace GenModels.Training;

/// <summary>Looks for the checkpoints that training leaves.</summary>
public static class Checkpoint
{
    /// <summary>Finds where a run would go on: the newest whole checkpoint in a folder.</summary>
    /// <param name="folder">The folder that <see cref="CheckpointOptions.Folder"/> named.</param>
    /// <returns>The place, or null where the folder has no checkpoint.</returns>
    /// <exception cref="ModelFileException">There are checkpoints and none is whole.</exception>
    /// <exception cref="IOException">A file can't be read.</exception>
    public static ResumePoint? Find(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        using var scope = torch.NewDisposeScope();
        return new CheckpointFolder(folder).Load()?.Point;
    }
}
