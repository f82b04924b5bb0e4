using GenModels.Training;

namespace GenModels.Tests.Training;

public sealed class FolderLockTests : IDisposable
{
    private readonly TrainingScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void A_second_run_in_the_same_process_is_refused_until_the_first_has_ended()
    {
        var expected = TrainingScene.Run();
        using var owned = expected.Model;
        int refused = 0;
        var first = TrainingScene.Run(checkpoints: _scene.Checkpoints, progress: p =>
        {
            ShouldBeRefused(Environment.ProcessId);
            refused++;
        });
        using var alsoOwned = first.Model;
        refused.Should().Be(15);
        TrainingScene.ShouldBeTheSame(first, expected);
        Files.Should().BeEquivalentTo("checkpoint.safetensors", "checkpoint.previous.safetensors", "history.csv");
        TrainingScene.Run(checkpoints: _scene.Checkpoints).Model.Dispose();
    }

    [Fact]
    public void A_run_that_fails_or_is_cancelled_leaves_the_folder_to_others()
    {
        foreach (var exception in new Exception[] { new InvalidOperationException(), new OperationCanceledException() })
        {
            var run = () => TrainingScene.Run(checkpoints: _scene.Checkpoints, progress: _ => throw exception);
            var thrown = run.Should().Throw<Exception>().Which;
            (thrown is TrainingCanceledException ? thrown.InnerException : thrown).Should().BeSameAs(exception);
            Files.Should().NotContain(name => name != null && name.StartsWith(".run"));
        }
        TrainingScene.Run(checkpoints: _scene.Checkpoints).Model.Dispose();
    }

    [Fact]
    public void Another_process_is_named_and_when_it_is_killed_the_folder_is_free()
    {
        using var program = new SingleFileProgram("train", _scene.Folder.Path);
        program.NextLine().Should().Be("training");
        ShouldBeRefused(program.Id);
        program.Kill();
        TrainingScene.Run(checkpoints: _scene.Checkpoints with { Resume = false }).Model.Dispose();
        Files.Should().NotContain(name => name != null && name.StartsWith(".run"));
    }

    [Fact]
    public void Looking_for_a_checkpoint_does_not_wait_for_the_run()
    {
        ResumePoint? found = null;
        TrainingScene.Run(checkpoints: _scene.Checkpoints, progress: p => found = Checkpoint.Find(_scene.Folder.Path)).Model.Dispose();
        found?.Steps.Should().Be(14);
    }

    private IEnumerable<string?> Files => Directory.GetFileSystemEntries(_scene.Folder.Path).Select(Path.GetFileName);

    private void ShouldBeRefused(int owner)
    {
        var second = () => TrainingScene.Run(checkpoints: _scene.Checkpoints, progress: _ => Assert.Fail("Training has begun."));
        second.Should().Throw<IOException>().WithMessage(
            $"Checkpoints can't be written to the folder '{_scene.Folder.Path}'. Another run is using it: process {owner} on the machine '{Environment.MachineName}', since * UTC. Wait *");
    }
}
