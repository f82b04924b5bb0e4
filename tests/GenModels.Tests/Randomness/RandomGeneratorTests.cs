namespace GenModels.Tests.Randomness;

public sealed class RandomGeneratorTests
{
    private const int Many = 70_001;

    [Fact]
    public void The_bits_do_not_depend_on_the_number_of_threads()
    {
        int threads = torch.get_num_threads();
        try
        {
            float[][] drawn = [.. new[] { 1, 2, 3, 7 }.Select(number =>
            {
                torch.set_num_threads(number);
                return Drawn(new RandomGenerator(11), Many, first: 63);
            })];
            drawn.Should().AllSatisfy(d => d.AsSpan().SequenceEqual(drawn[0]).Should().BeTrue());
        }
        finally
        {
            torch.set_num_threads(threads);
        }
    }

    [Fact]
    public void The_bits_are_the_same_everywhere_and_for_ever()
    {
        // A seed's meaning may change only on purpose, with every figure that was published with it.
        Drawn(RandomGenerator.For(42, "noise"), 4).Select(BitConverter.SingleToUInt32Bits).Should().Equal(0x3F4B2C09U, 0xBE0BCFA8U, 0x3EFA5A04U, 0x3F2166CCU);
        double[] doubles = new double[2];
        RandomGenerator.For(42, "noise").FillNormal(doubles);
        doubles.Select(BitConverter.DoubleToUInt64Bits).Should().Equal(0x3FAAE29690E243E4UL, 0x3FCEC3AB12542482UL);
        RandomGenerator.For(42, "order").Permutation(8).Should().Equal(3, 7, 1, 0, 5, 6, 2, 4);
    }

    [Fact]
    public void Each_call_takes_a_step_and_a_step_can_be_gone_back_to()
    {
        var generator = new RandomGenerator(3);
        float[] first = Drawn(generator, 100), second = Drawn(generator, 100);
        generator.FillUniform(new double[2]);
        generator.FillNormal(new double[2]);
        generator.FillBernoulli([], 0.5);
        generator.FillIntegers(new int[3], 7);
        generator.Permutation(5);
        var sequence = generator.Sequence();
        sequence.NextBits();
        sequence.NextBits();
        generator.Step.Should().Be(8);
        second.Should().NotIntersectWith(first);

        generator.Step = 1;
        Drawn(generator, 100).Should().Equal(second);
        Drawn(new RandomGenerator(3) { Step = 1 }, 100).Should().Equal(second);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 63)]
    [InlineData(64, 64)]
    [InlineData(63, 66)]
    [InlineData(77, 1000)]
    [InlineData(4096, 5000)]
    public void A_shard_is_a_part_of_the_whole(int first, int count)
    {
        var generator = new RandomGenerator(8);
        float[] singles = new float[10_000], bits = new float[10_000];
        double[] uniforms = new double[10_000], normals = new double[10_000];
        int[] integers = new int[10_000];
        generator.FillNormal(singles);
        generator.FillBernoulli(bits, 0.3);
        generator.FillUniform(uniforms);
        generator.FillNormal(normals);
        generator.FillIntegers(integers, 1000);

        generator.Step = 0;
        float[] someSingles = new float[count], someBits = new float[count];
        double[] someUniforms = new double[count], someNormals = new double[count];
        int[] someIntegers = new int[count];
        generator.FillNormal(someSingles, first);
        generator.FillBernoulli(someBits, 0.3, first);
        generator.FillUniform(someUniforms, first);
        generator.FillNormal(someNormals, first);
        generator.FillIntegers(someIntegers, 1000, first);
        someSingles.Should().Equal(singles[first..(first + count)]);
        someBits.Should().Equal(bits[first..(first + count)]);
        someUniforms.Should().Equal(uniforms[first..(first + count)]);
        someNormals.Should().Equal(normals[first..(first + count)]);
        someIntegers.Should().Equal(integers[first..(first + count)]);
    }

    [Theory]
    [InlineData(torch.ScalarType.Float32)]
    [InlineData(torch.ScalarType.Float64)]
    public void Rows_of_a_tensor_can_be_drawn_on_their_own(torch.ScalarType type)
    {
        using var scope = torch.NewDisposeScope();
        var generator = new RandomGenerator(8);
        var whole = generator.Normal([128, 5, 4], type);
        generator.Step = 0;
        var rows = generator.Normal([64, 5, 4], type, firstRow: 64);
        rows.dtype.Should().Be(type);
        rows.eq(whole.narrow(0, 64, 64)).all().item<bool>().Should().BeTrue();
        generator.Step = 0;
        generator.Normal([64, 5, 4], type).eq(rows).any().item<bool>().Should().BeFalse();
    }

    [Fact]
    public unsafe void Tensors_and_the_memory_of_kernels_get_the_numbers_of_spans()
    {
        using var scope = torch.NewDisposeScope();
        var generator = new RandomGenerator(9);
        float[] values = new float[63], memory = new float[63];
        double[] doubles = new double[63];

        generator.FillNormal(values);
        AtTheSameStep().Normal([7, 9]).Values().Should().Equal(values);

        generator.FillUniform(values);
        AtTheSameStep().Uniform([7, 9]).Values().Should().Equal(values);
        fixed (float* target = memory) AtTheSameStep().FillUniform(target, memory.Length);
        memory.Should().Equal(values);

        generator.FillBernoulli(values, 0.25);
        AtTheSameStep().Bernoulli([7, 9], 0.25).Values().Should().Equal(values);
        fixed (float* target = memory) AtTheSameStep().FillChoice(target, memory.Length, 0.25, 4, -1);
        memory.Should().Equal(values.Select(v => v == 1 ? 4f : -1f));

        generator.FillNormal(doubles);
        AtTheSameStep().Normal([7, 9], torch.float64).data<double>().ToArray().Should().Equal(doubles);
        generator.FillUniform(doubles);
        AtTheSameStep().Uniform([7, 9], torch.float64).data<double>().ToArray().Should().Equal(doubles);

        RandomGenerator AtTheSameStep()
        {
            generator.Step--;
            return generator;
        }
    }

    [Theory]
    [InlineData(new long[] { 0, 5 }, 0)]
    [InlineData(new long[] { 5, 0 }, 0)]
    [InlineData(new long[0], 1)]
    public void Tensors_may_be_empty_or_a_single_number(long[] shape, long count)
    {
        using var scope = torch.NewDisposeScope();
        var generator = new RandomGenerator(1);
        foreach (var type in new[] { torch.float32, torch.float64 })
        {
            var drawn = generator.Normal(shape, type);
            drawn.shape.Should().Equal(shape);
            drawn.numel().Should().Be(count);
        }
        generator.Step.Should().Be(2);
    }

    [Fact]
    public void What_can_not_be_drawn_is_refused_and_takes_no_step()
    {
        var generator = new RandomGenerator(1);
        Action[] outOfRange =
        [
            () => generator.FillNormal(new float[1], -1), () => generator.FillNormal(new double[1], -1), () => generator.FillUniform(new float[1], -1),
            () => generator.FillUniform(new double[1], -1), () => generator.FillIntegers(new int[1], 5, -1), () => generator.FillIntegers(new int[1], 0),
            () => generator.FillBernoulli(new float[1], 1.5), () => generator.FillBernoulli(new float[1], double.NaN), () => generator.Permutation(-1),
            () => generator.Normal([1], firstRow: -1), () => generator.Uniform([1], torch.float64, -1), () => generator.Bernoulli([1], -0.5),
        ];
        outOfRange.Should().AllSatisfy(draw => draw.Should().Throw<ArgumentOutOfRangeException>());
        generator.Invoking(g => g.Normal([2, -1])).Should().Throw<ArgumentException>().WithMessage("*[2, -1]*");
        generator.Invoking(g => g.Normal([1L << 40, 1L << 40])).Should().Throw<ArgumentException>().WithMessage("*fewer than 2⁶³*");
        generator.Invoking(g => g.Normal([2, 1L << 40], firstRow: 1L << 40)).Should().Throw<ArgumentException>().WithMessage("*fewer than 2⁶³*");
        generator.Invoking(g => g.Uniform([2], torch.int32)).Should().Throw<ArgumentException>().WithMessage("*Int32*Float32*");
        generator.Step.Should().Be(0);
    }

    private static float[] Drawn(RandomGenerator generator, int count, long first = 0)
    {
        float[] drawn = new float[count];
        generator.FillNormal(drawn, first);
        return drawn;
    }
}
