using System.Runtime.InteropServices;
using System.Security.Cryptography;
using GenModels.Kernels;
using GenModels.Networks;
using GenModels.Randomness;

namespace GenModels.Tests.Kernels;

/// <summary>Every kernel computes the same bits with vectors of 4, 8 and 16 floats, on x86-64 and on Arm.</summary>
/// <remarks>.NET computes in parts what is wider than the processor's vectors, so that every machine tests every width.</remarks>
public unsafe class KernelBitsTests
{
    // SHA-256 of what the kernels write and return. It may change only on purpose: trained models change with it.
    public static TheoryData<string, string> Kernels => new()
    {
        { nameof(Updates), "702821ba8a68a7d8e215dde04d5d58714921c1faecf3077972906ec9ca7e7431" },
        { nameof(Elementwise), "492e527e62134682d32bd1ecb30910c325388ff6e748274574483e60b1519d88" },
        { nameof(Losses), "ba1d52325d4b58519157fb15606cb191e5eb5762eca798768ca7770e82379faa" },
        { nameof(RowSums), "bc1b52a37b77cfa69dde978d2cb955ce16f4e96160fc6933d7ec89ce86d15d7e" },
        { nameof(Latents), "92e612fc17d08355acbb857a032607d0fff874af503b5e458c4cad2fa82dc5b6" },
        { nameof(Mixtures), "a54e65ddc6916edd3be8196f997bd5711f044b5fae67c4f6921ee70f32f723da" },
        { nameof(LogitLosses), "5d22c406a60945f05712fcce31e1da5709ade2f0c39b805896fd6e8347c79819" },
        { nameof(Columns), "7c93b72f036245b370d76c3c6206bc4d734cf1e32ca8ae3f5959c7e8fa17714b" },
        { nameof(Convolutions), "ec717252ab3d38fa4618d6365ce2976bc77de6e5ea34994dda57c5847c19a719" },
        { nameof(Products), "77e3b8aceca6ac3f8ebe9bd12895b6c40c478e77edccb7f662beefadea0fcf31" },
        { nameof(Layers), "616b1bfc7b72c3033f1848084ff9ea33050a10c2da5363b0b21c76710c8fd0a2" },
        { nameof(Distances), "db42b7e542f6f81af353f7973b9a20688beacff2b90e5ecdf0de9afde7fc2246" },
        { nameof(RandomNumbers), "47df6faecdfde7b3e279238e010471e0466eb233fcb976ecf30d82cd9848d9f1" },
    };

    private static readonly Dictionary<string, Action<IncrementalHash>> Runs = new()
    {
        [nameof(Updates)] = Updates,
        [nameof(Elementwise)] = Elementwise,
        [nameof(Losses)] = Losses,
        [nameof(RowSums)] = RowSums,
        [nameof(Latents)] = Latents,
        [nameof(Mixtures)] = Mixtures,
        [nameof(LogitLosses)] = LogitLosses,
        [nameof(Columns)] = Columns,
        [nameof(Products)] = Products,
        [nameof(Convolutions)] = Convolutions,
        [nameof(Layers)] = Layers,
        [nameof(Distances)] = Distances,
        [nameof(RandomNumbers)] = RandomNumbers,
    };

    // Whole packs of 16, and what is left of some; blocks of sums; enough for two threads.
    private static readonly int[] Lengths = [3, 20, 31, 2048, 2077, 20_011];

    [Theory, MemberData(nameof(Kernels))]
    public void Kernels_compute_these_bits_with_vectors_of_any_width(string kernels, string expected)
    {
        int widest = VectorWidth.Floats;
        try
        {
            foreach (int floats in new[] { 4, 8, 16 })
            {
                VectorWidth.Floats = floats;
                using var scope = torch.NewDisposeScope();
                using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                Runs[kernels](hash);
                Convert.ToHexStringLower(hash.GetHashAndReset()).Should().Be(expected, "that is what vectors of {0} floats should give", floats);
            }
        }
        finally
        {
            VectorWidth.Floats = widest;
        }
    }

    private static void Updates(IncrementalHash hash)
    {
        foreach (int length in Lengths)
        {
            torch.Tensor weight = Normal(1, length), gradient = Normal(2, length), first = Normal(3, length), second = Normal(4, length).abs();
            AdamUpdate.Fused(weight, gradient, first, second, new(0.9f, 0.1f, 0.999f, 0.001f, 1e-3f, 1.5f, 1e-8f, 0.01f));
            MomentumUpdate.Fused(weight, gradient, first, new(0.9f, 0.01f, 0.001f));
            Interpolation.Fused(weight, gradient, 0.01);
            Add(hash, weight, first, second);
        }
    }

    private static void Elementwise(IncrementalHash hash)
    {
        foreach (int length in Lengths)
        {
            torch.Tensor x = Normal(1, length), y = Normal(2, length), target = torch.zeros(length);
            DropoutMask.Apply(TensorMemory.Pointer(x), TensorMemory.Pointer(y), TensorMemory.Pointer(target), length);
            Clipping.Fused(x, 1.7, 0.9);
            var range = ValueRange.Of(y);
            Add(hash, x, target);
            Add(hash, range.Least, range.Greatest);
        }
    }

    private static void Losses(IncrementalHash hash)
    {
        foreach (int length in Lengths)
        {
            torch.Tensor y = Normal(1, length) * 8, x = Uniform(2, length);
            var (nats, slope) = BernoulliLoss.Fused(y, x, 0.25);
            var (squares, difference) = SquaredError.Fused(y, x, 0.5);
            Add(hash, slope, difference);
            Add(hash, nats, squares, SquaredNorm.Fused(y));
        }
    }

    private static void RowSums(IncrementalHash hash)
    {
        foreach (int columns in new[] { 5, 16, 37, 1001 })
        {
            torch.Tensor y = Normal(1, 12, columns) * 8, x = Uniform(2, 4, columns);
            float[] weights = Normal(3, 12).Values();
            Add(hash, BernoulliRows.Fused(y, x));
            Add(hash, SquaredErrorRows.Fused(y, x));
            Add(hash, BernoulliRows.FusedGradient(y, x, weights), SquaredErrorRows.FusedGradient(y, x, weights));
        }
    }

    private static void Latents(IncrementalHash hash)
    {
        foreach (int latent in new[] { 3, 20, 64, 611 })
        {
            torch.Tensor heads = Normal(1, 15, 2 * latent), epsilon = Normal(2, 15, latent), gradient = Normal(3, 15, latent);
            var (z, kl) = GaussianLatent.Fused(heads, epsilon);
            Add(hash, z, GaussianLatent.FusedGradient(heads, epsilon, gradient, Normal(4, latent).Values()));
            Add(hash, [kl, .. GaussianLatent.FusedKl(heads)]);

            var shared = heads.narrow(0, 0, 5).contiguous();
            var (draws, ratios) = GaussianProposal.Fused(shared, epsilon);
            Add(hash, draws, GaussianProposal.FusedGradient(shared, epsilon, draws, gradient, Normal(5, 15).Values()));
            Add(hash, ratios);
        }
    }

    private static void Mixtures(IncrementalHash hash)
    {
        foreach (var layout in new[] { new MixtureLayout(3, 1), new MixtureLayout(2, 3) })
            foreach (int pixels in new[] { 5, 16, 37, 300 })
            {
                var y = Normal(1, 6, layout.Planes * pixels);
                var x = torch.tensor(Array.ConvertAll(Uniform(2, 3 * layout.Channels * pixels).Values(), u => MathF.Round(255 * u) / 255)).view(3, -1);
                var (log, gradient) = LogisticMixtureRows.FusedGradient(y, x, layout, Normal(3, 6).Values());
                Add(hash, gradient);
                Add(hash, [GridDistance.Of(y), .. log]);
            }
    }

    private static void LogitLosses(IncrementalHash hash)
    {
        foreach (var objective in Enum.GetValues<GanObjective>())
            foreach (int length in Lengths)
            {
                float[] logits = (Normal(1, length) * 6).Values(), gradient = new float[length];
                double loss = GanLosses.Generator(objective, logits, gradient);
                Add(hash, torch.tensor(gradient));
                var judgement = Judgement.Of(objective, logits);
                Add(hash, loss, judgement.Mean ?? 0, judgement.MeanLog ?? 0, judgement.MeanLogRest ?? 0, judgement.PartAbove ?? 0, judgement.PartBelow ?? 0);
            }
    }

    private static void Columns(IncrementalHash hash)
    {
        foreach (int columns in new[] { 5, 16, 37, 1001 })
        {
            torch.Tensor x = Normal(1, 24, columns), scaled = torch.zeros(24, columns), greatest = torch.zeros(8, columns);
            float[] variances = new float[columns], norms = new float[24];
            ColumnVariance.Fused(x, variances);
            RowNorms.Squared(TensorMemory.Pointer(x), columns, columns, norms);
            RowNorms.Scale(TensorMemory.Pointer(x), columns, columns, norms, TensorMemory.Pointer(scaled));
            int[] chosen = new int[8 * columns];
            fixed (int* taken = chosen) Maxout.Forward(TensorMemory.Pointer(x), 3, TensorMemory.Pointer(greatest), taken, 8 * columns);
            Add(hash, x, scaled, greatest, torch.tensor(variances), torch.tensor(norms));
            hash.AppendData(MemoryMarshal.AsBytes(chosen.AsSpan()));
        }
    }

    private static void Products(IncrementalHash hash)
    {
        foreach (var (rows, inner, columns) in new[] { (1, 1, 1), (9, 17, 5), (13, 64, 48), (12, 30, 100), (300, 20, 37), (5, 1100, 70), (3, 7, 1100) })
        {
            torch.Tensor a = Normal(1, rows, inner), b = Normal(2, inner, columns), bT = b.t().contiguous(), c = torch.zeros(rows, columns);
            var left = new Matrix(TensorMemory.Pointer(a), inner, 1);
            MatrixProduct.Run(left, new Matrix(TensorMemory.Pointer(b), columns, 1), TensorMemory.Pointer(c), (rows, inner, columns), add: false);
            Add(hash, c);
            MatrixProduct.Run(left, new Matrix(TensorMemory.Pointer(bT), 1, inner), TensorMemory.Pointer(c), (rows, inner, columns), add: true);
            Add(hash, c);
        }
    }

    private static void Convolutions(IncrementalHash hash)
    {
        foreach (var shape in new[] { new PatchShape(1, 12, 8, 4, 4, 2, 1), new PatchShape(37, 8, 8, 4, 4, 2, 1), new PatchShape(5, 6, 6, 2, 2, 2, 0), new PatchShape(19, 3, 4, 3, 4, 1, 0) })
        {
            const int n = 7, columns = 21;
            torch.Tensor images = Normal(1, n, (int)shape.ImageSize), weight = Normal(2, columns, (int)shape.PatchSize), gradient = torch.zeros_like(weight);
            torch.Tensor rows = torch.zeros(n * shape.Positions, columns);
            float* x = TensorMemory.Pointer(images), y = TensorMemory.Pointer(rows);
            var matrix = new Matrix(TensorMemory.Pointer(weight), shape.PatchSize, 1);
            PatchProducts.OfPatches(shape, x, n, matrix.Transposed, columns, y, default(MatrixProduct.Nothing));
            PatchProducts.WeightGradient(shape, y, columns, x, n, TensorMemory.Pointer(gradient));
            PatchProducts.ToImages(shape, y, columns, n, matrix, x, default(MatrixProduct.Nothing));
            Add(hash, rows, gradient, images);
        }
    }

    private static void Layers(IncrementalHash hash)
    {
        foreach (var activation in Enum.GetValues<Activation>())
        {
            var generator = new RandomGenerator(1);
            var hidden = new HiddenLayers { Widths = [37, 20], BatchNorm = true, Activation = activation };
            using var mlp = new Mlp(30, hidden, 21, activation, Initialization.Glorot, generator);
            using var pass = Backpropagation.Of(mlp);
            Add(hash, pass.Forward(generator.Normal([26, 30]), inputGradient: true));
            var (gradients, input) = pass.Backward(generator.Normal([26, 21]));
            foreach (var gradient in gradients.Append(input).OfType<torch.Tensor>()) Add(hash, gradient);
            foreach (var (_, buffer) in mlp.named_buffers()) Add(hash, buffer);
        }
    }

    private static void Distances(IncrementalHash hash)
    {
        foreach (var (rows, others, inner) in new[] { (1, 1, 1), (5, 8, 3), (9, 33, 64) })
        {
            double[] a = Doubles(1, rows * inner), b = Doubles(2, others * inner), distances = new double[rows * others];
            fixed (double* x = a, y = b, target = distances) SquaredDistance.Fill(x, rows, y, others, inner, target);
            Add(hash, distances);
        }

        static double[] Doubles(ulong seed, int count) => Array.ConvertAll(Normal(seed, count).Values(), v => (double)v);
    }

    private static void RandomNumbers(IncrementalHash hash)
    {
        foreach (int length in Lengths)
        {
            var probabilities = Uniform(1, length);
            var generator = new RandomGenerator(2);
            Add(hash, Normal(3, length), probabilities, generator.Bernoulli([length], 0.3), Binarization.Draw(probabilities, generator));
        }
    }

    private static torch.Tensor Normal(ulong seed, params long[] shape)
    {
        var generator = new RandomGenerator(seed);
        return generator.Normal(shape);
    }

    private static torch.Tensor Uniform(ulong seed, params long[] shape)
    {
        var generator = new RandomGenerator(seed);
        return generator.Uniform(shape);
    }

    private static void Add(IncrementalHash hash, params ReadOnlySpan<torch.Tensor> tensors)
    {
        foreach (var tensor in tensors) hash.AppendData(tensor.contiguous().bytes);
    }

    private static void Add(IncrementalHash hash, params ReadOnlySpan<double> values) => hash.AppendData(MemoryMarshal.AsBytes(values));
}
