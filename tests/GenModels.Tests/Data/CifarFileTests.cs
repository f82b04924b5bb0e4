using GenModels.Data;

namespace GenModels.Tests.Data;

public sealed class CifarFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Images_of_several_files_follow_each_other()
    {
        var set = CifarFile.ReadCifar10(Write("a", CifarBytes.Images([3], [9])), Write("b", CifarBytes.Images([0])));
        (set.Count, set.Channels, set.Height, set.Width, set.Classes, set.Name).Should().Be((3, 3, 32, 32, 10, "cifar10"));
        set.ExampleShape.Should().Equal(3, 32, 32);
        set.Labels.Should().Equal(3, 9, 0);
        set.ClassNames.Should().HaveCount(10).And.StartWith("airplane").And.EndWith("truck");
        set.Pixels(1).ToArray().Should().Equal(CifarBytes.Images([3], [9])[^CifarBytes.Pixels..]);
        var values = new float[CifarBytes.Pixels];
        set.Gather([1], values);
        (values[0], values[1024], values[3071]).Should().Be((10 / 255f, 11 / 255f, 12 / 255f));
    }

    [Fact]
    public void Of_two_labels_either_is_read()
    {
        string path = Write("train.bin", CifarBytes.Images([19, 99], [4, 30]));
        var (fine, coarse) = (CifarFile.ReadCifar100(path), CifarFile.ReadCifar100(path, coarse: true));
        fine.Labels.Should().Equal(99, 30);
        coarse.Labels.Should().Equal(19, 4);
        (fine.Classes, coarse.Classes, fine.Count).Should().Be((100, 20, 2));
        fine.Pixels(1)[0].Should().Be(10);
    }

    public static TheoryData<string, byte[], string> Wrong => new()
    {
        { "empty", [], "*0 bytes long*multiple of 3073*" },
        { "cut", CifarBytes.Images([1], [2])[..^1], "*6145 bytes long*multiple of 3073*binary version*" },
        { "of CIFAR-100", CifarBytes.Images([1, 2]), "*3074 bytes long*as files of CIFAR-100 are*" },
        { "gzipped", [0x1f, 0x8b, 8, 0], "*gzipped: unpack it*" },
        { "another label", CifarBytes.Images([1], [10]), "*label 10 at image 1, expected less than 10*" },
    };

    [Theory, MemberData(nameof(Wrong))]
    public void What_is_no_such_file_is_told_apart(string what, byte[] content, string message)
    {
        string path = Write(what, content);
        FluentActions.Invoking(() => CifarFile.ReadCifar10(path)).Should().Throw<InvalidDataException>().WithMessage($"*{what}{message}");
    }

    [Fact]
    public void Labels_of_a_hundred_classes_have_their_ranges()
    {
        FluentActions.Invoking(() => CifarFile.ReadCifar100(Write("a", CifarBytes.Images([20, 5])))).Should().Throw<InvalidDataException>().WithMessage("*label 20*less than 20*");
        FluentActions.Invoking(() => CifarFile.ReadCifar100(Write("b", CifarBytes.Images([2, 100])))).Should().Throw<InvalidDataException>().WithMessage("*label 100*less than 100*");
        FluentActions.Invoking(() => CifarFile.ReadCifar100(Write("c", CifarBytes.Images([2])))).Should().Throw<InvalidDataException>().WithMessage("*as files of CIFAR-10 are*");
    }

    [Fact]
    public void Files_must_be_named_and_there()
    {
        FluentActions.Invoking(() => CifarFile.ReadCifar10()).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => CifarFile.ReadCifar10(" ")).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => CifarFile.ReadCifar10(_folder["none"])).Should().Throw<FileNotFoundException>();
    }

    private string Write(string name, byte[] content)
    {
        File.WriteAllBytes(_folder[name], content);
        return _folder[name];
    }
}
