using System.Numerics;
using GenModels.Data;

namespace GenModels.Tests.Data;

public sealed class ImageSetTests
{
    public static TheoryData<int> MaxValues => new() { 255, 254, 16, 7, 1 };

    [Theory]
    [MemberData(nameof(MaxValues))]
    public void Every_byte_at_every_place_of_a_vector_reads_as_its_quotient(int maxValue)
    {
        // Lengths around the vector's, so that whole blocks, an overlapping last block and single values all occur.
        for (var width = 1; width <= 3 * Vector<byte>.Count + 1; width++)
        {
            var pixels = new byte[256 * width];
            for (var i = 0; i < pixels.Length; i++)
                pixels[i] = (byte)((i + i / 256) % (maxValue + 1));
            var images = new ImageSet("test", 1, width, pixels, [], (byte)maxValue);
            var order = Enumerable.Range(0, images.Count).Reverse().ToArray();
            var gathered = new float[pixels.Length];

            images.Gather(order, gathered);

            var expected = order.SelectMany(index => pixels.Skip(index * width).Take(width)).Select(b => (float)b / maxValue);
            gathered.AsSpan().SequenceEqual(expected.ToArray()).Should().BeTrue("width {0}", width);
        }
    }

    [Fact]
    public void Slices_read_the_same_images_and_labels()
    {
        var images = Counting(10);

        var slice = images.Slice(3, 5).Slice(1, 3);

        (slice.Count, slice.Name, slice.Height, slice.Width).Should().Be((3, "test", 2, 3));
        slice.Labels.Should().Equal(4, 5, 6);
        slice.Pixels(2).ToArray().Should().Equal(36, 37, 38, 39, 40, 41);
        Gather(slice, 0, 2, 0).Should().Equal(Gather(images, 4, 6, 4));
        Gather(images.Take(2), 1).Should().Equal(Gather(images, 1));
        images.Slice(0, 10).Labels.Should().HaveCount(10);
    }

    [Fact]
    public void A_slice_shares_memory()
    {
        var pixels = new byte[] { 0, 0, 0, 0 };
        var slice = new ImageSet("test", 1, 2, pixels, []).Slice(1, 1);

        pixels[3] = 255;

        Gather(slice, 0).Should().Equal(0, 1);
    }

    [Fact]
    public void Classes_are_those_of_the_whole_set()
    {
        var images = Counting(10);
        (images.Classes, images.Label(4)).Should().Be((10, 4));
        images.Slice(2, 3).Reshape(1, 2, 3).Classes.Should().Be(10);
        images.Slice(2, 3).Label(2).Should().Be(4);
        new ImageSet("test", 1, 1, [0, 0], [1, 0], classes: 7).Take(1).Classes.Should().Be(7);

        var bare = new ImageSet("test", 1, 1, [0, 0], []);
        bare.Classes.Should().Be(0);
        bare.Invoking(set => set.Label(0)).Should().Throw<InvalidOperationException>().WithMessage("The images have no labels.");
        images.Invoking(set => set.Label(10)).Should().Throw<ArgumentOutOfRangeException>().WithMessage("The index is 10, expected a value in [0, 10).*");
    }

    [Fact]
    public void Images_in_color_are_planes()
    {
        var images = new ImageSet("test", 1, 2, [0, 51, 102, 153, 204, 255, 1, 2, 3, 4, 5, 6], [0, 1], channels: 3) { ClassNames = ["a", "b"] };
        (images.Count, images.Channels).Should().Be((2, 3));
        images.ExampleShape.Should().Equal(3, 1, 2);
        images.Take(1).ToTensor(0, 1).Values().Should().Equal(0, 0.2f, 0.4f, 0.6f, 0.8f, 1);
        images.Take(1).ClassNames.Should().Equal("a", "b");
        images.Reshape(6).Slice(1, 1).Pixels(0).ToArray().Should().Equal(1, 2, 3, 4, 5, 6);
        images.Invoking(set => set.Reshape(2)).Should().Throw<ArgumentException>().WithMessage("*expected 6, for images of 1×2 in 3 channels.*");
    }

    [Fact]
    public void Reshape_changes_the_shape_and_nothing_else()
    {
        var images = Counting(4);

        var reshaped = images.Reshape(1, 2, 3);

        images.ExampleShape.Should().Equal(6);
        reshaped.ExampleShape.Should().Equal(1, 2, 3);
        reshaped.Slice(1, 2).ExampleShape.Should().Equal(1, 2, 3);
        Gather(reshaped, 3, 1).Should().Equal(Gather(images, 3, 1));
        reshaped.Labels.Should().Equal(0, 1, 2, 3);
    }

    [Fact]
    public void Reshape_refuses_another_number_of_values()
    {
        var images = Counting(4);

        images.Invoking(set => set.Reshape(1, 2, 2)).Should().Throw<ArgumentException>()
            .WithParameterName("exampleShape").WithMessage("*[1, 2, 2] holds 4 values, expected 6*");
        images.Invoking(set => set.Reshape()).Should().Throw<ArgumentException>().WithParameterName("exampleShape");
        images.Invoking(set => set.Reshape(-2, -3)).Should().Throw<ArgumentException>().WithParameterName("exampleShape");
        images.Invoking(set => set.Reshape(long.MaxValue, long.MaxValue)).Should().Throw<ArgumentException>().WithParameterName("exampleShape");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(4)]
    [InlineData(int.MinValue)]
    public void Gather_refuses_an_index_outside_and_writes_nothing(int index)
    {
        var destination = Enumerable.Repeat(-1f, 12).ToArray();
        var gather = () => Counting(4).Gather([2, index], destination);

        gather.Should().Throw<ArgumentOutOfRangeException>().WithParameterName("indices").WithMessage($"Index 1 of the batch is {index}, expected*[0, 4)*");
        destination.Should().AllBeEquivalentTo(-1f);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(13)]
    [InlineData(0)]
    public void Gather_refuses_a_destination_of_another_length(int length)
    {
        var gather = () => Counting(4).Gather([0, 1], new float[length]);

        gather.Should().Throw<ArgumentException>().WithParameterName("destination").WithMessage($"*holds {length} values, expected 12*");
    }

    [Fact]
    public void Slice_refuses_what_is_not_there()
    {
        var images = Counting(4);

        images.Invoking(set => set.Slice(4, 1)).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("start");
        images.Invoking(set => set.Slice(-1, 1)).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("start");
        images.Invoking(set => set.Slice(1, 4)).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("count").WithMessage("*[1, 3]*");
        images.Invoking(set => set.Slice(1, int.MaxValue)).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("count");
        images.Invoking(set => set.Take(0)).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("count");
        images.Invoking(set => set.Pixels(4).ToArray()).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("index");
    }

    [Fact]
    public void The_constructor_refuses_what_does_not_fit()
    {
        Error(() => new ImageSet("test", 2, 2, new byte[7], [])).Should().StartWith("There are 7 pixels, expected a positive multiple of 4");
        Error(() => new ImageSet("test", 2, 2, [], [])).Should().StartWith("There are 0 pixels");
        Error(() => new ImageSet("test", 2, 2, new byte[8], [1])).Should().StartWith("There are 1 labels for 2 images");
        Error(() => new ImageSet("test", 1, 2, [1, 16, 3, 17], [], 16)).Should().StartWith("Pixel 1 of image 1 is 17, expected a value in [0, 16]");
        Error(() => new ImageSet("test", 0, 2, new byte[8], [])).Should().Contain("height");
        Error(() => new ImageSet("test", 2, 0, new byte[8], [])).Should().Contain("width");
        Error(() => new ImageSet("test", int.MaxValue, int.MaxValue, new byte[8], [])).Should().StartWith("There are 8 pixels");
        Error(() => new ImageSet("test", 2, 2, new byte[8], [], 0)).Should().Contain("maxValue");
        Error(() => new ImageSet("test", 1, 1, [0, 0], [1, 0], classes: 1)).Should().StartWith("There are 1 classes and a label 1, expected 2 to 256 classes");
        Error(() => new ImageSet("test", 1, 1, [0], [255], classes: 257)).Should().StartWith("There are 257 classes");
        Error(() => new ImageSet("test", 1, 1, [0, 0], [], channels: 2)).Should().StartWith("The number of channels is 2, expected 1 (grey) or 3");
        Error(() => new ImageSet("test", 1, 1, [0, 0], [], channels: 3)).Should().StartWith("There are 2 pixels, expected a positive multiple of 3, for images of 1×1 in 3 channels");
        Error(() => new ImageSet("test", 1, 1, [0, 0], [0, 1]) { ClassNames = ["a"] }).Should().StartWith("There are 1 names, expected 2");
        Error(() => new ImageSet(" ", 2, 2, new byte[8], [])).Should().Contain("name");
    }

    private static string Error(Func<ImageSet> make) => make.Should().Throw<ArgumentException>().Which.Message;

    private static ImageSet Counting(byte count) => new(
        "test", 2, 3, [.. Enumerable.Range(0, 6 * count).Select(i => (byte)i)], [.. Enumerable.Range(0, count).Select(i => (byte)i)]);

    private static float[] Gather(ImageSet images, params int[] indices)
    {
        var values = new float[indices.Length * images.Height * images.Width];
        images.Gather(indices, values);
        return values;
    }
}
