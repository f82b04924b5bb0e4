namespace GenModels;

/// <summary>The figures of one step or evaluation. Each model has a record of its own; this is what a trainer reads of any.</summary>
public interface IMetrics
{
    /// <summary>The objective that training minimizes.</summary>
    double Loss { get; }

    /// <summary>Every figure under a stable lower-case name, <c>loss</c> first.</summary>
    IEnumerable<(string Name, double Value)> Named { get; }
}
