
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
    public void Two_writers_of_one_file_do_not_meet_and_the_last_to_finish_wins()
    {
        var path = _folder["file"];
        AtomicFile.Write(path, stream =>
        {
            stream.Write("first, and lon"u8);
            AtomicFile.Write(path, other => other.Write("second"u8));
            File.ReadAllText(path).Should().Be("second");
            stream.Write("ger"u8);
        });
        File.ReadAllText(path).Should().Be("first, and longer");
        Directory.GetFileSystemEntries(_folder.Path).Should().Equal(path);
    }

    [Fact]
    public async Task Many_writers_and_a_reader_never_see_a_torn_file()
    {
        var (path, previous) = (_folder["file"], _folder["previous"]);
        AtomicFile.Write(path, stream => stream.WriteByte(1));
        var writers = Enumerable.Range(1, 4).Select(writer => Task.Run(() =>
        {
            byte[] content = new byte[10_000 * writer];
            Array.Fill(content, (byte)writer);
            for (int i = 0; i < 25; i++) AtomicFile.Write(path, stream => stream.Write(content), previous);
        })).ToList();
        while (!writers.TrueForAll(w => w.IsCompleted))
            foreach (string file in new[] { path, previous }) ShouldBeWhole(file);
        await Task.WhenAll(writers);
        ShouldBeWhole(path);
        ShouldBeWhole(previous);
        Directory.GetFileSystemEntries(_folder.Path).Should().BeEquivalentTo(path, previous);

        static void ShouldBeWhole(string file)
        {
            byte[] content;
            try
            {
                content = File.ReadAllBytes(file);
            }
            // Between two renames there is nothing under this name.
            catch (FileNotFoundException)
            {
                return;
            }
            content.Should().OnlyContain(value => value == content[0]).And.HaveCount(content.Length == 1 ? 1 : 10_000 * content[0]);
        }
    }

    [Fact]
    public void What_killed_writers_have_left_is_deleted_and_what_others_are_writing_is_not()
    {
        string Temporary(string name, TimeSpan age)
        {
            string path = _folder[AtomicFile.TemporaryFiles.Replace("*", name)];
            File.WriteAllText(path, "half of the n");
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow - age);
            return path;
        }
        Temporary("left", TimeSpan.FromMinutes(2));
        string fresh = Temporary("fresh", TimeSpan.FromSeconds(2)), locked = Temporary("locked", TimeSpan.FromDays(1));
        using (new FileStream(locked, FileMode.Open, FileAccess.ReadWrite, FileShare.None)) AtomicFile.Write(_folder["file"], stream => stream.Write("new"u8));
        Directory.GetFileSystemEntries(_folder.Path).Should().BeEquivalentTo(_folder["file"], fresh, locked);
    }

    [Theory]
    [InlineData("old")]
    [InlineData(null)]
    public void A_symbolic_link_stays_and_what_it_points_to_is_written(string? before)
    {
        Directory.CreateDirectory(_folder["elsewhere"]);
        string target = _folder["elsewhere", "target"], link = _folder["link"];
        if (before is not null) File.WriteAllText(target, before);
        File.CreateSymbolicLink(_folder["between"], Path.Combine("elsewhere", "target"));
        File.CreateSymbolicLink(link, _folder["between"]);

        AtomicFile.Write(link, stream => stream.Write("new"u8));

        new FileInfo(link).LinkTarget.Should().Be(_folder["between"]);
        new FileInfo(target).LinkTarget.Should().BeNull();
        File.ReadAllText(target).Should().Be("new");
        Directory.GetFileSystemEntries(_folder["elsewhere"]).Should().Equal(target);
    }

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)]
    public void A_file_keeps_its_permissions_and_the_temporary_one_never_has_more(UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows()) return;
        var path = _folder["file"];
        File.WriteAllText(path, "old");
        File.SetUnixFileMode(path, mode);

        AtomicFile.Write(path, stream =>
        {
            string temporary = Directory.GetFiles(_folder.Path, AtomicFile.TemporaryFiles).Single();
            ModeOf(temporary).Should().Be(mode);
            stream.Write("new"u8);
        });

        ModeOf(path).Should().Be(mode);
        File.ReadAllText(path).Should().Be("new");

        // A writer that was killed between its two renames leaves the previous file alone.
        File.Move(path, _folder["previous"]);
        AtomicFile.Write(path, stream => stream.Write("newer"u8), _folder["previous"]);
        ModeOf(path).Should().Be(mode);

        static UnixFileMode ModeOf(string file) => OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(file);
    }

    [Theory]
    [InlineData("x", 255)]
    [InlineData("\u00e4", 127)]
    public void A_name_as_long_as_file_systems_allow_can_be_written(string letter, int count)
    {
        if (OperatingSystem.IsWindows()) return;
        var path = _folder[string.Concat(Enumerable.Repeat(letter, count))];
        AtomicFile.Write(path, stream => stream.Write("new"u8));
        File.ReadAllText(path).Should().Be("new");
    }

    [Fact]
    public void The_folder_is_opened_for_flushing_after_the_rename()
    {
        if (!OperatingSystem.IsLinux()) return;
        using var events = new FolderEvents(_folder.Path);
        AtomicFile.Write(_folder["file"], stream => stream.Write("new"u8));
        events.Read().SkipWhile(e => e != "moved to file").Should().Equal("moved to file", "folder opened");
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
