namespace GenModels.Data;

// Columns as what a model learns from.
public sealed partial class CsvTable
{
    /// <summary>Rows as examples of shape [columns], in single precision.</summary>
    /// <param name="columns">The names of the columns to take, in this order; all where none is given.</param>
    /// <exception cref="ArgumentException">There is no such column, or a value is too large for single precision.</exception>
    /// <remarks>
    /// Columns that tell what a row is become labels or condition vectors of the others:
    /// <c>table.ToSource("length", "width").WithLabels(table.Labels("species"))</c>.
    /// </remarks>
    public ArraySource ToSource(params IReadOnlyList<string> columns)
    {
        int[] places = [.. (Guard.NotNull(columns).Count > 0 ? columns : Columns).Select(IndexOf)];
        var values = new float[checked(Rows * places.Length)];
        for (int i = 0; i < values.Length; i++) values[i] = (float)this[i / places.Length, places[i % places.Length]];
        return new ArraySource(values, places.Length);
    }

    /// <summary>A column of class labels.</summary>
    /// <param name="column">Its name; its values are whole numbers from 0 on.</param>
    /// <exception cref="ArgumentException">There is no such column, or a value is no label.</exception>
    public int[] Labels(string column)
    {
        int place = IndexOf(Guard.NotNull(column));
        var labels = new int[Rows];
        for (int row = 0; row < Rows; row++)
        {
            double value = this[row, place];
            if (value is not (>= 0 and < int.MaxValue) || value != Math.Floor(value))
                throw new ArgumentException($"Row {row} of column {Quoted.Text(column)} has {Guard.Text(value)}, expected a class label: a whole number from 0 on.", nameof(column));
            labels[row] = (int)value;
        }
        return labels;
    }

    private int IndexOf(string column) => CsvRecords.IndexOf(Columns, column, nameof(column));
}
