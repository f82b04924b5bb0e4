using GenModels.Data;

namespace GenModels.Tests.Data;

public sealed class IdxFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Reads_images_with_labels()
    {
        File.WriteAllBytes(_folder["images"], IdxBytes.Images(2, 3, 4));
        File.WriteAllBytes(_folder["labels.any"], IdxBytes.Gzip(IdxBytes.Labels(7, 9)));

        var images = IdxFile.ReadImages(_folder["images"], _folder["labels.any"]);

        (images.Count, images.Height, images.Width, images.MaxValue, images.Name).Should().Be((2, 3, 4, 255, "images"));
        images.Labels.Should().Equal(7, 9);
        images.Pixels(1).ToArray().Should().Equal(IdxBytes.Images(2, 3, 4)[28..]);
        IdxFile.ReadImages(_folder["images"]).Labels.Should().BeEmpty();
    }

    [Fact]
    public void As_many_labels_as_images_are_expected()
    {
        File.WriteAllBytes(_folder["images"], IdxBytes.Images(2, 3, 4));
        File.WriteAllBytes(_folder["labels"], IdxBytes.Labels(7, 9, 8));

        var read = () => IdxFile.ReadImages(_folder["images"], _folder["labels"]);

        read.Should().Throw<InvalidDataException>().WithMessage("*labels' holds 3 labels, expected 2, one for each image in*images'*");
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var read = () => IdxFile.ReadLabels(_folder["missing"]);

        read.Should().Throw<FileNotFoundException>().WithMessage("*missing*");
    }
}
