using System.Text;

namespace GenModels.Data;

/// <summary>
/// Splits comma-separated text into records (RFC 4180): fields may be enclosed in double quotes, within which separators and line ends are text
/// and a doubled quote is a quote. Lines end in CR LF or LF; the last one may lack its end. Everything else is an error that says where it is.
/// </summary>
/// <param name="text">The text.</param>
/// <param name="name">What error messages call it.</param>
/// <param name="separator">What stands between two fields.</param>
internal sealed class CsvReader(TextReader text, string name, char separator)
{
    private const int End = -1;

    private readonly StringBuilder _field = new();
    private int _line = 1;

    /// <summary>The line on which the record that was read last starts, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>The next record's fields; null at the end of the text.</summary>
    /// <exception cref="InvalidDataException">A quote stands where none may, or is not closed.</exception>
    public CsvField[]? Read()
    {
        if (text.Peek() == End) return null;
        Line = _line;
        var fields = new List<CsvField>();
        int stop;
        do
        {
            bool isQuoted = text.Peek() == '"';
            stop = isQuoted ? ReadQuoted(fields.Count + 1) : ReadPlain(fields.Count + 1);
            fields.Add(new(_field.ToString(), isQuoted));
        }
        while (stop == separator);
        return [.. fields];
    }

    /// <summary>An error in the file.</summary>
    public static InvalidDataException Error(string name, int line, string finding) => new($"{name}, line {line}: {finding}");

    /// <summary>Reads up to a separator, the end of the line or of the text, and returns which it was.</summary>
    private int ReadPlain(int column)
    {
        _field.Clear();
        for (int c = text.Read(); ; c = text.Read())
        {
            if (EndsField(c)) return Ended(c);
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
        if (EndsField(c)) return Ended(c);
        throw Error(name, _line, $"column {column} has '{(char)c}' after its closing quote, expected {CsvSeparator.Describe(separator)} or the end of the line.");
    }

    private bool EndsField(int c) => c == separator || c is '\n' or End;

    private int Ended(int c)
    {
        if (c == '\n') _line++;
        return c;
    }
}
