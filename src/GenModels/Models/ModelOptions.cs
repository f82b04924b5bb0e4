using System.Text.Json.Serialization;
using GenModels.Networks;

namespace GenModels;

/// <summary>Settings that every model has. Immutable; checked when a model is made of them.</summary>
public abstract record ModelOptions
{
    /// <summary>The shape of one example, without the batch dimension.</summary>
    /// <value>Default [784]: an image of 28×28 pixels as a vector. Every size at least 1.</value>
    public ValueList<long> ExampleShape { get; init; } = [784];

    /// <summary>Decides the initial weights and everything that training draws.</summary>
    /// <value>Default 0.</value>
    public ulong Seed { get; init; }

    /// <summary>The number of values in one example.</summary>
    [JsonIgnore]
    public long ExampleSize => ExampleShape.Aggregate(1L, (product, size) => product * size);

    /// <summary>The weights and buffers that a model of these settings has, those of its caller's own networks left out where they are not known.</summary>
    /// <param name="ownNetworks">Which networks are the caller's.</param>
    internal virtual IEnumerable<StateShape> ImpliedState(IReadOnlyCollection<string> ownNetworks) => [];

    /// <summary>How many values an example has for each network that takes one.</summary>
    internal virtual IEnumerable<long> InputSizes => [ExampleSize];

    /// <summary>Throws where a setting lies outside its range.</summary>
    /// <exception cref="ArgumentException">A setting lies outside its range; the message names value and range.</exception>
    public virtual void Validate()
    {
        Guard.NotNull(ExampleShape);
        if (ExampleShape.Count == 0) throw new ArgumentException("The shape of an example is empty, expected at least one size.", nameof(ExampleShape));
        foreach (long size in ExampleShape) Guard.Positive(size, nameof(ExampleShape));
        CheckNumberOfValues(examples: 1);
    }

    /// <summary>Checks that the number of values in so many examples can be counted.</summary>
    private protected void CheckNumberOfValues(long examples)
    {
        var values = (Int128)examples;
        foreach (long size in ExampleShape)
        {
            values *= size;
            if (values > long.MaxValue)
                throw new ArgumentException($"{examples} examples of the shape {Guard.Shape(ExampleShape)} have 2⁶³ values or more, expected fewer.", nameof(ExampleShape));
        }
    }
}
