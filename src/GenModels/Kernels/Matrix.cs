namespace GenModels.Kernels;

/// <summary>A matrix in memory; one of its steps is 1.</summary>
/// <param name="values">Its first element.</param>
/// <param name="rowStep">The distance from an element to the one below.</param>
/// <param name="columnStep">The distance from an element to its right neighbor.</param>
internal readonly unsafe struct Matrix(float* values, long rowStep, long columnStep)
{
    public float* Values { get; } = values;

    public long RowStep { get; } = rowStep;

    public long ColumnStep { get; } = columnStep;

    public Matrix Transposed => new(Values, ColumnStep, RowStep);

    public float* At(long row, long column) => Values + row * RowStep + column * ColumnStep;
}
