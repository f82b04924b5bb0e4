using System.Text.Json.Serialization;

namespace GenModels.Data;

/// <summary>What the values of a column are.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ColumnKind>))]
public enum ColumnKind
{
    /// <summary>Numbers: one value, standardized to mean 0 and deviation 1.</summary>
    Number,

    /// <summary>Whole numbers: standardized as numbers are, and rounded when they are decoded.</summary>
    Integer,

    /// <summary>Texts of which there are a few: a value for each, 1 for the one that is meant and 0 for the others.</summary>
    Category,
}
