using System.Text.Json;

namespace GenModels.Data;

/// <summary>
/// 3,786 emoji in color, the graphics of Twemoji (Twitter, Inc. and other contributors, CC BY 4.0), in the npm package emoji-datasource-twitter with
/// their ten categories.
/// </summary>
internal sealed class EmojiPictures : ArchivedSet
{
    private const string Unpacked = "package", Index = "emoji.json", Pictures = "img/twitter/64";
    private const int Side = 32;
    private const byte White = 255;
    private const ulong SplitSeed = 0;
    private const int TestShare = 6;

    public override string Name => "emoji";

    public override Uri Address { get; } = new("https://registry.npmjs.org/emoji-datasource-twitter/-/emoji-datasource-twitter-16.0.0.tgz");

    public override long Length => 61_683_754;

    public override string Sha256 => "f64a530c63bca463bd8317fdc4615ce63a53a0c65018e4ce2d848aaba7a28877";

    public override string? Missing(string folder)
    {
        string package = PackageOf(folder);
        if (!File.Exists(Path.Combine(package, Index))) return $"no {Index}";
        return Directory.Exists(Path.Combine(package, Pictures)) ? null : $"no {Pictures}";
    }

    /// <summary>
    /// One emoji of six, chosen at random but always the same way, is for measuring, with all its skin tones: they are alike, and a model should not have
    /// seen what it is measured with.
    /// </summary>
    public override DataSplit Read(string folder, ImageFolderOptions images)
    {
        string package = PackageOf(folder);
        var emoji = ReadIndex(Path.Combine(package, Index));
        ImageFile[] files = [.. emoji.SelectMany(e => e.Pictures.Select(picture => new ImageFile(Path.Combine(package, Pictures, picture), e.Category)))];
        if (emoji.Count < 2) throw new InvalidDataException($"The file '{Path.Combine(package, Index)}' lists {emoji.Count} emoji with pictures, expected at least 2.");
        var set = ImageFolderReader.Read(
            Name, files, ImageFiles.Classes(files),
            images with { Height = images.Height ?? Side, Width = images.Width ?? Side, Channels = images.Channels ?? DecodedImage.Channels, Background = images.Background ?? White });
        var isHeldOut = new bool[emoji.Count];
        foreach (int place in ExampleChoice.Shuffled(emoji.Count, SplitSeed).Take(Math.Max(1, emoji.Count / TestShare))) isHeldOut[place] = true;
        bool[] isTest = [.. emoji.SelectMany((e, place) => e.Pictures.Select(_ => isHeldOut[place]))];
        return new(set.Select(Where(isTest, false)), set.Select(Where(isTest, true)));
    }

    protected override bool IsNeeded(string path) =>
        path is $"{Unpacked}/{Index}" or $"{Unpacked}/LICENSE" || path.StartsWith($"{Unpacked}/{Pictures}/", StringComparison.Ordinal);

    private static int[] Where(bool[] isTest, bool wanted) => [.. Enumerable.Range(0, isTest.Length).Where(i => isTest[i] == wanted)];

    private static string PackageOf(string folder) => Path.Combine(folder, Unpacked) is var inner && Directory.Exists(inner) ? inner : folder;

    /// <summary>Each emoji with the pictures of it, in its skin tones.</summary>
    private static List<Emoji> ReadIndex(string path)
    {
        try
        {
            using var index = JsonDocument.Parse(File.ReadAllBytes(path));
            return [.. index.RootElement.EnumerateArray().Select(Emoji.Of).Where(emoji => emoji.Pictures.Count > 0)];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new InvalidDataException($"The file '{path}' is no list of emoji as the package emoji-datasource-twitter has: {e.Message}", e);
        }
    }

    private sealed record Emoji(string Category, IReadOnlyList<string> Pictures)
    {
        public static Emoji Of(JsonElement emoji)
        {
            JsonElement[] tones = emoji.TryGetProperty("skin_variations", out var variations) ? [.. variations.EnumerateObject().Select(tone => tone.Value)] : [];
            string[] pictures = [.. tones.Prepend(emoji).Where(tone => tone.GetProperty("has_img_twitter").GetBoolean()).Select(tone => Text(tone, "image"))];
            return new(Text(emoji, "category"), pictures);
        }

        private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? throw new JsonException($"{name} is null.");
    }
}
