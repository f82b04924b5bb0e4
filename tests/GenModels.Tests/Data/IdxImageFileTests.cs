using GenModels.Data;
using GenModels.Training;

namespace GenModels.Tests.Data;

public sealed class IdxImageFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Images_are_those_of_the_set_in_memory_in_any_order()
    {
        string path = Write(IdxBytes.Images(500, 7, 5));
        using var images = new IdxImageFile(path);
        var set = IdxFile.ReadImages(path);
        (images.Count, images.Height, images.Width).Should().Be((500, 7, 5));
        images.ExampleShape.Should().Equal(35);
        int[] shuffled = [.. Enumerable.Range(0, 500)];
        new Random(1).Shuffle(shuffled);
        foreach (int[] indices in new[] { [0], [499], [3, 4, 5, 5, 6, 0, 1], [.. Enumerable.Range(0, 500)], shuffled, [] })
        {
            float[] expected = new float[indices.Length * 35], actual = new float[indices.Length * 35];
            set.Gather(indices, expected);
            images.Gather(indices, actual);
            actual.Should().Equal(expected);
        }
    }

    [Fact]
    public void A_model_trains_to_the_same_bits_as_from_memory()
    {
        string path = Write(IdxBytes.Images(200, 2, 3));
        float[] Train(IExampleSource source)
        {
            using var model = new Vae(new VaeOptions { ExampleShape = [1, 2, 3], Hidden = [8], LatentSize = 2 });
            Trainer.Fit(model, source, new FitOptions { Epochs = 2, BatchSize = 32 });
            return [.. model.State.Values.SelectMany(t => t.Values())];
        }
        using var images = new IdxImageFile(path, 1, 2, 3);
        Train(images).Should().Equal(Train(IdxFile.ReadImages(path).Reshape(1, 2, 3)));
    }

    [Fact]
    public void A_file_larger_than_an_array_can_be_is_read_to_its_end()
    {
        // The file has a hole in it: it takes no space where the file system knows holes.
        if (OperatingSystem.IsWindows()) return;
        const int count = 3_000_000;
        string path = _folder["large"];
        using (var file = File.Create(path))
        {
            file.Write(IdxBytes.Header(2051, count, 28, 28));
            file.SetLength(16 + count * 784L);
            file.Position = file.Length - 1;
            file.WriteByte(51);
        }
        using var images = new IdxImageFile(path);
        var last = new float[784];
        images.Gather([count - 1], last);
        last[^1].Should().Be(0.2f);
        last[..^1].Should().OnlyContain(v => v == 0);
    }

    [Fact]
    public void A_file_that_is_cut_while_it_is_in_use_is_an_error_and_not_the_end_of_the_process()
    {
        if (OperatingSystem.IsWindows()) return;
        string path = Write(IdxBytes.Images(100, 4, 4));
        using var images = new IdxImageFile(path);
        var batch = new float[3 * 16];
        Cut(path, 16 + 50 * 16);
        images.Gather([47, 48, 49], batch);
        var cut = () => images.Gather([49, 50, 51], batch);
        cut.Should().Throw<IOException>().WithMessage($"*'{path}' ends before image 50, of 100*");
    }

    [Fact]
    public void A_file_that_vanishes_leaves_its_training_with_what_it_had_or_with_an_error_that_names_it()
    {
        string path = Write(IdxBytes.Images(100, 4, 4));
        using (var images = new IdxImageFile(path))
        {
            if (!OperatingSystem.IsWindows())
            {
                File.Delete(path);
                images.Gather([7], new float[16]);
            }
        }
        File.Delete(path);
        var open = () => new IdxImageFile(path);
        open.Should().Throw<FileNotFoundException>().WithMessage($"*{path}*");
    }

    [Fact]
    public void A_cut_file_ends_training_and_leaves_its_checkpoint()
    {
        if (OperatingSystem.IsWindows()) return;
        string path = Write(IdxBytes.Images(64, 2, 3));
        using var images = new IdxImageFile(path);
        using var model = new Vae(new VaeOptions { ExampleShape = [6], Hidden = [8], LatentSize = 2 });
        var checkpoints = new CheckpointOptions { Folder = _folder["run"], EverySteps = 1 };
        var fit = () => Trainer.Fit(model, images, new FitOptions { Epochs = 3, BatchSize = 16 }, checkpoints: checkpoints, progress: new CutAfterFive(path));
        fit.Should().Throw<IOException>().WithMessage("*it has been cut*");
        Checkpoint.Find(_folder["run"])?.Steps.Should().BeGreaterThanOrEqualTo(5);
    }

    [Fact]
    public void What_is_no_plain_file_of_images_is_rejected()
    {
        byte[] whole = IdxBytes.Images(10, 4, 4);
        foreach (var (content, message) in new (byte[], string)[]
        {
            (whole[..^1], "*truncated by 1 bytes*"), ([.. whole, 0], "*1 bytes after its end*"), (IdxBytes.Gzip(whole), "*is gzipped*unpack it*"),
            (IdxBytes.Labels(1, 2), "*2049, the magic number of labels*"), ([], "*ends after 0 bytes*"),
            (IdxBytes.Header(2051, uint.MaxValue, 28, 28), "*announces 4294967295 as its dimension 0*"),
        })
        {
            string path = Write(content);
            var open = () => new IdxImageFile(path);
            open.Should().Throw<InvalidDataException>().WithMessage(message);
        }
        string good = Write(whole);
        var shape = () => new IdxImageFile(good, 3, 5);
        shape.Should().Throw<ArgumentException>().WithParameterName("exampleShape");
    }

    [Fact]
    public void Bad_indices_and_a_closed_file_are_rejected()
    {
        using var images = new IdxImageFile(Write(IdxBytes.Images(10, 4, 4)));
        var outside = () => images.Gather([10], new float[16]);
        outside.Should().Throw<ArgumentOutOfRangeException>();
        var length = () => images.Gather([1], new float[15]);
        length.Should().Throw<ArgumentException>();
        images.Dispose();
        var closed = () => images.Gather([1], new float[16]);
        closed.Should().Throw<ObjectDisposedException>();
    }

    private string Write(byte[] content)
    {
        string path = _folder[$"images-{Guid.NewGuid()}"];
        File.WriteAllBytes(path, content);
        return path;
    }

    // By another program, since .NET respects that the file is in use.
    private static void Cut(string path, long length) =>
        ChildProcess.Run(TimeSpan.FromMinutes(1), "truncate", ["-s", $"{length}", path]).Status.Should().Be(0);

    private sealed class CutAfterFive(string path) : IProgress<FitProgress>
    {
        private int _steps;

        public void Report(FitProgress value)
        {
            if (++_steps == 5) Cut(path, 16);
        }
    }
}
