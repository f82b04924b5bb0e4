namespace GenModels.Data;

/// <summary>A field of a record in comma-separated text.</summary>
/// <param name="Text">Its text, without the quotes around it.</param>
/// <param name="IsQuoted">Whether it was enclosed in quotes.</param>
internal readonly record struct CsvField(string Text, bool IsQuoted);
