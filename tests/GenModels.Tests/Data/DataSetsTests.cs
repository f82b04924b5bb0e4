using System.IO.Compression;
using System.Security.Cryptography;
using GenModels.Data;

namespace GenModels.Tests.Data;

public sealed class DataSetsTests
{
    [Fact]
    public void Digits_are_split_into_1500_and_297()
    {
        var (train, test) = DataSets.Digits();

        (train.Count, test.Count).Should().Be((1500, 297));
        (train.Height, train.Width, train.MaxValue, train.Name).Should().Be((8, 8, 16, "digits"));
        train.ExampleShape.Should().Equal(64);
        train.Labels.Take(4).Should().Equal(0, 1, 2, 3);
        test.Labels.TakeLast(3).Should().Equal(8, 9, 8);
        // Each digit's share in the whole set, counted once with another tool.
        train.Labels.Concat(test.Labels).CountBy(label => label).OrderBy(pair => pair.Key).Select(pair => pair.Value)
            .Should().Equal(178, 182, 177, 183, 181, 182, 181, 179, 174, 180);
    }

    [Fact]
    public void The_digits_first_image_is_a_zero()
    {
        DataSets.Digits().Train.Pixels(0).ToArray().Should().Equal(
            0, 0, 5, 13, 9, 1, 0, 0,
            0, 0, 13, 15, 10, 15, 5, 0,
            0, 3, 15, 2, 0, 11, 8, 0,
            0, 4, 12, 0, 0, 8, 8, 0,
            0, 5, 8, 0, 0, 9, 8, 0,
            0, 4, 11, 0, 1, 12, 7, 0,
            0, 2, 14, 5, 10, 12, 0, 0,
            0, 0, 6, 13, 10, 0, 0, 0);
    }

    [Fact]
    public void Digits_load_by_name_in_any_case()
    {
        DataSets.Load("Digits").Test.Count.Should().Be(297);
    }

    [Fact]
    public void A_folder_loads_by_its_path()
    {
        using var folder = new TemporaryFolder();
        IdxBytes.WriteTo(folder["my-set"], IdxBytes.SmallSet(1));

        var split = DataSets.Load(folder["my-set"] + Path.DirectorySeparatorChar);

        (split.Train.Count, split.Test.Count, split.Train.Name).Should().Be((3, 2, "my-set"));
    }

    [Fact]
    public void An_unknown_name_is_answered_with_the_known_ones()
    {
        var load = () => DataSets.Load("nowhere");

        load.Should().Throw<ArgumentException>().WithParameterName("nameOrFolder").WithMessage("'nowhere' is neither*(digits, mnist, fashion-mnist, cifar10, emoji)*nor a folder*");
    }

    [FolderFact("/usr/share/datasets/fashion-mnist")]
    public void Debians_fashion_mnist_is_what_was_published()
    {
        foreach (var file in NamedImageSet.FashionMnist.Files)
        {
            using var content = new GZipStream(File.OpenRead($"/usr/share/datasets/fashion-mnist/{file.Stem}.gz"), CompressionMode.Decompress);
            Convert.ToHexStringLower(SHA256.HashData(content)).Should().Be(file.Sha256);
        }

        var split = DataSets.Load("Fashion-MNIST");

        (split.Train.Count, split.Test.Count, split.Train.Height, split.Train.Width).Should().Be((60_000, 10_000, 28, 28));
        split.Train.Labels.Take(4).Should().Equal(9, 0, 0, 3);
        split.Test.Labels.CountBy(label => label).Should().AllSatisfy(pair => pair.Value.Should().Be(1000));
    }

    /// <summary>A test of what a package installed; where it isn't, the test counts as skipped.</summary>
    private sealed class FolderFactAttribute : FactAttribute
    {
        public FolderFactAttribute(string folder)
        {
            if (!Directory.Exists(folder))
                Skip = $"There is no folder {folder}.";
        }
    }
}
