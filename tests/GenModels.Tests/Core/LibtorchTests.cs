namespace GenModels.Tests.Core;

public sealed class LibtorchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_is_loaded_where_it_can_be()
    {
        var load = Libtorch.EnsureLoaded;
        load.Should().NotThrow();
        Libtorch.MissingRuntimeVersion(NativeLibraryFile.Path, typeof(torch).Assembly).Should().BeNull();
    }

    [Fact]
    public void A_library_that_needs_a_newer_runtime_is_told_from_one_that_is_not_there()
    {
        if (!OperatingSystem.IsLinux()) return;
        // Beside the original, where it finds what it depends on.
        string newer = Path.Combine(AppContext.BaseDirectory, $"libnewer-{Guid.NewGuid()}.so");
        try
        {
            NativeLibraryFile.CopyThatNeedsAnUnknownVersion(newer);
            Libtorch.MissingRuntimeVersion(newer, typeof(torch).Assembly).Should().Be("GLIBCXX_3.4.99");
        }
        finally
        {
            File.Delete(newer);
        }
        Libtorch.MissingRuntimeVersion(_folder["libmissing.so"], typeof(torch).Assembly).Should().BeNull();
    }
}
