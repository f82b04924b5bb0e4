
namespace GenModels.Training;

/// <summary>A folder with a run's newest checkpoint and the one before it.</summary>
internal sealed class CheckpointFolder(string folder)
{
    private readonly string _newest = Path.Combine(folder, "checkpoint.safetensors");
    private readonly string _previous = Path.Combine(folder, "checkpoint.previous.safetensors");

    /// <summary>Makes the folder and locks it for one run, before any work is done that could not be saved.</summary>
    /// <exception cref="IOException">Another run is using the folder, or it can't be written.</exception>
    public FolderLock Lock()
    {
        try
        {
            Directory.CreateDirectory(folder);
            return new FolderLock(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"Checkpoints can't be written to the folder '{folder}'. {e.Message}", e);
        }
    }

    /// <exception cref="IOException">The checkpoint can't be written.</exception>
    public void Save(CheckpointFile checkpoint) => checkpoint.Write(_newest, _previous);

    /// <summary>The newest whole checkpoint and where it is, or null where there is none at all; its tensors belong to the open dispose scope.</summary>
    /// <exception cref="ModelFileException">There are checkpoints and none is whole.</exception>
    public (CheckpointFile File, ResumePoint Point)? Load()
    {
        string? passed = null;
        try
        {
            if (File.Exists(_newest)) return Read(_newest, passed);
        }
        // A damaged one is passed over where the previous one is there.
        catch (ModelFileException e) when (File.Exists(_previous))
        {
            passed = e.Message;
        }
        // A run that is still training has just moved it aside.
        catch (FileNotFoundException)
        {
        }
        // A run that was killed between two renames has left only the previous one.
        return File.Exists(_previous) ? Read(_previous, passed) : null;
    }

    private static (CheckpointFile, ResumePoint) Read(string path, string? passed)
    {
        var file = CheckpointFile.Read(path);
        return (file, new ResumePoint(path, file.Run.Epoch, file.Run.Position, file.Run.Steps, passed));
    }
}
