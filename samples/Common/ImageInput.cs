using System.CommandLine;
using GenModels.Data;

namespace GenModels.Samples;

/// <summary>The options of samples that say how images come to a model: their size, and what training does to them.</summary>
public sealed class ImageInput(RunCommand command)
{
    private readonly Option<int> _size = command.AddNumber(
        "--image-size", "The height and width to which emoji and the images of a folder are brought; 0 leaves them as they are, and makes emoji 32.", 0, 0, 4_096);

    private readonly Option<bool> _flip = command.AddFlag("--flip", "Half of the images are mirrored each time they are trained on.");

    private readonly Option<int> _shift = command.AddNumber("--shift", "The pixels by which images move at most when they are trained on, their edges repeated.", 0, 0, 4_096);

    /// <summary>The images: in color, or where training changes them, as [channels, height, width], otherwise as vectors.</summary>
    public DataSplit Load(ParseResult parsed, RunOptions run, CancellationToken cancellation)
    {
        int? size = parsed.GetValue(_size) is var side and > 0 ? side : null;
        var (train, test) = DataSets.Load(run.Data, new ImageFolderOptions { Height = size, Width = size }, run.DataDirectory, cancellation);
        if (Augmentations(parsed).Count == 0) return new(train, test);
        long[] shape = [train.Channels, train.Height, train.Width];
        return new(train.Reshape(shape), test.Reshape(shape));
    }

    /// <summary>What training does to images.</summary>
    public ValueList<Augmentation> Augmentations(ParseResult parsed)
    {
        List<Augmentation> chosen = [];
        if (parsed.GetValue(_flip)) chosen.Add(new HorizontalFlip());
        if (parsed.GetValue(_shift) is var pixels and > 0) chosen.Add(new RandomShift { Pixels = pixels, Padding = ImagePadding.Edge });
        return [.. chosen];
    }
}
