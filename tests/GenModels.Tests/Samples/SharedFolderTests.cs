namespace GenModels.Tests.Samples;

public sealed class SharedFolderTests : IDisposable
{
    private readonly SampleFolder _folder = new("Gan");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_second_run_in_a_folder_is_refused_while_the_first_goes_on()
    {
        using (var first = _folder.Start("--data", "ring", "--epochs", "1000"))
        {
            SpinWait.SpinUntil(() => File.Exists(Path.Combine(_folder.Path, ".run.owner")), TimeSpan.FromMinutes(1)).Should().BeTrue();
            var (status, _, error) = _folder.Run("--data", "ring", "--epochs", "1");
            status.Should().Be(1);
            error.Should().Contain(_folder.Path).And.Contain($"Another run is using it: process {first.Id} on the machine '{Environment.MachineName}'");
            error.TrimEnd().Should().NotContain("\n");
            first.KillAfter(TimeSpan.Zero).Should().BeTrue();
        }
        // A run that was killed holds nothing back.
        _folder.Run("--data", "ring", "--epochs", "1").Status.Should().Be(0);
        _folder.Files.Should().NotContain(name => name != null && name.StartsWith(".run"));
    }
}
