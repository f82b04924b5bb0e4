using GenModels.Kernels;
using GenModels.Networks;

namespace GenModels.Tests.Networks;

/// <summary>The bits of layers do not depend on the machine.</summary>
public unsafe class LayerBitsTests
{
    public static TheoryData<Activation> Activations => new(Enum.GetValues<Activation>());

    [Theory, MemberData(nameof(Activations))]
    public void The_number_of_threads_does_not_change_the_bits_of_passes(Activation activation)
    {
        using var scope = torch.NewDisposeScope();
        // Enough columns for four threads.
        var hidden = new HiddenLayers { Widths = [200, 130], BatchNorm = true, Activation = activation };
        int threads = torch.get_num_threads();
        try
        {
            byte[][] results = [.. new[] { 1, 2, 4 }.Select(count =>
            {
                torch.set_num_threads(count);
                var generator = new RandomGenerator(1);
                using var mlp = new Mlp(90, hidden, 70, activation, Initialization.Glorot, generator);
                using var pass = Backpropagation.Of(mlp);
                var y = pass.Forward(generator.Normal([150, 90]), inputGradient: true).clone();
                var (gradients, input) = pass.Backward(generator.Normal([150, 70]));
                return gradients.Append(input).Append(y).Concat(mlp.named_buffers().Select(b => b.buffer)).SelectMany(Bytes).ToArray();
            })];
            results[1].Should().Equal(results[0]);
            results[2].Should().Equal(results[0]);
        }
        finally
        {
            torch.set_num_threads(threads);
        }
    }

    [Theory, MemberData(nameof(Activations))]
    public void The_width_of_the_vectors_does_not_change_the_bits_of_activations_batch_norm_and_directions(Activation activation)
    {
        using var scope = torch.NewDisposeScope();
        foreach (bool ofBatch in new[] { true, false })
        {
            float[] narrow = Passes<Lanes1>.Run(activation, ofBatch);
            Passes<Lanes4>.Run(activation, ofBatch).Should().Equal(narrow);
            Passes<Lanes8>.Run(activation, ofBatch).Should().Equal(narrow);
            Passes<Lanes16>.Run(activation, ofBatch).Should().Equal(narrow);
        }
    }

    private static byte[] Bytes(torch.Tensor? tensor) => tensor?.contiguous().bytes.ToArray() ?? throw new InvalidOperationException("Every gradient is wanted.");

    private static class Passes<TLanes> where TLanes : unmanaged, ILanes<TLanes>
    {
        private const int Rows = 21, Columns = 32;

        public static float[] Run(Activation activation, bool ofBatch)
        {
            torch.Tensor x = Normal(1) * 3, y = torch.zeros(Rows, Columns), gradient = Normal(2), columns = Normal(3).abs();
            float* Row(int row) => TensorMemory.Pointer(columns) + row * Columns;
            var norm = new BatchNormColumns
            {
                Weight = Row(0),
                WeightGradient = Row(1),
                RunningMean = Row(2),
                RunningVariance = Row(3),
                InverseDeviation = Row(4),
                Normalized = TensorMemory.Pointer(x),
                OfBatch = ofBatch,
                Follows = ofBatch,
            };
            ActivationFunctions.Use(activation, new Use(norm, Row(5), Row(6), TensorMemory.Pointer(y), TensorMemory.Pointer(gradient)));
            return [.. x.Values(), .. y.Values(), .. gradient.Values(), .. columns.Values()];
        }

        private static torch.Tensor Normal(ulong seed)
        {
            var generator = new RandomGenerator(seed);
            return generator.Normal([Rows, Columns]);
        }

        private readonly struct Use(BatchNormColumns norm, float* bias, float* biasGradient, float* y, float* gradient) : IActivationUse
        {
            public void With<TFunction>() where TFunction : struct, IActivationFunction
            {
                new BatchNormForward<TFunction>(norm, bias, y, Columns).Tile<TLanes>(0, Rows, 0, Columns);
                new BatchNormBackward<TFunction>(norm, gradient, y, biasGradient, Columns).Tile<TLanes>(0, Rows, 0, Columns);
                // x̂ serves as a direction, and what was γ's gradient as the bias's.
                var bend = torch.zeros(Rows, Columns);
                new AlongPass<TFunction>(gradient, y, norm.Normalized, TensorMemory.Pointer(bend), Columns).Tile<TLanes>(0, Rows, 0, Columns);
                new BendPass<TFunction>(TensorMemory.Pointer(bend), true, gradient, y, norm.WeightGradient, Columns).Tile<TLanes>(0, Rows, 0, Columns);
                // Left where it is compared.
                bend.Values().CopyTo(new Span<float>(gradient, Rows * Columns));
            }
        }
    }
}
