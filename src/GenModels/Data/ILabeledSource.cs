namespace GenModels.Data;

/// <summary>Examples that belong to classes, such as images of digits: what a model that is conditional on a class learns from.</summary>
public interface ILabeledSource : IExampleSource
{
    /// <summary>The number of classes; 0 where the examples have no labels.</summary>
    int Classes { get; }

    /// <summary>The class of an example, in [0, <see cref="Classes"/>).</summary>
    /// <param name="index">The example's index, in [0, <see cref="IExampleSource.Count"/>).</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is out of its range.</exception>
    /// <exception cref="InvalidOperationException">The examples have no labels.</exception>
    int Label(int index);
}
