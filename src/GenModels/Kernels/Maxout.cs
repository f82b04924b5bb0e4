using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GenModels.Kernels;

/// <summary>Units that take the greatest of their pieces, which stand beside one another (Goodfellow et al. 2013, equation 1).</summary>
internal static unsafe class Maxout
{
    /// <summary>y ← the greatest of each unit's pieces, the first of equal ones, and NaN where one is NaN.</summary>
    /// <param name="sums">Shape [units, pieces].</param>
    /// <param name="pieces">How many pieces a unit has.</param>
    /// <param name="y">Receives one value a unit.</param>
    /// <param name="chosen">Receives which piece each unit took.</param>
    /// <param name="units">The number of units, over all rows.</param>
    public static void Forward(float* sums, int pieces, float* y, int* chosen, long units) =>
        ThreadTeam.Run(new ForwardWork(sums, pieces, y, chosen, units), Passes.Threads(units * pieces));

    /// <summary>The gradient of the pieces: that of the unit for the piece that it took, 0 for the others.</summary>
    public static void Backward(float* gradient, int* chosen, int pieces, float* sumsGradient, long units) =>
        ThreadTeam.Run(new BackwardWork(gradient, chosen, pieces, sumsGradient, units), Passes.Threads(units * pieces));

    /// <summary>y ← the value of the piece that each unit took before.</summary>
    public static void Chosen(float* sums, int* chosen, int pieces, float* y, long units) =>
        ThreadTeam.Run(new ChosenWork(sums, chosen, pieces, y, units), Passes.Threads(units));

    private readonly struct ChosenWork(float* sums, int* chosen, int pieces, float* y, long units) : IParallelWork
    {
        public void Part(int part, int parts)
        {
            long end = units * (part + 1) / parts;
            for (long unit = units * part / parts; unit < end; unit++) y[unit] = sums[unit * pieces + chosen[unit]];
        }
    }

    private readonly struct ForwardWork(float* sums, int pieces, float* y, int* chosen, long units) : IParallelWork
    {
        public void Part(int part, int parts)
        {
            long unit = units * part / parts, end = units * (part + 1) / parts;
            if (Avx2.IsSupported)
                for (; unit + 8 <= end; unit += 8) EightUnits(unit);
            for (; unit < end; unit++)
            {
                float* piece = sums + unit * pieces;
                int best = 0;
                for (int i = 1; i < pieces; i++)
                    if (!(piece[i] <= piece[best]) && !float.IsNaN(piece[best])) best = i;
                y[unit] = piece[best];
                chosen[unit] = best;
            }
        }

        // Which piece is the greatest can't be foretold, so branches for it would cost more than gathering.
        private void EightUnits(long unit)
        {
            float* piece = sums + unit * pieces;
            var offsets = Vector256<int>.Indices * pieces;
            var greatest = Avx2.GatherVector256(piece, offsets, sizeof(float));
            var taken = Vector256<int>.Zero;
            for (int i = 1; i < pieces; i++)
            {
                var next = Avx2.GatherVector256(piece + i, offsets, sizeof(float));
                var takes = Vector256.AndNot(Vector256.Equals(greatest, greatest), Vector256.LessThanOrEqual(next, greatest));
                greatest = Vector256.ConditionalSelect(takes, next, greatest);
                taken = Vector256.ConditionalSelect(takes.AsInt32(), Vector256.Create(i), taken);
            }
            greatest.Store(y + unit);
            taken.Store(chosen + unit);
        }
    }

    private readonly struct BackwardWork(float* gradient, int* chosen, int pieces, float* sumsGradient, long units) : IParallelWork
    {
        public void Part(int part, int parts)
        {
            long start = units * part / parts, end = units * (part + 1) / parts;
            NativeMemory.Clear(sumsGradient + start * pieces, (nuint)((end - start) * pieces * sizeof(float)));
            for (long unit = start; unit < end; unit++) sumsGradient[unit * pieces + chosen[unit]] = gradient[unit];
        }
    }
}
