using GenModels.Kernels;
using static TorchSharp.torch;

namespace GenModels.Tests.Kernels;

public sealed unsafe class MatrixProductTests
{
    // Every tile height and panel width, blocks of the inner dimension (512), of rows (256) and of columns (1,008), and what is left over.
    public static TheoryData<int, int, int> Sizes => new()
    {
        { 1, 1, 1 }, { 1, 7, 5 }, { 3, 20, 16 }, { 4, 5, 17 }, { 5, 64, 47 }, { 8, 3, 48 }, { 13, 129, 64 }, { 20, 784, 200 }, { 96, 50, 113 },
        { 128, 400, 40 }, { 128, 1, 33 }, { 257, 513, 49 }, { 300, 1_100, 80 }, { 9, 30, 1_100 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void The_product_is_that_of_double_precision_within_the_rounding_of_its_sums(int rows, int inner, int columns)
    {
        foreach (var (transposeA, transposeB) in new[] { (false, false), (false, true), (true, false), (true, true) })
        {
            using var scope = NewDisposeScope();
            var generator = new RandomGenerator(1);
            var a = Filled(transposeA ? [inner, rows] : [rows, inner], generator);
            var b = Filled(transposeB ? [columns, inner] : [inner, columns], generator);
            var before = Filled([rows, columns], generator);
            foreach (bool add in new[] { false, true })
            {
                var c = before.clone();
                MatrixProduct.Run(Matrix(a, transposeA), Matrix(b, transposeB), TensorMemory.Pointer(c), (rows, inner, columns), add);

                var (exactA, exactB) = (Exact(a, transposeA), Exact(b, transposeB));
                var exact = exactA.mm(exactB) + (add ? before.to(float64) : zeros_like(before).to(float64));
                // A chain of n fused operations errs by at most n units of 2⁻²⁴ of the sum of sizes; blocks and the sum with C add a few.
                var bound = (exactA.abs().mm(exactB.abs()) + before.to(float64).abs()) * ((inner + 4) * Math.Pow(2, -24));
                ((c.to(float64) - exact).abs() - bound).max().item<double>().Should().BeLessThanOrEqualTo(0);
            }
        }
    }

    [Fact]
    public void The_bits_do_not_depend_on_the_number_of_threads()
    {
        using var scope = NewDisposeScope();
        var generator = new RandomGenerator(2);
        var (a, b) = (Filled([150, 700], generator), Filled([700, 330], generator));
        int threads = get_num_threads();
        try
        {
            byte[][] results = [.. new[] { 1, 2, 3 }.Select(count =>
            {
                set_num_threads(count);
                var c = zeros(150, 330);
                MatrixProduct.Run(Matrix(a, false), Matrix(b, false), TensorMemory.Pointer(c), (150, 700, 330), add: false);
                return c.bytes.ToArray();
            })];
            results[1].Should().Equal(results[0]);
            results[2].Should().Equal(results[0]);
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    [Fact]
    public void The_bits_do_not_depend_on_the_width_of_the_vectors()
    {
        using var scope = NewDisposeScope();
        var generator = new RandomGenerator(3);
        var (a, b) = (Filled([5, 33], generator), Filled([33, 19], generator));
        var c = zeros(5, 19);
        MatrixProduct.Run(Matrix(a, false), Matrix(b, false), TensorMemory.Pointer(c), (5, 33, 19), add: false);
        var (x, y, result) = (a.data<float>().ToArray(), b.data<float>().ToArray(), c.data<float>().ToArray());
        for (int row = 0; row < 5; row++)
            for (int column = 0; column < 19; column++)
            {
                float sum = 0;
                for (int k = 0; k < 33; k++) sum = MathF.FusedMultiplyAdd(x[row * 33 + k], y[k * 19 + column], sum);
                result[row * 19 + column].Should().Be(sum);
            }
    }

    private static Tensor Filled(long[] shape, RandomGenerator generator) => generator.Normal(shape);

    private static Matrix Matrix(Tensor tensor, bool transposed)
    {
        var matrix = new Matrix(TensorMemory.Pointer(tensor), tensor.shape[1], 1);
        return transposed ? matrix.Transposed : matrix;
    }

    private static Tensor Exact(Tensor tensor, bool transposed) => (transposed ? tensor.t() : tensor).to(float64);
}
