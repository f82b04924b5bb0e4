using GenModels.Randomness;

namespace GenModels;

/// <summary>
/// A source of random numbers. A seed, a purpose and a count of calls decide every number, by the counter-based generator Philox4x32-10
/// (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011).
/// </summary>
/// <remarks>
/// <para>Every call that draws takes one step. A number depends on the seed, the purpose, the step and its place within the call, and on nothing
/// else: the bits are the same for any number of threads, any width of vectors and any libtorch. So <see cref="Step"/> is all there is to keep
/// in order to go on later, and a call can be made in shards that each say where they begin: <c>Normal([64, 20], firstRow: 64)</c> gives
/// the last rows of what <c>Normal([128, 20])</c> gives at the same step.</para>
/// <para>An instance holds no native resources. It is not safe for use by several threads at the same time.</para>
/// </remarks>
public sealed partial class RandomGenerator
{
    private readonly ulong _key;

    /// <summary>Makes a generator at step 0.</summary>
    /// <param name="seed">Any number; different seeds give independent numbers.</param>
    public RandomGenerator(ulong seed) : this(seed, "")
    {
    }

    private RandomGenerator(ulong seed, string purpose) => _key = RandomStreams.Derive(seed, purpose);

    /// <summary>How many calls have drawn from the generator. Setting it goes to any other, forwards or backwards.</summary>
    public ulong Step { get; set; }

    /// <summary>
    /// How many rows of a call come before those that are drawn now: more than 0 while a call that draws many rows, such as samples of a model, is made
    /// in chunks of them.
    /// </summary>
    internal long FirstRow { get; set; }

    /// <summary>Makes a generator at step 0 whose numbers are independent of those that the same seed gives other purposes.</summary>
    /// <param name="seed">Any number.</param>
    /// <param name="purpose">What the numbers are for: any text.</param>
    /// <exception cref="ArgumentNullException">The purpose is null.</exception>
    public static RandomGenerator For(ulong seed, string purpose) => new(seed, Guard.NotNull(purpose));

    /// <summary>Uniform numbers in [0, 1), multiples of 2⁻²⁴.</summary>
    /// <param name="target">Where they are written.</param>
    /// <param name="first">The place of the first within the call, at least 0: more than 0 for a shard of a call.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="first"/> is negative.</exception>
    public void FillUniform(Span<float> target, long first = 0) => Fill(new UniformTransform(), target, first);

    /// <summary>Uniform numbers in [0, 1), multiples of 2⁻⁵³.</summary>
    /// <inheritdoc cref="FillUniform(Span{float}, long)"/>
    public void FillUniform(Span<double> target, long first = 0)
    {
        Guard.AtLeast(first, 0);
        Uniforms(target, NextCall(), first);
    }

    /// <summary>
    /// Standard normal numbers, by the transform of Box and Muller ("A note on the generation of random normal deviates", 1958), at most
    /// √(64·log 2) ≈ 6.66 away from 0.
    /// </summary>
    /// <inheritdoc cref="FillUniform(Span{float}, long)"/>
    public void FillNormal(Span<float> target, long first = 0) => Fill(new NormalTransform(), target, first);

    /// <summary>Standard normal numbers in double precision, by the same transform, at most √(106·log 2) ≈ 8.6 away from 0.</summary>
    /// <inheritdoc cref="FillUniform(Span{float}, long)"/>
    public void FillNormal(Span<double> target, long first = 0)
    {
        Guard.AtLeast(first, 0);
        Normals(target, NextCall(), first);
    }

    /// <summary>Ones with a probability, otherwise zeros.</summary>
    /// <param name="target">Where they are written.</param>
    /// <param name="probability">That of a 1, in [0, 1], of which multiples of 2⁻²⁴ are met exactly.</param>
    /// <param name="first">The place of the first within the call, at least 0: more than 0 for a shard of a call.</param>
    /// <exception cref="ArgumentOutOfRangeException">The probability lies outside [0, 1], or <paramref name="first"/> is negative.</exception>
    public void FillBernoulli(Span<float> target, double probability, long first = 0) =>
        Fill(new ChoiceTransform((float)Guard.Within(probability, 0, 1), 1, 0), target, first);

    /// <summary>
    /// Uniform numbers in {0, …, <paramref name="below"/> − 1}: the upper half of a product with 64 random bits, so that the probability of a
    /// number is 1/<paramref name="below"/> within 2⁻⁶⁴.
    /// </summary>
    /// <param name="target">Where they are written.</param>
    /// <param name="below">How many numbers there are, at least 1.</param>
    /// <param name="first">The place of the first within the call, at least 0: more than 0 for a shard of a call.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="below"/> is less than 1, or <paramref name="first"/> is negative.</exception>
    public void FillIntegers(Span<int> target, int below, long first = 0)
    {
        Guard.AtLeast(below, 1);
        Guard.AtLeast(first, 0);
        var sequence = new RandomSequence(NextCall(), first);
        foreach (ref int value in target) value = (int)Math.BigMul(sequence.NextBits(), (ulong)below, out _);
    }

    /// <summary>The numbers 0, …, <paramref name="count"/> − 1 in random order, every order as likely as any other (Durstenfeld 1964).</summary>
    /// <param name="count">How many, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public int[] Permutation(int count)
    {
        int[] order = new int[Guard.AtLeast(count, 0)];
        var sequence = Sequence();
        for (int i = 0; i < order.Length; i++)
        {
            int other = sequence.NextInteger(i + 1);
            order[i] = order[other];
            order[other] = i;
        }
        return order;
    }

    /// <summary>Numbers one after the other. The call takes one step, whatever is drawn from the sequence.</summary>
    public RandomSequence Sequence() => new(NextCall());

    /// <summary>Uniform numbers into memory that a kernel works on.</summary>
    internal unsafe void FillUniform(float* target, long count, long first = 0) => RandomFill.Run(new UniformTransform(), NextCallForRows(), first, target, count);

    /// <summary>One of two values into memory that a kernel works on: <paramref name="chosen"/> with the probability, otherwise <paramref name="other"/>.</summary>
    internal unsafe void FillChoice(float* target, long count, double probability, float chosen, float other) =>
        RandomFill.Run(new ChoiceTransform((float)probability, chosen, other), NextCall(), 0, target, count);

    private static void Uniforms(Span<double> target, RandomCall call, long first)
    {
        var sequence = new RandomSequence(call, first);
        foreach (ref double value in target) value = sequence.NextDouble();
    }

    private static void Normals(Span<double> target, RandomCall call, long first)
    {
        // Numbers are made two at a time, and a shard may begin with the second of a pair.
        var sequence = new RandomSequence(call, first - first % 2);
        if (first % 2 == 1) sequence.NextNormal();
        foreach (ref double value in target) value = sequence.NextNormal();
    }

    /// <summary>A call whose numbers belong to no rows, which so has others in each chunk of a call that is made in chunks.</summary>
    private RandomCall NextCall() => new(FirstRow == 0 ? _key : _key ^ RandomStreams.Derive((ulong)FirstRow, "chunk"), Step++);

    /// <summary>A call whose numbers have their places from <see cref="FirstRow"/> on.</summary>
    private RandomCall NextCallForRows() => new(_key, Step++);

    private unsafe void Fill<TTransform>(TTransform transform, Span<float> target, long first) where TTransform : struct, IWordTransform
    {
        Guard.AtLeast(first, 0);
        fixed (float* start = target) RandomFill.Run(transform, NextCall(), first, start, target.Length);
    }
}
