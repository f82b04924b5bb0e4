using System.Text.Json.Serialization;
using GenModels.Data;
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

    /// <summary>What the model is told of each example: it learns p(x|c) in place of p(x).</summary>
    /// <value>
    /// Default null: nothing. A network that the user brings is then given [n, values + <see cref="Data.Condition.Size"/>]: the values of its
    /// input, flattened, and the condition behind them.
    /// </value>
    public Condition? Condition { get; init; }

    /// <summary>The number of values in one example.</summary>
    [JsonIgnore]
    public long ExampleSize => ExampleShape.Size();

    /// <summary>The weights and buffers that a model of these settings has, those of its caller's own networks left out where they are not known.</summary>
    /// <param name="ownNetworks">Which networks are the caller's.</param>
    internal virtual IEnumerable<StateShape> ImpliedState(IReadOnlyCollection<string> ownNetworks) => [];

    /// <summary>How many values an example has for each network that takes one.</summary>
    internal virtual IEnumerable<long> InputSizes => [ExampleSize];

    /// <summary>How many values the network gives whose output examples are made of.</summary>
    internal virtual long OutputSize => ExampleSize;

    /// <summary>How many values stand for a condition beside a network's input; 0 without one.</summary>
    internal int ConditionSize => Condition?.Size ?? 0;

    /// <summary>The shape of a network's input for each example: <paramref name="shape"/>, or where there is a condition, as many values and the condition's.</summary>
    internal ValueList<long> InputShape(ValueList<long> shape) => Condition is null ? shape : [shape.Size() + ConditionSize];

    /// <summary>Throws where a setting lies outside its range.</summary>
    /// <exception cref="ArgumentException">A setting lies outside its range; the message names value and range.</exception>
    public virtual void Validate()
    {
        Guard.NotNull(ExampleShape);
        if (ExampleShape.Count == 0) throw new ArgumentException("The shape of an example is empty, expected at least one size.", nameof(ExampleShape));
        foreach (long size in ExampleShape) Guard.Positive(size, nameof(ExampleShape));
        CheckNumberOfValues(ExampleShape, examples: 1);
        Condition?.Validate();
    }

    /// <summary>Checks that the number of values in so many examples can be counted.</summary>
    private protected static void CheckNumberOfValues(ValueList<long> shape, long examples)
    {
        var values = (Int128)examples;
        foreach (long size in shape)
        {
            values *= size;
            if (values > long.MaxValue)
                throw new ArgumentException($"{examples} examples of the shape {Guard.Shape(shape)} have 2⁶³ values or more, expected fewer.", nameof(ExampleShape));
        }
    }
}
