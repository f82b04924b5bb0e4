using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using GenModels.Data;
using GenModels.Distributions;
using GenModels.Networks;
using GenModels.Reporting;
using TorchSharp;

namespace GenModels.Fuzz;

/// <summary>The readers of files that the library has. A new one is one more line here.</summary>
public static class FuzzTargets
{
    // Deflate's best case is 1032 bytes for one, and what is read in pieces is joined.
    private const int GzipMemory = 2 * 1032 + 32;

    // The three channels of as many pixels as a byte of an image may stand for.
    private const int ImageMemory = 3 * 8 * 1032 + 32;

    private static readonly RandomGenerator Weights = new(1);

    /// <summary>Makes the targets, each with a small file that its reader accepts.</summary>
    public static IReadOnlyList<FuzzTarget> All()
    {
        var vae = new VaeOptions { ExampleShape = [2, 3], Hidden = [8], LatentSize = 2 };
        byte[] images = Idx(2051, 5, 6, 7), labels = Idx(2049, 50);
        return
        [
            Model("vae", new Vae(vae)),
            Model("vae-separate", new Vae(vae with { Encoder = EncoderLayout.SeparateNetworks, Likelihood = new GaussianLikelihood { Learned = true } })),
            Model("vae-mixture", new Vae(vae with { ExampleShape = [3, 1, 2], Likelihood = new DiscretizedLogisticMixtureLikelihood { Components = 2, Channels = 3 } })),
            Model("vae-large", new Vae(new VaeOptions { Hidden = [64], LatentSize = 8 })),
            Model("autoencoder", FittedAutoencoder()),
            Model("gan", PackedGan()),
            new("own-networks", FileKind.Safetensors, Saved(Own(vae)), path => Use(Vae.Load(path, Own)), typeof(ModelFileException)),
            new("state", FileKind.Safetensors, Saved(new Vae(vae)), path => LoadState(vae, path), typeof(ModelFileException)),
            new("classifier", FileKind.Safetensors, Saved(Classifier()), path => Use(ImageClassifier.Load(path)), typeof(ModelFileException)),
            .. CheckpointTargets.All(vae, PackedGan),
            new("idx-images", FileKind.Binary, images, path => IdxFile.ReadImages(path), typeof(InvalidDataException)),
            new("idx-labels", FileKind.Binary, labels, path => IdxFile.ReadLabels(path), typeof(InvalidDataException)),
            new("idx-by-index", FileKind.Binary, images, ReadByIndex, typeof(InvalidDataException)),
            new("idx-gzip", FileKind.Binary, Gzip(images), path => IdxFile.ReadImages(path), typeof(InvalidDataException)) { MemoryPerByte = GzipMemory },
            new("idx-in-gzip", FileKind.Binary, images, path => IdxFile.ReadImages(path), typeof(InvalidDataException)) { Pack = Gzip, MemoryPerByte = GzipMemory },
            Image("png", Png(channels: 3)),
            Image("png-grey", Png(channels: 1)),
            Image("jpeg", JpegFiles.Colorful),
            Image("jpeg-progressive", JpegFiles.ColorfulProgressive),
            new("csv", FileKind.Text, Table(), path => CsvTable.Read(path), typeof(InvalidDataException)),
            new("csv-text", FileKind.Text, Table(), path => TextTable.Read(path), typeof(InvalidDataException)),
            new("table-encoding", FileKind.Text, Encoding.UTF8.GetBytes(Categories().ToJson()), path => Use(TableEncoding.FromJson(File.ReadAllText(path))), typeof(InvalidDataException)),
        ];
    }

    private static FuzzTarget Model(string name, IGenerativeModel model) =>
        new(name, FileKind.Safetensors, Saved(model), path => Use(GenerativeModel.Load(path)), typeof(ModelFileException));

    private static FuzzTarget Image(string name, byte[] content) =>
        new(name, FileKind.Binary, content, path => DecodedImage.Read(path), typeof(InvalidDataException)) { MemoryPerByte = ImageMemory };

    private static byte[] Png(int channels) =>
        Scratch.Written(path => PngWriter.Save(path, [.. Enumerable.Range(0, 30 * 20 * channels).Select(i => (byte)(i * i / 7))], 30, 20));

    private static byte[] Saved(ITrainable model)
    {
        using (model) return Scratch.Written(path => model.Save(path));
    }

    // What was accepted must also work.
    private static void Use(IGenerativeModel model)
    {
        using (model) model.Sample(1, seed: 1).Dispose();
    }

    private static void Use(ImageClassifier classifier)
    {
        using (classifier) classifier.Probabilities(torch.zeros([1, .. classifier.Options.ExampleShape])).Dispose();
    }

    private static void ReadByIndex(string path)
    {
        using var images = new IdxImageFile(path);
        images.Gather([0, images.Count - 1], new float[2 * images.Height * images.Width]);
    }

    private static void LoadState(VaeOptions options, string path)
    {
        using var model = new Vae(options);
        model.LoadState(path);
    }

    private static Vae Own(VaeOptions options) => new(options, new Mlp(6, [4], 5, Activation.Tanh, Activation.Tanh, Initialization.Default, Weights), null);

    private static ImageClassifier Classifier() =>
        new(new ClassifierOptions { ExampleShape = [6], Classes = 3, Hidden = new HiddenLayers { Widths = [5], InputDropout = 0.1, Dropout = 0.3 } });

    // A name in quotes, with all that quotes allow.
    private static byte[] Table() => Encoding.UTF8.GetBytes(
        "age,\"income, in \"\"k\"\"\r\na year\",größe\r\n" +
        string.Concat(Enumerable.Range(0, 40).Select(i => string.Create(CultureInfo.InvariantCulture, $"{20 + i},\"{1.5 * i:F2}\",-{i}e-{i % 7}\n"))));

    private static TableEncoding Categories() => TableEncoding.Fit(new TextTable(["city", "age", "score"], [["Rome", "12", null], [null, "13", "0.5"], ["Bern", "1", "0.25"]]));

    private static void Use(TableEncoding encoding) => encoding.Decode(torch.zeros(1, encoding.Size));

    private static Autoencoder FittedAutoencoder()
    {
        var model = new Autoencoder(new AutoencoderOptions
        {
            ExampleShape = [2, 3],
            Hidden = [5],
            CodeSize = 2,
            TiedWeights = true,
            Corruption = new GaussianCorruption(),
        });
        var random = new Random(1);
        var source = new ArraySource([.. Enumerable.Range(0, 300).Select(_ => random.NextSingle())], [2, 3]);
        model.FitDensity(source, new DensityOptions { Components = 2 });
        model.FitAnomalyThreshold(source);
        return model;
    }

    private static Gan PackedGan() => new(new GanOptions
    {
        ExampleShape = [6],
        NoiseSize = 3,
        Generator = new HiddenLayers { Widths = [5], BatchNorm = true },
        Discriminator = new HiddenLayers { Widths = [5], MaxoutPieces = 2, Dropout = 0.2 },
        Packing = 2,
    });

    private static byte[] Idx(int magic, params int[] dimensions)
    {
        var header = new byte[4 + 4 * dimensions.Length];
        BinaryPrimitives.WriteInt32BigEndian(header, magic);
        for (int i = 0; i < dimensions.Length; i++) BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + 4 * i), dimensions[i]);
        return [.. header, .. Enumerable.Range(0, dimensions.Aggregate(1, (product, size) => product * size)).Select(i => (byte)(i % 10))];
    }

    private static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal)) gzip.Write(content);
        return packed.ToArray();
    }
}
