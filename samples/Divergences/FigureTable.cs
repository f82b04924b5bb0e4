using Spectre.Console;

namespace GenModels.Samples;

/// <summary>A table of figures in the terminal.</summary>
internal sealed class FigureTable
{
    private readonly Table _table = new Table().Border(TableBorder.Rounded);
    private readonly string _title;

    public FigureTable(string title, params string[] columns)
    {
        _title = title;
        foreach (string column in columns) _table.AddColumn(new TableColumn(new Text(column)));
    }

    public void Add(params double[] figures) => _table.AddRow(figures.Select(Cell));

    public void Add(string name, params double[] figures) => _table.AddRow(figures.Select(Cell).Prepend(new Text(name)));

    /// <summary>Writes the title, the table, and what is to be seen in it.</summary>
    public void Show(string remark = "")
    {
        AnsiConsole.WriteLine(_title);
        AnsiConsole.Write(_table);
        AnsiConsole.WriteLine(remark);
        if (remark.Length > 0) AnsiConsole.WriteLine();
    }

    private static Text Cell(double figure) => new(double.IsPositiveInfinity(figure) ? "∞" : $"{figure:F4}", Style.Plain);
}
