using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace GenModels.Data;

/// <summary>
/// What a conditional model is told of each example, and of each sample that it draws: it learns p(x|c) in place of p(x). Its networks are
/// given c beside their input.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(ClassCondition), "class")]
[JsonDerivedType(typeof(VectorCondition), "vector")]
public abstract record Condition
{
    private protected Condition() { }

    /// <summary>The number of values that stand for a condition beside a network's input.</summary>
    [JsonIgnore]
    public abstract int Size { get; }

    /// <summary>One of several classes, such as the digit that an image shows.</summary>
    /// <param name="count">How many classes, at least 2.</param>
    public static ClassCondition Classes(int count) => new(count);

    /// <summary>A vector, such as the attributes of a face or the row of a table that stays fixed.</summary>
    /// <param name="size">How many numbers it has, at least 1.</param>
    public static VectorCondition Vectors(int size) => new(size);

    internal abstract void Validate();

    /// <summary>Throws where a source does not tell the condition of its examples.</summary>
    internal abstract void Check(IExampleSource source, string name);

    /// <summary>The conditions of some examples, as <see cref="Batch.Condition"/> has them, on the CPU.</summary>
    internal abstract Tensor Gather(IExampleSource source, ReadOnlySpan<int> indices);

    /// <summary>Throws where a tensor does not hold the conditions of so many examples.</summary>
    internal abstract void Check(Tensor condition, long examples, string name);

    /// <summary>What networks are given, shape [n, <see cref="Size"/>], in single precision.</summary>
    internal abstract Tensor Encode(Tensor condition);

    private protected static void CheckShape(Tensor condition, string name, ScalarType type, string meaning, params long[] shape)
    {
        if (condition.dtype != type || !condition.shape.AsSpan().SequenceEqual(shape))
            throw new ArgumentException(
                $"The condition is {condition.dtype} {Guard.Shape(condition.shape)}, expected {type} {Guard.Shape(shape)}: {meaning}.", name);
    }
}
