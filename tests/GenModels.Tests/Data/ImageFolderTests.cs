using GenModels.Data;
using GenModels.Fuzz;
using GenModels.Reporting;

namespace GenModels.Tests.Data;

public sealed class ImageFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Subfolders_are_classes_in_the_order_of_their_names()
    {
        Grey(5, "dogs", "1.png");
        Grey(1, "Cats", "b", "10.png");
        Grey(2, "Cats", "b", "9.PNG");
        Grey(3, "Cats", "c.png");
        Grey(4, "birds", "x.png");
        File.WriteAllText(_folder["notes.txt"], "passed over");
        Grey(9, "birds", ".hidden.png");

        var images = ImageFolder.Read(_folder.Path);

        images.Name.Should().Be(Path.GetFileName(_folder.Path));
        images.ClassNames.Should().Equal("Cats", "birds", "dogs");
        Enumerable.Range(0, images.Count).Select(i => images.Pixels(i)[0]).Should().Equal(1, 2, 3, 4, 5);
        images.Labels.Should().Equal(0, 0, 0, 1, 2);
        (images.Classes, images.Channels, images.Height, images.Width).Should().Be((3, 1, 2, 3));
        images.ExampleShape.Should().Equal(6);
        images.Where(label => label == 1).ClassNames.Should().Equal(images.ClassNames);
    }

    [Fact]
    public void Images_without_subfolders_have_no_classes()
    {
        Grey(1, "a.png");
        Grey(2, "b.png");
        var images = ImageFolder.Read(_folder.Path + Path.DirectorySeparatorChar);
        (images.Count, images.Classes, images.ClassNames.Count, images.Labels.Count).Should().Be((2, 0, 0, 0));
    }

    [Fact]
    public void Colors_are_planes_of_an_example()
    {
        PngWriter.Save(_folder["a.png"], [1, 2, 3, 11, 12, 13], 2, 1);
        Grey(7, 2, 1, "b.png");

        var images = ImageFolder.Read(_folder.Path);

        images.Channels.Should().Be(3);
        images.ExampleShape.Should().Equal(3, 1, 2);
        images.Pixels(0).ToArray().Should().Equal(1, 11, 2, 12, 3, 13);
        images.Pixels(1).ToArray().Should().Equal(7, 7, 7, 7, 7, 7);
        images.ToTensor(0, 1).shape.Should().Equal(1, 3, 1, 2);
        // (77·1 + 150·2 + 29·3)/256 = 1.8, (77·11 + 150·12 + 29·13)/256 = 11.8.
        var grey = ImageFolder.Read(_folder.Path, new() { Channels = 1 });
        grey.Pixels(0).ToArray().Should().Equal(1, 11);
        grey.Pixels(1).ToArray().Should().Equal(7, 7);
        ImageFolder.Read(_folder.Path, new() { Channels = 3, Height = 1, Width = 1 }).Pixels(1).ToArray().Should().Equal(7, 7, 7);
    }

    [Fact]
    public void Images_of_any_size_and_format_come_to_one_size()
    {
        Grey(8, 30, 20, "a.png");
        File.WriteAllBytes(_folder["b.jpg"], JpegFiles.TwoColors);
        var cropped = ImageFolder.Read(_folder.Path, new() { Height = 4, Width = 4 });
        (cropped.Count, cropped.Height, cropped.Width, cropped.Channels).Should().Be((2, 4, 4, 3));
        var stretched = ImageFolder.Read(_folder.Path, new() { Height = 1, Width = 2, Fit = ImageFit.Stretch });
        int[] expected = [200, 20, 40, 90, 60, 220];
        stretched.Pixels(1).ToArray().Should().Equal(expected, (a, e) => Math.Abs(a - e) <= 2);
    }

    [Fact]
    public void Train_and_test_folders_are_the_two_parts()
    {
        Grey(1, "train", "b", "1.png");
        Grey(2, "train", "a", "1.png");
        Grey(3, "test", "c", "1.png");
        Grey(4, "other.png");
        var (train, test) = ImageFolder.ReadSplit(_folder.Path);
        (train.Count, test.Count, train.Classes, test.Classes).Should().Be((2, 1, 3, 3));
        train.Labels.Should().Equal(0, 1);
        test.Labels.Should().Equal(2);
        test.ClassNames.Should().Equal("a", "b", "c");
        train.Pixels(0)[0].Should().Be(2);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(11, 1)]
    [InlineData(12, 2)]
    [InlineData(30, 5)]
    public void Other_folders_are_split_by_chance_and_always_the_same_way(int count, int held)
    {
        for (int i = 0; i < count; i++) Grey((byte)i, i % 2 == 0 ? "even" : "odd", $"{i:D2}.png");
        var (train, test) = DataSets.Load(_folder.Path);
        test.Count.Should().Be(held);
        int[] Levels(ImageSet images) => [.. Enumerable.Range(0, images.Count).Select(i => (int)images.Pixels(i)[0])];
        Levels(train).Concat(Levels(test)).Should().BeEquivalentTo(Enumerable.Range(0, count));
        Levels(ImageFolder.ReadSplit(_folder.Path).Test).Should().Equal(Levels(test));
        Levels(test).Should().Equal(test.Labels, (level, label) => level % 2 == label);
    }

    [Fact]
    public void What_is_wrong_with_a_folder_is_named()
    {
        Error<DirectoryNotFoundException>("none").Should().Contain("none");
        Directory.CreateDirectory(_folder["empty"]);
        Error<InvalidDataException>("empty").Should().Contain("has no images, expected files that end in .png, .jpg, .jpeg");
        var load = () => DataSets.Load(_folder["empty"]);
        load.Should().Throw<DataNotFoundException>().WithMessage("*or images*");

        Grey(1, "mixed", "a", "1.png");
        Grey(1, "mixed", "2.png");
        Error<InvalidDataException>("mixed").Should().Contain("2.png' lies beside the folders of 1 classes, such as 'a'");

        Grey(1, 3, 2, "sizes", "1.png");
        Grey(1, 2, 3, "sizes", "2.png");
        Error<InvalidDataException>("sizes").Should().Contain("2.png' is 3×2, expected 2×3 as '").And.Contain("by Height and Width of ImageFolderOptions");

        File.WriteAllText(_folder["sizes", "1.png"], "text");
        Error<InvalidDataException>("sizes").Should().Contain("1.png' is no image");

        Grey(1, "one", "1.png");
        var split = () => ImageFolder.ReadSplit(_folder["one"]);
        split.Should().Throw<InvalidDataException>().WithMessage("*has one image, expected at least two*");
    }

    [Fact]
    public void Options_outside_their_range_are_named()
    {
        Grey(1, "1.png");
        Option(new() { Channels = 2 }).Should().Contain("Channels is 2, expected 1 (grey), 3 (color) or null");
        Option(new() { Height = 3 }).Should().Contain("expected both or neither");
        Option(new() { Height = 0, Width = 3 }).Should().Contain("Height is 0, expected at least 1");
        Option(new() { Height = 3, Width = 3, Fit = (ImageFit)9 }).Should().Contain("Fit is 9, expected one of Crop, Stretch");
        Option(new() { Height = 1 << 30, Width = 1 << 30 }).Should().Contain("expected at most");

        string Option(ImageFolderOptions options) => new Func<ImageSet>(() => ImageFolder.Read(_folder.Path, options)).Should().Throw<ArgumentException>().Which.Message;
    }

    private void Grey(byte level, params string[] path) => Grey(level, 3, 2, path);

    private void Grey(byte level, int width, int height, params string[] path) =>
        PngWriter.Save(_folder[path], [.. Enumerable.Repeat(level, width * height)], width, height);

    private string Error<T>(string folder) where T : Exception =>
        new Func<ImageSet>(() => ImageFolder.Read(_folder[folder])).Should().ThrowExactly<T>().Which.Message;
}
