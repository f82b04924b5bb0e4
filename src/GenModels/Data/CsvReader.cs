using System.Text;

namespace GenModels.Data;

/// <summary>
/// Splits comma-separated text into records (RFC 4180): fields may stand in double quotes, within which commas and line ends are text and a
/// doubled quote is a quote. Lines end in CR LF or LF, the last one may lack its end. Everything else is an error that names its place.
/// </summary>
internal sealed class CsvReader(TextReader text, string name)
{
    private const int End = -1;

    private readonly StringBuilder _field = new();
    private int _line = 1;

    /// <summary>The line on which the record that was read last starts, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>The next record's fields; null at the end of the text.</summary>
    /// <exception cref="InvalidDataException">A quote stands where none may, or is not closed.</exception>
    public string[]? Read()
    {
        if (text.Peek() == End) return null;
        Line = _line;
        var fields = new List<string>();
        int stop;
        do
        {
            stop = text.Peek() == '"' ? ReadQuoted(fields.Count + 1) : ReadPlain(fields.Count + 1);
            fields.Add(_field.ToString());
        }
        while (stop == ',');
        return [.. fields];
    }

    /// <summary>An error in the file.</summary>
    public static InvalidDataException Error(string name, int line, string finding) => new($"{name}, line {line}: {finding}");

    /// <summary>Reads up to a comma, the end of the line or of the text, and returns which it was.</summary>
    private int ReadPlain(int column)
    {
        _field.Clear();
        for (int c = text.Read(); ; c = text.Read())
        {
            if (c is ',' or '\n' or End) return Ended(c);
            if (c == '\r' && text.Peek() == '\n') continue;
            if (c == '"') throw Error(name, _line, $"column {column} has a quote inside a field, expected the whole field in quotes and its quotes doubled.");
            _field.Append((char)c);
        }
    }

    private int ReadQuoted(int column)
    {
        _field.Clear();
        text.Read();
        int start = _line;
        while (true)
        {
            int c = text.Read();
            if (c == End) throw Error(name, start, $"column {column} starts with a quote that is never closed.");
            if (c == '"' && text.Peek() != '"') return AfterQuote(column);
            if (c == '"') text.Read();
            if (c == '\n') _line++;
            _field.Append((char)c);
        }
    }

    private int AfterQuote(int column)
    {
        int c = text.Read();
        if (c == '\r' && text.Peek() == '\n') c = text.Read();
        if (c is ',' or '\n' or End) return Ended(c);
        throw Error(name, _line, $"column {column} has '{(char)c}' after its closing quote, expected a comma or the end of the line.");
    }

    private int Ended(int c)
    {
        if (c == '\n') _line++;
        return c;
    }
}
