using GenModels.Kernels;

namespace GenModels.Tests.Kernels;

public unsafe class LaneMathTests
{
    // Half a unit in the last place of single precision, relative.
    private const double HalfUlp = 6e-8;

    [Fact]
    public void Exp_is_within_two_units_in_the_last_place()
    {
        for (double x = -87; x <= 88; x += 0.00731)
            Error(Exp((float)x), Math.Exp((float)x)).Should().BeLessThan(4 * HalfUlp, "x = {0}", x);
    }

    [Theory]
    [InlineData(-1000, 0)]
    [InlineData(float.NegativeInfinity, 0)]
    [InlineData(100, float.PositiveInfinity)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(0, 1)]
    public void Exp_at_the_edges(float x, float expected) => Exp(x).Should().Be(expected);

    [Fact]
    public void Exp_minus_1_is_within_three_units_in_the_last_place()
    {
        for (double x = 1e-30; x < 100; x = x < 1e-2 ? x * 1.2 : x + 0.00173)
            Error(-ExpMinus1(-(float)x), -Exact(-(float)x)).Should().BeLessThan(6 * HalfUlp, "x = {0}", -x);
        (ExpMinus1(0), ExpMinus1(-1000), ExpMinus1(float.NegativeInfinity)).Should().Be((0f, -1f, -1f));

        // The series where the difference cancels.
        static double Exact(double x) => x < -1e-3 ? Math.Exp(x) - 1 : x * (1 + x / 2 * (1 + x / 3 * (1 + x / 4)));
    }

    [Fact]
    public void Log1p_is_within_two_units_in_the_last_place()
    {
        for (double e = 1e-12; e <= 1; e = e < 1e-3 ? e * 1.3 : e + 0.00037)
            Error(Log1p((float)e), 2 * Math.Atanh((float)e / (2 + (double)(float)e))).Should().BeLessThan(4 * HalfUlp, "e = {0}", e);
        Log1p(0).Should().Be(0);
        Log1p(1).Should().BeApproximately(MathF.Log(2), 1.2e-7f);
    }

    [Fact]
    public void Log_is_within_three_units_in_the_last_place()
    {
        for (double x = 1.2e-38; x < 3e38; x *= 1.0137)
            Math.Abs(Log((float)x) / Math.Log((float)x) - 1).Should().BeLessThan(6 * HalfUlp, "x = {0}", x);
        Log(1).Should().Be(0);
    }

    [Fact]
    public void Tanh_and_sigmoid_are_within_three_units_in_the_last_place()
    {
        for (double x = 1e-8; x < 20; x = x < 1e-2 ? x * 1.2 : x + 0.00173)
        {
            Error(Tanh((float)x), Math.Tanh((float)x)).Should().BeLessThan(6 * HalfUlp, "x = {0}", x);
            Tanh(-(float)x).Should().Be(-Tanh((float)x));
            Error(Sigmoid((float)x), 1 / (1 + Math.Exp(-(float)x))).Should().BeLessThan(6 * HalfUlp, "x = {0}", x);
            Error(Sigmoid(-(float)x), 1 / (1 + Math.Exp((float)x))).Should().BeLessThan(6 * HalfUlp, "x = {0}", -x);
        }
        (Tanh(0), Tanh(1000), Tanh(-1000), Sigmoid(-1000), Sigmoid(1000)).Should().Be((0f, 1f, -1f, 0f, 1f));
    }

    [Fact]
    public void Wide_and_narrow_packs_agree_to_the_bit()
    {
        float* x = stackalloc float[16];
        float* wide = stackalloc float[16];
        float* middle = stackalloc float[16];
        float* narrow = stackalloc float[16];
        for (int i = 0; i < 16; i++) x[i] = -20 + 2.71f * i;
        LaneMath.Exp(Lanes16.Load(x)).Store(wide);
        for (int i = 0; i < 16; i += 8) LaneMath.Exp(Lanes8.Load(x + i)).Store(middle + i);
        for (int i = 0; i < 16; i += 4) LaneMath.Exp(Lanes4.Load(x + i)).Store(narrow + i);
        for (int i = 0; i < 16; i++)
        {
            middle[i].Should().Be(wide[i]);
            narrow[i].Should().Be(wide[i]);
            Exp(x[i]).Should().Be(wide[i]);
        }
    }

    [Fact]
    public void Packs_of_four_are_reduced_to_what_packs_of_sixteen_are()
    {
        float* x = stackalloc float[16];
        for (int i = 0; i < 16; i++) x[i] = (7 * i + 3) % 16 - 8;
        (Lanes16.Sum(Lanes16.Load(x)), Lanes16.Least(Lanes16.Load(x)), Lanes16.Greatest(Lanes16.Load(x))).Should().Be((-8f, -8f, 7f));
        var (sum, least, greatest) = (0f, float.PositiveInfinity, float.NegativeInfinity);
        for (int i = 0; i < 16; i += 4)
        {
            var pack = Lanes4.Load(x + i);
            (sum, least, greatest) = (sum + Lanes4.Sum(pack), Math.Min(least, Lanes4.Least(pack)), Math.Max(greatest, Lanes4.Greatest(pack)));
        }
        (sum, least, greatest).Should().Be((-8f, -8f, 7f));
        Lanes4.AnyNaN(Lanes4.Load(x)).Should().BeFalse();
        x[3] = float.NaN;
        Lanes4.AnyNaN(Lanes4.Load(x)).Should().BeTrue();
    }

    [Fact]
    public void The_bits_of_floats_are_words()
    {
        Check<Lanes1>();
        Check<Lanes4>();
        Check<Lanes8>();
        Check<Lanes16>();

        static void Check<T>() where T : unmanaged, ILanes<T>
        {
            T word = T.BroadcastBits(0x81234567), other = T.BroadcastBits(0xFF00FF00);
            Word(word & other).Should().Be(0x81004500);
            Word(word ^ other).Should().Be(0x7E23BA67);
            Word(T.AddWords(word, other)).Should().Be(0x80244467);
            Word(T.ShiftLeft(word, 4)).Should().Be(0x12345670);
            Word(T.ShiftRight(word, 4)).Should().Be(0x08123456);
            Word(T.ShiftRightSigned(word, 4)).Should().Be(0xF8123456);
            Word(T.ToSingle(T.BroadcastBits(0xFFFFFFFB))).Should().Be(BitConverter.SingleToUInt32Bits(-5));
        }

        static uint Word<T>(T pack) where T : unmanaged, ILanes<T>
        {
            float* lanes = stackalloc float[16];
            pack.Store(lanes);
            uint[] words = new Span<uint>(lanes, T.Count).ToArray();
            words.Should().OnlyContain(word => word == words[0]);
            return words[0];
        }
    }

    private static double Error(float actual, double expected) => Math.Abs(actual - expected) / expected;

    private static float ExpMinus1(float x) => One(LaneMath.ExpMinus1(Lanes1.Broadcast(x)));

    private static float Exp(float x) => One(LaneMath.Exp(Lanes1.Broadcast(x)));

    private static float Log1p(float e) => One(LaneMath.Log1p(Lanes1.Broadcast(e)));

    private static float Log(float x) => One(LaneMath.Log(Lanes1.Broadcast(x)));

    private static float Tanh(float x) => One(LaneMath.Tanh(Lanes1.Broadcast(x)));

    private static float Sigmoid(float x) => One(LaneMath.Sigmoid(Lanes1.Broadcast(x)));

    private static float One(Lanes1 value)
    {
        float result;
        value.Store(&result);
        return result;
    }
}
