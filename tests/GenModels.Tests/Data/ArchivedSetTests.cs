using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using GenModels.Data;

namespace GenModels.Tests.Data;

/// <summary>Sets that come as archives: where they are looked for, and what a download leaves.</summary>
public sealed class ArchivedSetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("given", "cifar10")]
    [InlineData("given")]
    [InlineData("given", "cifar-10-batches-bin")]
    [InlineData("shared", "cifar10", "cifar-10-batches-bin")]
    [InlineData("cache", "cifar10")]
    public void Cifar10_is_found_in_the_places_where_other_sets_are(params string[] place)
    {
        CifarBytes.WriteTo(_folder[place]);
        var (train, test) = Store(new Cifar10(), FakeServer.Offline()).Load("CIFAR10", new(), _folder["given"], default);
        train.Labels.Should().Equal(1, 2, 3, 4, 5);
        test.Labels.Should().Equal(9);
        (train.Name, train.ClassNames[9], test.Classes).Should().Be(("cifar10", "truck", 10));
    }

    [Fact]
    public void Cifar10_is_known_by_its_files()
    {
        CifarBytes.WriteTo(_folder["photographs"]);
        DataSets.Load(_folder["photographs"]).Train.Count.Should().Be(5);
        DataSets.Load("cifar10", new ImageFolderOptions(), _folder["photographs"]).Test.Count.Should().Be(1);
    }

    [Fact]
    public void Offline_the_message_says_what_is_missing_where_and_what_to_do()
    {
        CifarBytes.WriteTo(_folder["given"]);
        File.Delete(_folder["given", "data_batch_3.bin"]);
        FluentActions.Invoking(() => Store(new Cifar10(), FakeServer.Offline()).Load("cifar10", new(), _folder["given"], default))
            .Should().Throw<DataNotFoundException>().WithMessage(
                "*given (no data_batch_3.bin)*www.cs.toronto.edu is unreachable*Unpack https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz*GENMODELS_DATA*");
    }

    [Fact]
    public void Emoji_lie_over_white_with_their_categories_and_no_skin_tone_is_parted_from_its_emoji()
    {
        // Three emoji, of which the second has three tones, with a level each; a half transparent one; and one without a picture.
        string pictures = _folder["given", "package", "img", "twitter", "64"];
        Directory.CreateDirectory(pictures);
        foreach (var (name, level, opacity) in new[] { ("a", 10, 255), ("b", 20, 255), ("b1", 21, 255), ("b2", 22, 255), ("c", 100, 51) })
            File.WriteAllBytes(Path.Combine(pictures, $"{name}.png"), Png.OfOneColor(4, 4, (byte)level, (byte)opacity));
        static string Entry(string name, string more = "") => $$"""{"image": "{{name}}.png", "category": "{{(name == "c" ? "Flags" : "Animals")}}", "has_img_twitter": {{(name == "d" ? "false" : "true")}}{{more}}}""";
        string tones = $$""", "skin_variations": {"1": {{Entry("b1")}}, "2": {{Entry("b2")}}}""";
        File.WriteAllText(_folder["given", "package", "emoji.json"], $"[{Entry("a")}, {Entry("b", tones)}, {Entry("c")}, {Entry("d")}]");

        var (train, test) = Store(new EmojiPictures(), FakeServer.Offline()).Load("emoji", new ImageFolderOptions { Height = 2, Width = 2 }, _folder["given"], default);
        train.ClassNames.Should().Equal("Animals", "Flags");
        (train.Channels, train.Height, train.Width, test.Classes).Should().Be((3, 2, 2, 2));
        byte[] Levels(ImageSet set) => [.. Enumerable.Range(0, set.Count).Select(i => set.Pixels(i)[0])];
        var all = Levels(train).Concat(Levels(test)).Order();
        // 100 at a fifth of full opacity over white.
        all.Should().Equal(10, 20, 21, 22, 224);
        Levels(train).Count(level => level is 20 or 21 or 22).Should().BeOneOf(0, 3);

        File.WriteAllText(_folder["given", "package", "emoji.json"], "{}");
        FluentActions.Invoking(() => Store(new EmojiPictures(), FakeServer.Offline()).Load("emoji", new(), _folder["given"], default))
            .Should().Throw<InvalidDataException>().WithMessage("*emoji.json*no list of emoji*");
        File.Delete(_folder["given", "package", "emoji.json"]);
        FluentActions.Invoking(() => Store(new EmojiPictures(), FakeServer.Offline()).Load("emoji", new(), _folder["given"], default))
            .Should().Throw<DataNotFoundException>().WithMessage("*given (no emoji.json)*registry.npmjs.org is unreachable*");
    }

    [Fact]
    public void What_is_needed_of_a_download_is_kept_and_read_from_the_cache_the_next_time()
    {
        byte[] archive = Tar(("inner/a.bin", CifarBytes.Images([1], [2])), ("inner/large.txt", new byte[100]));
        var server = new FakeServer(_ => new ByteArrayContent(archive));
        var set = new Small(archive);
        // What an older version may have left there.
        Directory.CreateDirectory(_folder["cache", "small", "inner"]);
        Store(set, server).Load("small", new(), null, default).Train.Labels.Should().Equal(1, 2);
        server.Asked.Should().Equal("http://first.test/small.tgz");
        Directory.GetFileSystemEntries(_folder["cache"], "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(_folder["cache"], path).Replace('\\', '/'))
            .Should().BeEquivalentTo("small", "small/inner", "small/inner/a.bin");
        Store(set, FakeServer.Offline()).Load("small", new(), null, default).Test.Count.Should().Be(2);
    }

    [Fact]
    public void A_download_of_anything_but_the_published_archive_is_refused_and_leaves_nothing()
    {
        byte[] archive = Tar(("inner/a.bin", CifarBytes.Images([1])));
        foreach (var (content, message) in new[] { (Tar(("inner/a.bin", CifarBytes.Images([2]))), "*SHA-256*expected*"), ((byte[])[.. archive, .. new byte[1 << 17]], "*longer than*") })
            FluentActions.Invoking(() => Store(new Small(archive), new FakeServer(_ => new ByteArrayContent(content))).Load("small", new(), null, default))
                .Should().Throw<DataNotFoundException>().WithMessage(message);
        // As published, but cut where it was made: nothing of it may stay.
        byte[] whole = Tar(("inner/a.bin", CifarBytes.Images([1])), ("inner/b.bin", Noise(200_000))), cut = whole[..(whole.Length / 2)];
        FluentActions.Invoking(() => Store(new Small(cut), new FakeServer(_ => new ByteArrayContent(cut))).Load("small", new(), null, default)).Should().Throw<DataNotFoundException>();
        (Directory.Exists(_folder["cache"]) ? Directory.GetFileSystemEntries(_folder["cache"]) : []).Should().BeEmpty();
    }

    private DataStore Store(ArchivedSet set, FakeServer server) => new()
    {
        Sets = [],
        Archives = [set],
        SharedFolder = _folder["shared"],
        PackagesFolder = _folder["packages"],
        CacheFolder = _folder["cache"],
        Downloader = new DataDownloader(server, TimeSpan.FromSeconds(30)),
    };

    private static byte[] Noise(int count)
    {
        var noise = new byte[count];
        new Random(1).NextBytes(noise);
        return noise;
    }

    private static byte[] Tar(params (string Name, byte[] Content)[] files)
    {
        using var packed = new MemoryStream();
        using (var tar = new TarWriter(new GZipStream(packed, CompressionLevel.Optimal)))
            foreach (var (name, content) in files)
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
        return packed.ToArray();
    }

    private sealed class Small(byte[] archive) : ArchivedSet
    {
        public override string Name => "small";

        public override Uri Address { get; } = new("http://first.test/small.tgz");

        public override long Length => archive.Length;

        public override string Sha256 => Convert.ToHexStringLower(SHA256.HashData(archive));

        public override string? Missing(string folder) => File.Exists(Path.Combine(folder, "inner", "a.bin")) ? null : "no a.bin";

        public override DataSplit Read(string folder, ImageFolderOptions images)
        {
            var set = CifarFile.ReadCifar10(Path.Combine(folder, "inner", "a.bin"));
            return new(set, set);
        }

        protected override bool IsNeeded(string path) => path.EndsWith(".bin", StringComparison.Ordinal);
    }
}
