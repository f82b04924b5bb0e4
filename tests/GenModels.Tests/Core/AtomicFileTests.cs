
namespace GenModels.Tests.Core;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Makes_the_folder_and_replaces_the_file()
    {
        var path = _folder["a", "b", "file"];

        AtomicFile.Write(path, stream => stream.Write("first, and longer"u8));
        AtomicFile.Write(path, stream => stream.Write("second"u8));

        File.ReadAllText(path).Should().Be("second");
        Directory.GetFileSystemEntries(_folder["a", "b"]).Should().Equal(path);
    }

    [Fact]
    public void A_failure_keeps_the_old_file_and_leaves_nothing_else()
    {
        var path = _folder["file"];
        File.WriteAllText(path, "old");

        var write = () => AtomicFile.Write(path, stream =>
        {
            stream.Write("half of the n"u8);
            throw new InvalidOperationException("stop");
        });

        write.Should().Throw<InvalidOperationException>().WithMessage("stop");
        File.ReadAllText(path).Should().Be("old");
        Directory.GetFileSystemEntries(_folder.Path).Should().Equal(path);
    }

    [Fact]
    public void The_file_is_not_there_before_it_is_complete()
    {
        var path = _folder["file"];

        AtomicFile.Write(path, _ => File.Exists(path).Should().BeFalse());

        File.Exists(path).Should().BeTrue();
    }

    [Fact]
    public void What_is_replaced_can_be_kept_under_another_name()
    {
        var (path, previous) = (_folder["file"], _folder["previous"]);
        foreach (string content in new[] { "first", "second", "third" })
            AtomicFile.Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(content)), previous);

        File.ReadAllText(path).Should().Be("third");
        File.ReadAllText(previous).Should().Be("second");
    }

    [Fact]
    public void What_a_killed_process_left_is_overwritten_and_a_write_under_way_is_respected()
    {
        var path = _folder["file"];
        File.WriteAllText(_folder[".file.tmp"], "half of the n, and more than there will be");
        AtomicFile.Write(path, stream => stream.Write("new"u8));
        File.ReadAllText(path).Should().Be("new");
        Directory.GetFileSystemEntries(_folder.Path).Should().Equal(path);

        AtomicFile.Write(path, stream =>
        {
            var second = () => AtomicFile.Write(path, other => other.Write("other"u8));
            second.Should().Throw<IOException>().WithMessage($"The file '{path}' can't be written: *");
            stream.Write("newer"u8);
        });
        File.ReadAllText(path).Should().Be("newer");
    }

    [Fact]
    public void A_full_disk_is_named_and_keeps_the_old_file()
    {
        var path = _folder["file"];
        File.WriteAllText(path, "old");

        var write = () => AtomicFile.Write(path, stream =>
        {
            stream.Write("half of the n"u8);
            throw new IOException("No space left on device");
        });

        write.Should().Throw<IOException>().WithMessage($"The file '{path}' can't be written: No space left on device");
        File.ReadAllText(path).Should().Be("old");
        Directory.GetFileSystemEntries(_folder.Path).Should().Equal(path);
    }

    [Fact]
    public void A_folder_that_cannot_be_made_and_a_folder_in_place_of_the_file_are_named()
    {
        File.WriteAllText(_folder["file"], "old");
        Directory.CreateDirectory(_folder["folder"]);
        foreach (var path in new[] { _folder["file", "model"], _folder["folder"] })
        {
            var write = () => AtomicFile.Write(path, stream => stream.Write("new"u8));
            write.Should().Throw<IOException>().WithMessage($"The file '{path}' can't be written: *");
        }
        File.ReadAllText(_folder["file"]).Should().Be("old");
        Directory.GetFileSystemEntries(_folder.Path, "*", SearchOption.AllDirectories).Should().BeEquivalentTo(_folder["file"], _folder["folder"]);
    }
}
