using System.Diagnostics;
using GenModels.Training;

namespace GenModels.Tests.Training;

/// <summary>The short form of <c>bench endurance</c>.</summary>
public sealed class MemoryTests : IDisposable
{
    private readonly TrainingScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    [Trait(Speed.Trait, Speed.Slow)]
    public void Many_steps_with_checkpoints_and_samples_leave_memory_as_it_was()
    {
        using var model = new Vae(TrainingScene.Model with { WeightAverage = 0.99 });
        var readings = new List<(long Tensors, double Resident)>();
        int steps = 0;
        var options = new FitOptions { Epochs = 10_000, BatchSize = 16, MaxSteps = 20_000 };
        Trainer.Fit(model, TrainingScene.Train, options, progress: new Listener(() =>
        {
            if (++steps % 2_000 != 0) return;
            model.Sample(4, seed: 1).Dispose();
            GC.Collect();
            using var process = Process.GetCurrentProcess();
            readings.Add((torch.Tensor.TotalCount, process.WorkingSet64));
        }), checkpoints: _scene.Checkpoints with { EverySteps = 500 });

        // The first fifth settles caches and compiled code.
        var settled = readings[2..];
        settled.Should().HaveCount(8);
        settled.Select(r => r.Tensors).Distinct().Should().ContainSingle();
        settled.Should().OnlyContain(r => r.Resident < settled[0].Resident * 1.05);
    }

    private sealed class Listener(Action report) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => report();
    }
}
