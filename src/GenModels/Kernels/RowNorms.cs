using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GenModels.Kernels;

/// <summary>The squared norms of a matrix's rows, and rows times numbers of their own.</summary>
internal static unsafe class RowNorms
{
    /// <summary>Σ x² over the first columns of each row. The bits depend neither on threads nor on the processor's vectors.</summary>
    /// <param name="x">The rows.</param>
    /// <param name="columns">How many columns the sums are over, of <paramref name="step"/> that a row has.</param>
    /// <param name="step">The distance from a row to the next.</param>
    /// <param name="norms">Receives one value for each row.</param>
    public static void Squared(float* x, long columns, long step, Span<float> norms)
    {
        fixed (float* target = norms)
            ThreadTeam.Run(new SquaredWork(x, columns, step, target, norms.Length), Passes.Threads(norms.Length * columns));
    }

    /// <summary>target ← x times its row's factor in the first columns, and 0 in the others.</summary>
    public static void Scale(float* x, long columns, long step, ReadOnlySpan<float> factors, float* target)
    {
        for (int row = 0; row < factors.Length && columns < step; row++)
            new Span<float>(target + row * step + columns, (int)(step - columns)).Clear();
        fixed (float* scales = factors) Tiles.Run(new ScalePass(x, step, scales, target), factors.Length, columns);
    }

    private readonly struct SquaredWork(float* x, long columns, long step, float* norms, long rows) : IParallelWork
    {
        public void Part(int part, int parts)
        {
            for (long row = rows * part / parts; row < rows * (part + 1) / parts; row++) norms[row] = Norm(x + row * step, columns);
        }

        // Eight sums side by side on any machine: .NET computes them one by one where there are no such vectors.
        private static float Norm(float* row, long columns)
        {
            var sums = Vector256<float>.Zero;
            long c = 0;
            for (; c + 8 <= columns; c += 8)
            {
                var values = Vector256.Load(row + c);
                sums = Vector256.FusedMultiplyAdd(values, values, sums);
            }
            double sum = 0;
            for (int i = 0; i < 8; i++) sum += sums[i];
            for (; c < columns; c++) sum += (double)row[c] * row[c];
            return (float)sum;
        }
    }

    private readonly struct ScalePass(float* x, long step, float* factors, float* target) : ITilePass
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Tile<T>(long row, long endRow, long column, long endColumn) where T : unmanaged, ILanes<T>
        {
            for (; row < endRow; row++)
            {
                var factor = T.Broadcast(factors[row]);
                for (long at = row * step + column; at < row * step + endColumn; at += T.Count) (T.Load(x + at) * factor).Store(target + at);
            }
        }
    }
}
