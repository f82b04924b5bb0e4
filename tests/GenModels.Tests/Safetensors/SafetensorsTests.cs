using System.Globalization;
using GenModels.Safetensors;

namespace GenModels.Tests.Safetensors;

public class SafetensorsTests
{
    private const string Float = """{"dtype":"F32","shape":[1],"data_offsets":[0,4]}""";

    public static TheoryData<string, string> BadHeaders => new()
    {
        { "[]", "does not start with '{'" },
        { " {}", "does not start with '{'" },
        { "{", "can't be read as JSON" },
        { "{} x", "can't be read as JSON" },
        { "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],}}", "can't be read as JSON" },
        { "{\"a\":{\"dtype\":\"\\ud800\",\"shape\":[1],\"data_offsets\":[0,4]}}", "can't be read as JSON" },
        { $"{{\"a\":{Float},\"a\":{Float}}}", "'a' stands there twice" },
        { $"{{\"a\":{Float},\"\\u0061\":{Float}}}", "'a' stands there twice" },
        { """{"__metadata__":{},"__metadata__":{}}""", "'__metadata__' stands there twice" },
        { """{"__metadata__":{"k":"1","k":"2"}}""", "'k' of '__metadata__' stands there twice" },
        { """{"__metadata__":{"k":1}}""", "'k' of '__metadata__' is 1. Expected a string" },
        { """{"__metadata__":{"k":{}}}""", "'k' of '__metadata__' is an object. Expected a string" },
        { """{"__metadata__":[]}""", "'__metadata__' is a list. Expected an object" },
        { """{"a":7}""", "'a' is 7. Expected an object with dtype, shape and data_offsets" },
        { """{"a":null}""", "'a' is null" },
        { """{"a":{"dtype":"F32","shape":[1]}}""", "'a' is incomplete. Expected dtype, shape and data_offsets" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"strides":[1]}}""", "'strides' of 'a' is unknown" },
        { """{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "'dtype' of 'a' stands there twice" },
        { """{"a":{"dtype":"F32","shape":[1],"shape":[1],"data_offsets":[0,4]}}""", "'shape' of 'a' stands there twice" },
        { """{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}""", "'dtype' of 'a' is 'F16'. Expected one of F64, I64, F32, I32, U8, BOOL; convert the tensor" },
        { """{"a":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}}""", "'dtype' of 'a' is 'BF16'" },
        { """{"a":{"dtype":4,"shape":[1],"data_offsets":[0,4]}}""", "'dtype' of 'a' is 4. Expected a string" },
        { """{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", "'shape' of 'a' has -1 as element 0" },
        { """{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}""", "'shape' of 'a' has 1.0 as element 0" },
        { """{"a":{"dtype":"F32","shape":[1e0],"data_offsets":[0,4]}}""", "'shape' of 'a' has 1e0 as element 0" },
        { """{"a":{"dtype":"F32","shape":[9223372036854775808],"data_offsets":[0,4]}}""", "'shape' of 'a' has 9223372036854775808" },
        { """{"a":{"dtype":"F32","shape":[[1]],"data_offsets":[0,4]}}""", "'shape' of 'a' has a list as element 0" },
        { """{"a":{"dtype":"F32","shape":[[[[1]]]],"data_offsets":[0,4]}}""", "'shape' of 'a' has a list as element 0" },
        { """{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]}}""", "Expected a tensor of less than 2⁶³ bytes" },
        { """{"a":{"dtype":"F32","shape":[4294967296,4294967296,0],"data_offsets":[0,0]}}""", "Expected a tensor of less than 2⁶³ bytes" },
        { """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", "'data_offsets' of 'a' spans 4 bytes. Expected 8 for the shape [2] and the type F32" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", "'data_offsets' of 'a' is [4, 0]" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[4]}}""", "'data_offsets' of 'a' is [4]" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,4]}}""", "'data_offsets' of 'a' has 4 as element 2" },
        { $"{{\"a\":{Float},\"b\":{Float}}}", "'b' at byte 0 of its data, where the one before it ends at 4" },
        { """{"a":{"dtype":"F32","shape":[0],"data_offsets":[2,2]}}""", "'a' at byte 2 of its data, where the one before it ends at 0" },
        { """{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}""", "has 4 bytes of data. Expected 2, where its last tensor ends: the file is longer than its content" },
        { """{"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}}""", "has 4 bytes of data. Expected 8, where its last tensor ends: the file is truncated" },
        { """{"a":{"dtype":"U8","shape":[ONES],"data_offsets":[0,1]}}""".Replace("ONES", string.Join(",", Enumerable.Repeat(1, 65))), "'shape' of 'a' has 1 as element 64" },
    };

    [Theory, MemberData(nameof(BadHeaders))]
    public void A_header_that_breaks_the_format_is_rejected_with_the_field(string header, string message)
    {
        var open = () => SafetensorsBytes.Open(SafetensorsBytes.Of(header, dataLength: 4));
        open.Should().Throw<ModelFileException>().WithMessage($"The file 'a.safetensors' *{message}*");
    }

    [Theory]
    [InlineData(new byte[0], "has 0 bytes")]
    [InlineData(new byte[] { 1, 0, 0, 0, 0, 0, 0 }, "has 7 bytes")]
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0 }, "does not start with '{'")]
    [InlineData(new byte[] { 3, 0, 0, 0, 0, 0, 0, 0, (byte)'{', (byte)'}' }, "announces a header of 3 bytes and has 2")]
    [InlineData(new byte[] { 255, 255, 255, 255, 255, 255, 255, 255, (byte)'{', (byte)'}' }, "announces a header of 18446744073709551615 bytes")]
    [InlineData(new byte[] { 3, 0, 0, 0, 0, 0, 0, 0, (byte)'{', 0xff, (byte)'}' }, "not UTF-8")]
    public void A_file_without_a_header_is_rejected(byte[] content, string message)
    {
        var open = () => SafetensorsBytes.Open(content);
        open.Should().Throw<ModelFileException>().WithMessage($"The file 'a.safetensors' *{message}*");
    }

    [Fact]
    public void A_header_above_the_formats_limit_is_rejected_before_it_is_read()
    {
        using var folder = new TemporaryFolder();
        string path = folder["large"];
        using (var file = File.Create(path))
        {
            file.Write(BitConverter.GetBytes(SafetensorsHeader.MaxLength + 1));
            file.SetLength(2 * SafetensorsHeader.MaxLength);
        }
        long before = GC.GetAllocatedBytesForCurrentThread();
        var open = () => SafetensorsReader.Open(path);
        open.Should().Throw<ModelFileException>().WithMessage("*at most 100000000 bytes*");
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(1 << 20);
    }

    [Fact]
    public void Long_and_unprintable_names_are_cut_and_escaped_in_messages()
    {
        var open = () => SafetensorsBytes.Open(SafetensorsBytes.Of($"{{\"\\n{new string('x', 5000)}\":1}}"));
        open.Should().Throw<ModelFileException>().Which.Message.Should().Contain($@"'\u000a{new string('x', 59)}…' is 1").And.NotContain("\n");
    }

    [Fact]
    public void Tensors_of_every_type_and_the_metadata_come_back_bit_for_bit()
    {
        using var scope = torch.NewDisposeScope();
        var tensors = new Dictionary<string, torch.Tensor>
        {
            ["double"] = torch.tensor([1.5, double.NaN, -0.0, double.Epsilon]).view(2, 2),
            ["float"] = torch.tensor([float.MaxValue, 1f / 3]),
            ["long"] = torch.tensor(new long[] { long.MinValue, 7 }),
            ["int"] = torch.tensor(new long[] { int.MinValue, 7 }).to(torch.ScalarType.Int32),
            ["byte"] = torch.tensor(new byte[] { 0, 200, 255 }),
            ["truth"] = torch.tensor(new[] { true, false, true }),
            ["scalar"] = torch.tensor(2.5f),
            ["empty"] = torch.zeros(0, 3),
            ["ünïcode \"name\"\n"] = torch.zeros(1),
        };
        var metadata = new Dictionary<string, string> { ["json"] = """{"a": "b\\"}""", [""] = "ü\n", ["__metadata__"] = "allowed here" };

        using var reader = SafetensorsBytes.Open(SafetensorsBytes.Written(tensors, metadata));

        reader.Metadata.Should().BeEquivalentTo(metadata);
        reader.Tensors.Keys.Should().BeEquivalentTo(tensors.Keys);
        foreach (var (name, expected) in tensors)
        {
            var actual = reader.Read(name);
            actual.dtype.Should().Be(expected.dtype, name);
            actual.shape.Should().Equal(expected.shape, name);
            if (expected.numel() > 0) actual.bytes.ToArray().Should().Equal(expected.bytes.ToArray(), name);
        }
    }

    [Fact]
    public void The_same_content_gives_the_same_bytes_in_any_order_and_every_tensor_is_aligned()
    {
        using var scope = torch.NewDisposeScope();
        KeyValuePair<string, torch.Tensor>[] tensors =
        [
            new("c", torch.tensor(new byte[] { 1, 2, 3 })), new("b", torch.tensor([1f])), new("B", torch.tensor([2f])), new("a", torch.tensor([1.0])),
        ];
        var metadata = new Dictionary<string, string> { ["y"] = "1", ["x"] = "2" };
        byte[] written = SafetensorsBytes.Written(new(tensors), metadata);

        SafetensorsBytes.Written(new(tensors.Reverse()), new(metadata.Reverse())).Should().Equal(written);
        SafetensorsBytes.Header(written).Should().Be(
            """
            {"__metadata__":{"x":"2","y":"1"},"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"B":{"dtype":"F32","shape":[1],"data_offsets":[8,12]},"b":{"dtype":"F32","shape":[1],"data_offsets":[12,16]},"c":{"dtype":"U8","shape":[3],"data_offsets":[16,19]}}
            """);
        (BitConverter.ToInt64(written) % 8).Should().Be(0);
    }

    [Fact]
    public void A_part_of_a_tensor_and_one_with_a_graph_are_written_by_value()
    {
        using var scope = torch.NewDisposeScope();
        var whole = torch.arange(6).to(torch.float32).view(2, 3);
        var tensors = new Dictionary<string, torch.Tensor> { ["t"] = whole.t(), ["row"] = whole.narrow(0, 1, 1), ["graph"] = whole.requires_grad_() * 2.0 };
        using var reader = SafetensorsBytes.Open(SafetensorsBytes.Written(tensors));
        reader.Read("t").Values().Should().Equal(0, 3, 1, 4, 2, 5);
        reader.Read("row").Values().Should().Equal(3, 4, 5);
        reader.Read("graph").Values().Should().Equal(0, 2, 4, 6, 8, 10);
    }

    [Fact]
    public void What_a_file_cannot_hold_is_refused_before_anything_is_written()
    {
        using var scope = torch.NewDisposeScope();
        using var stream = new MemoryStream();
        foreach (var (name, tensor, message) in new[]
        {
            ("half", torch.zeros(1).to(torch.ScalarType.Float16), "The tensor 'half' has the type Float16, expected one of F64*"),
            ("__metadata__", torch.zeros(1), "*stands for the metadata*"),
        })
        {
            var write = () => SafetensorsWriter.Write(stream, [new("fine", torch.zeros(1)), new(name, tensor)], new Dictionary<string, string>());
            write.Should().Throw<ArgumentException>().WithMessage(message);
        }
        stream.Length.Should().Be(0);
    }

    [Fact]
    public void A_truth_value_that_is_neither_0_nor_1_is_rejected_when_it_is_read()
    {
        byte[] content = SafetensorsBytes.Of("""{"flags":{"dtype":"BOOL","shape":[2],"data_offsets":[0,2]}}""", dataLength: 2);
        content[^1] = 7;
        using var reader = SafetensorsBytes.Open(content);
        var read = () => reader.Read("flags");
        read.Should().Throw<ModelFileException>().WithMessage("The file 'a.safetensors' has 7 as a truth value of 'flags'. Expected 0 or 1.");
    }

    [Fact]
    public void Opening_a_damaged_file_leaves_no_tensor_and_no_open_file_behind()
    {
        using var folder = new TemporaryFolder();
        string path = folder["a"];
        File.WriteAllBytes(path, SafetensorsBytes.Of("{"));
        using var scope = torch.NewDisposeScope();
        long live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var open = () => SafetensorsReader.Open(path);
        open.Should().Throw<ModelFileException>();
        DisposeScopeManager.Statistics.ThreadTotalLiveCount.Should().Be(live);
        using var exclusive = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
    }

    [Fact]
    public void A_missing_file_and_a_folder_are_told_apart_from_a_damaged_file()
    {
        using var folder = new TemporaryFolder();
        foreach (string missing in new[] { folder["none"], folder["no", "folder"] })
        {
            var open = () => SafetensorsReader.Open(missing);
            open.Should().Throw<FileNotFoundException>().WithMessage($"There is no file '{missing}'.");
        }
        var openFolder = () => SafetensorsReader.Open(folder.Path);
        openFolder.Should().Throw<IOException>().WithMessage($"The file '{folder.Path}' can't be read: *");
    }

    [Fact]
    public void Memory_follows_the_file_also_where_a_header_is_large()
    {
        string entries = string.Join(",", Enumerable.Range(0, 20_000).Select(i =>
            string.Create(CultureInfo.InvariantCulture, $"\"{i}\":{{\"dtype\":\"U8\",\"shape\":[0,1,1,1],\"data_offsets\":[0,0]}}")));
        byte[] content = SafetensorsBytes.Of($"{{{entries}}}");
        long before = GC.GetAllocatedBytesForCurrentThread();
        SafetensorsBytes.Open(content).Tensors.Should().HaveCount(20_000);
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(16L * content.Length);
    }
}
