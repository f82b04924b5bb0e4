using GenModels.Training;
using TorchSharp;

namespace GenModels.Samples;

/// <summary>What all samples that train models are told.</summary>
public sealed record RunOptions(
    string Data, string? DataDirectory, int Epochs, int BatchSize, ulong Seed, int Threads, string Device, string Output,
    bool Resume, bool AllowChanges, TimeSpan CheckpointEvery)
{
    /// <summary>Where training is saved, and whether it goes on from there.</summary>
    public CheckpointOptions Checkpoints => new() { Folder = Output, Every = CheckpointEvery, Resume = Resume, AllowChanges = AllowChanges };

    /// <summary>The number of steps that training takes.</summary>
    public long Steps(int examples) => (long)Epochs * ((examples - 1) / BatchSize + 1);

    /// <summary>Makes the folder for results, applies what concerns the process, and gives the device.</summary>
    public torch.Device Start()
    {
        try
        {
            Directory.CreateDirectory(Output);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ArgumentException($"--out {Output}: the folder can't be made. {e.Message}", e);
        }
        torch.set_num_threads(Threads);
        if (Device != "cpu" && !torch.cuda.is_available())
            throw new ArgumentException($"--device {Device}: no CUDA device is available here. Use --device cpu.");
        return torch.device(Device);
    }

    public string File(string name) => Path.Combine(Output, name);
}
