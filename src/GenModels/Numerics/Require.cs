namespace GenModels.Numerics;

/// <summary>Checks of arguments, NaN included, that return what they let through.</summary>
internal static class Require
{
    public static double Finite(double value, string name) => double.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(name, $"{name} is {value}; expected a finite number.");

    public static double Positive(double value, string name) => double.IsFinite(value) && value > 0
        ? value
        : throw new ArgumentOutOfRangeException(name, $"{name} is {value}; expected a finite number greater than 0.");

    public static int AtLeast(int least, int value, string name) => value >= least
        ? value
        : throw new ArgumentOutOfRangeException(name, $"{name} is {value}; expected at least {least}.");

    public static double[] Each(Func<double, string, double> check, ReadOnlySpan<double> values, string name)
    {
        if (values.IsEmpty) throw new ArgumentException($"{name} is empty; expected at least one element.", name);
        var copy = values.ToArray();
        for (int i = 0; i < copy.Length; i++) check(copy[i], $"{name}[{i}]");
        return copy;
    }

    public static void SameLength(int length, int expected, string name, string other)
    {
        if (length != expected)
            throw new ArgumentException($"{name} has {length} elements and {other} has {expected}; expected the same number.", name);
    }
}
