using System.Security.Cryptography;
using GenModels.Data;

namespace GenModels.Tests.Data;

public sealed class DataStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, byte[]> _files = IdxBytes.SmallSet(5);
    private readonly Dictionary<string, byte[]> _otherFiles = IdxBytes.SmallSet(20);
    private readonly NamedImageSet _set;
    private readonly NamedImageSet _other;

    public DataStoreTests()
    {
        _set = Describe("small", _files);
        _other = Describe("other", _otherFiles);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("train-images-idx3-ubyte")]
    [InlineData("train-images-idx3-ubyte.gz")]
    [InlineData("train-images.idx3-ubyte")]
    [InlineData("train-images.idx3-ubyte.gz")]
    public void A_folder_may_hold_any_spelling(string spelling)
    {
        IdxBytes.WriteTo(_folder["set"], _files, stem => spelling.Contains(".idx", StringComparison.Ordinal)
            ? stem.Replace("-idx", ".idx") + Path.GetExtension(spelling).Replace(".idx3-ubyte", "")
            : stem + Path.GetExtension(spelling));
        File.Exists(_folder["set", spelling]).Should().BeTrue();

        var split = Store(FakeServer.Offline()).Load(_folder["set"], new(), null, default);

        split.Train.Labels.Should().Equal(5, 1, 2);
        split.Test.Labels.Should().Equal(5, 4);
        (split.Train.Classes, split.Test.Classes).Should().Be((6, 6));
        split.Train.Pixels(0).ToArray().Should().Equal(_files[IdxFolder.TrainImages][16..20]);
        split.Test.Pixels(1).ToArray().Should().Equal(_files[IdxFolder.TestImages][20..24]);
    }

    [Fact]
    public void Both_parts_have_the_classes_of_either()
    {
        IdxBytes.WriteTo(_folder["set"], new(_files) { [IdxFolder.TestLabels] = IdxBytes.Labels(7, 4) });
        var (train, test) = Store(FakeServer.Offline()).Load(_folder["set"], new(), null, default);
        (train.Classes, test.Classes).Should().Be((8, 8));
    }

    [Fact]
    public void Places_are_tried_in_their_order()
    {
        string[][] places = [["given", "small"], ["given"], ["shared", "small"], ["shared"], ["packages", "small"], ["cache", "small"]];
        // From the last place to the first: each new one must win over all that are there already.
        foreach (var (label, place) in places.Index().Reverse())
        {
            var files = new Dictionary<string, byte[]>(_files) { [IdxFolder.TestLabels] = IdxBytes.Labels((byte)(100 + label), 0) };
            IdxBytes.WriteTo(_folder[place], files);

            Store(FakeServer.Offline()).Load("SMALL", new(), _folder["given"], default).Test.Labels[0].Should().Be((byte)(100 + label));
        }
    }

    [Fact]
    public void A_folder_with_another_known_set_is_passed_over()
    {
        IdxBytes.WriteTo(_folder["given"], _otherFiles);
        IdxBytes.WriteTo(_folder["cache", "small"], _files);

        Store(FakeServer.Offline()).Load("small", new(), _folder["given"], default).Train.Labels[0].Should().Be(5);
        Store(FakeServer.Offline()).Load("other", new(), _folder["given"], default).Train.Labels[0].Should().Be(20);
    }

    [Fact]
    public void A_damaged_file_is_reported_and_not_passed_over()
    {
        IdxBytes.WriteTo(_folder["given"], _files);
        File.WriteAllText(_folder["given", IdxFolder.TrainImages], "no data");

        var load = () => Store(FakeServer.Offline()).Load("small", new(), _folder["given"], default);

        load.Should().Throw<InvalidDataException>().WithMessage("*given*train-images-idx3-ubyte*");
    }

    [Fact]
    public void Training_and_test_images_must_have_one_size()
    {
        _files[IdxFolder.TestImages] = IdxBytes.Images(2, 3, 2);
        IdxBytes.WriteTo(_folder["set"], _files);

        var load = () => Store(FakeServer.Offline()).Load(_folder["set"], new(), null, default);

        load.Should().Throw<InvalidDataException>().WithMessage("*t10k-images*are 3×2, expected 2×2*");
    }

    [Fact]
    public void Offline_the_message_lists_every_place_and_says_what_to_do()
    {
        Directory.CreateDirectory(_folder["shared", "small"]);
        IdxBytes.WriteTo(_folder["given"], _otherFiles);

        var load = () => Store(FakeServer.Offline()).Load("small", new(), _folder["given"], default);

        var error = load.Should().Throw<DataNotFoundException>().Which;
        error.Places.Should().Equal(
            $"{_folder["given", "small"]} (no such folder)",
            $"{_folder["given"]} (it holds other)",
            $"{_folder["shared", "small"]} (no train-images-idx3-ubyte, no train-labels-idx1-ubyte, no t10k-images-idx3-ubyte, no t10k-labels-idx1-ubyte)",
            $"{_folder["shared"]} (no train-images-idx3-ubyte, no train-labels-idx1-ubyte, no t10k-images-idx3-ubyte, no t10k-labels-idx1-ubyte)",
            $"{_folder["packages", "small"]} (no such folder)",
            $"{_folder["cache", "small"]} (no such folder)",
            "http://first.test/small/ (first.test is unreachable)",
            "http://second.test/small/ (second.test is unreachable)");
        error.Places.Should().AllSatisfy(place => error.Message.Should().Contain(place));
        error.Message.Should().StartWith("The data set 'small' was not found.").And.Contain("GENMODELS_DATA").And.NotContain("\n");
    }

    [Fact]
    public void An_incomplete_folder_is_told_what_it_lacks()
    {
        IdxBytes.WriteTo(_folder["set"], _files);
        File.Delete(_folder["set", IdxFolder.TestLabels]);

        var load = () => Store(FakeServer.Offline()).Load(_folder["set"], new(), null, default);

        load.Should().Throw<DataNotFoundException>().WithMessage("*set (no t10k-labels-idx1-ubyte)*");
    }

    [Fact]
    public void A_download_is_kept_and_read_from_the_cache_the_next_time()
    {
        var server = new FakeServer(Serve);

        Store(server).Load("small", new(), null, default).Train.Labels.Should().Equal(5, 1, 2);

        server.Asked.Should().Equal(IdxFolder.Stems.Select(stem => $"http://first.test/small/{stem}.gz"));
        Directory.GetFiles(_folder["cache", "small"]).Select(Path.GetFileName).Should().BeEquivalentTo(IdxFolder.Stems.Select(stem => $"{stem}.gz"));
        Store(FakeServer.Offline()).Load("small", new(), null, default).Test.Labels.Should().Equal(5, 4);
    }

    [Fact]
    public void The_next_mirror_provides_what_the_first_one_lacks()
    {
        var server = new FakeServer(address =>
            address.Host == "first.test" && address.AbsolutePath.Contains("t10k", StringComparison.Ordinal) ? null : Serve(address));

        Store(server).Load("small", new(), null, default).Test.Labels.Should().Equal(5, 4);

        server.Asked.Should().Equal(
            "http://first.test/small/train-images-idx3-ubyte.gz",
            "http://first.test/small/train-labels-idx1-ubyte.gz",
            "http://first.test/small/t10k-images-idx3-ubyte.gz",
            "http://second.test/small/t10k-images-idx3-ubyte.gz",
            "http://second.test/small/t10k-labels-idx1-ubyte.gz");
    }

    public static TheoryData<string, byte[], string> WrongContents => new()
    {
        { "other content", IdxBytes.Gzip(IdxBytes.Images(3, 2, 2, seed: 6)), "*expected ????????????????????????????????????????????????????????????????)*" },
        { "longer content", IdxBytes.Gzip([.. IdxBytes.Images(3, 2, 2, seed: 5), 1]), "*unpacks to SHA-256*" },
        { "no gzip", "<html></html>"u8.ToArray(), "*first.test*" },
        { "cut", IdxBytes.Gzip(IdxBytes.Images(3, 2, 2, seed: 5))[..^20], "*first.test*" },
        { "endless", new byte[1 << 18], "*is longer than*" },
    };

    [Theory]
    [MemberData(nameof(WrongContents))]
    public void A_download_of_anything_but_the_published_content_is_refused(string what, byte[] content, string message)
    {
        what.Should().NotBeEmpty();
        var load = () => Store(new FakeServer(_ => new ByteArrayContent(content))).Load("small", new(), null, default);

        load.Should().Throw<DataNotFoundException>().WithMessage(message);
        Directory.Exists(_folder["cache", "small"]).Should().BeFalse();
    }

    [Fact]
    public void A_server_that_stays_silent_is_given_up()
    {
        var load = () => Store(new FakeServer(_ => new StreamContent(new SilentStream())), TimeSpan.FromMilliseconds(50)).Load("small", new(), null, default);

        load.Should().Throw<DataNotFoundException>().WithMessage("*first.test/small/ (no answer within 0.05 s); *second.test/small/ (no answer*");
    }

    [Fact]
    public void A_download_can_be_cancelled()
    {
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        var load = () => Store(new FakeServer(_ => new StreamContent(new SilentStream()))).Load("small", new(), null, cancellation.Token);

        load.Should().Throw<OperationCanceledException>();
    }

    [Fact]
    public void A_cache_that_cannot_be_written_is_named()
    {
        File.WriteAllText(_folder["cache"], "a file where the folder should be");

        var load = () => Store(new FakeServer(Serve)).Load("small", new(), null, default);

        load.Should().Throw<DataNotFoundException>().WithMessage("*first.test/small/ (can't write to*cache*");
    }

    private DataStore Store(FakeServer server, TimeSpan? stallTimeout = null) => new()
    {
        Sets = [_set, _other],
        Archives = [],
        SharedFolder = _folder["shared"],
        PackagesFolder = _folder["packages"],
        CacheFolder = _folder["cache"],
        Downloader = new DataDownloader(server, stallTimeout ?? TimeSpan.FromSeconds(30)),
    };

    private HttpContent? Serve(Uri address)
    {
        var stem = Path.GetFileNameWithoutExtension(address.AbsolutePath);
        return _files.TryGetValue(stem, out var content) ? new ByteArrayContent(IdxBytes.Gzip(content)) : null;
    }

    private static NamedImageSet Describe(string name, Dictionary<string, byte[]> files) => new(
        name,
        [.. IdxFolder.Stems.Select(stem => new PublishedFile(stem, files[stem].Length, Convert.ToHexStringLower(SHA256.HashData(files[stem]))))],
        [new Uri($"http://first.test/{name}/"), new Uri($"http://second.test/{name}/")]);

    private sealed class SilentStream : MemoryStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return 0;
        }
    }
}
