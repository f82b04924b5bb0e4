using GenModels.Training;
using TorchSharp;

namespace GenModels.Samples;

/// <summary>What all samples that train models are told. Disposal gives the folder for results free.</summary>
public sealed record RunOptions(
    string Data, string? DataDirectory, int Epochs, int BatchSize, ulong Seed, int Threads, string Device, string Output,
    bool Resume, bool AllowChanges, TimeSpan CheckpointEvery) : IDisposable
{
    private FileStream? _claim;

    /// <summary>Where training is saved, and whether it goes on from there.</summary>
    public CheckpointOptions Checkpoints => new() { Folder = Output, Every = CheckpointEvery, Resume = Resume, AllowChanges = AllowChanges };

    /// <summary>The number of steps that training takes.</summary>
    public long Steps(int examples) => (long)Epochs * ((examples - 1) / BatchSize + 1);

    /// <summary>Makes the folder for results and claims it, applies what concerns the process, and gives the device.</summary>
    public torch.Device Start()
    {
        Claim();
        torch.set_num_threads(Threads);
        if (Device != "cpu" && !torch.cuda.is_available())
            throw new ArgumentException($"--device {Device}: no CUDA device is available here. Use --device cpu.");
        return torch.device(Device);
    }

    public string File(string name) => Path.Combine(Output, name);

    public void Dispose() => _claim?.Dispose();

    // Two runs in one folder would overwrite each other's checkpoints and results. The system lets go of the file whatever ends the process.
    private void Claim()
    {
        try
        {
            Directory.CreateDirectory(Output);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ArgumentException($"--out {Output}: the folder can't be made. {e.Message}", e);
        }
        try
        {
            _claim = new FileStream(File(".running"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ArgumentException($"--out {Output}: another run is using the folder, or it can't be written to. {e.Message}", e);
        }
    }
}
