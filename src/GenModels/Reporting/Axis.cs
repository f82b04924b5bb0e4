using System.Globalization;

namespace GenModels.Reporting;

/// <summary>One axis of a chart: the range of its values, the pixels they fall on, and round numbers to mark.</summary>
internal sealed class Axis
{
    private const int WantedTicks = 6;

    private readonly bool _isLogarithmic;
    private readonly double _low;
    private readonly double _high;

    private Axis(double low, double high, bool isLogarithmic, double start, double end, double leastStep = 0)
    {
        (_low, _high, _isLogarithmic, Start, End) = (low, high, isLogarithmic, start, end);
        Ticks = isLogarithmic ? LogarithmicTicks(low, high) : LinearTicks(low, high, leastStep);
    }

    /// <summary>The pixel of the lowest value.</summary>
    public double Start { get; }

    /// <summary>The pixel of the highest value.</summary>
    public double End { get; }

    /// <summary>Round numbers in the axis's range, rising.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <summary>The pixels per unit, of a linear axis.</summary>
    public double Density => Math.Abs(End - Start) / (_high - _low);

    /// <summary>Whether a value has a place on such an axis. Beyond 1e100 the arithmetic of ranges would overflow.</summary>
    public static bool CanShow(double value, bool isLogarithmic) =>
        Math.Abs(value) <= 1e100 && (!isLogarithmic || value >= 1e-100);

    /// <summary>An axis that shows all <paramref name="values"/>, each one that <see cref="CanShow"/> accepts, with a small margin.</summary>
    public static Axis Covering(IEnumerable<double> values, bool isLogarithmic, double start, double end)
    {
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in values)
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        if (low > high)
            return new Axis(isLogarithmic ? 0.1 : 0, 1, isLogarithmic, start, end);
        return isLogarithmic ? Logarithmic(low, high, start, end) : Linear(low, high, start, end);
    }

    /// <summary>A linear axis for numbers of things, such as epochs: its ticks are whole numbers, of which there may be a single one.</summary>
    public static Axis Counting(IEnumerable<double> values, double start, double end)
    {
        var axis = Covering(values, isLogarithmic: false, start, end);
        return new Axis(axis._low, axis._high, isLogarithmic: false, start, end, leastStep: 1);
    }

    /// <summary>The same axis, widened on both sides until a unit takes <paramref name="density"/> pixels.</summary>
    public Axis WithDensity(double density)
    {
        var middle = (_low + _high) / 2;
        var half = Math.Abs(End - Start) / density / 2;
        return new Axis(middle - half, middle + half, isLogarithmic: false, Start, End);
    }

    /// <summary>The pixel of a value.</summary>
    public double Place(double value)
    {
        var share = _isLogarithmic
            ? Math.Log10(value / _low) / Math.Log10(_high / _low)
            : (value - _low) / (_high - _low);
        return Start + share * (End - Start);
    }

    /// <summary>A tick's number in as few digits as tell it from its neighbors.</summary>
    public string Label(double tick)
    {
        var size = Math.Abs(tick);
        if (size != 0 && (size >= 1e6 || size < 1e-4))
            return tick.ToString("0.#########e0", CultureInfo.InvariantCulture);
        return (Math.Round(tick, 12) + 0.0).ToString("0.############", CultureInfo.InvariantCulture);
    }

    private static Axis Linear(double low, double high, double start, double end)
    {
        var size = Math.Max(Math.Abs(low), Math.Abs(high));
        var range = high - low;
        // Equal values, or equal but for rounding, still need a range to stand in.
        var margin = range > 1e-6 * size ? 0.04 * range : size > 0 ? 0.1 * size : 1;
        return new Axis(low - margin, high + margin, isLogarithmic: false, start, end);
    }

    private static Axis Logarithmic(double low, double high, double start, double end)
    {
        var ratio = high / low;
        var margin = ratio > 1 + 1e-6 ? Math.Pow(ratio, 0.04) : 1.2;
        return new Axis(low / margin, high * margin, isLogarithmic: true, start, end);
    }

    private static List<double> LinearTicks(double low, double high, double leastStep = 0)
    {
        var rough = (high - low) / WantedTicks;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = Math.Max(leastStep, power * ((rough / power) switch { <= 1.5 => 1, <= 3 => 2, <= 7 => 5, _ => 10 }));
        var ticks = new List<double>();
        for (var i = Math.Ceiling(low / step); i * step <= high; i++)
            ticks.Add(i * step);
        return ticks;
    }

    private static List<double> LogarithmicTicks(double low, double high)
    {
        var first = (int)Math.Ceiling(Math.Log10(low));
        var last = (int)Math.Floor(Math.Log10(high));
        var stride = Math.Max(1, (int)Math.Ceiling((last - first + 1.0) / (WantedTicks + 2)));
        var decades = Multiples([1], first, last, stride, low, high);
        if (decades.Count >= 3)
            return decades;
        // Too few powers of ten: mark numbers between them, and in a narrow range any round number.
        var between = Multiples([1, 2, 5], first - 1, last, 1, low, high);
        return between.Count >= 3 ? between : LinearTicks(low, high);
    }

    private static List<double> Multiples(double[] digits, int first, int last, int stride, double low, double high)
    {
        var ticks = new List<double>();
        for (var exponent = first; exponent <= last; exponent += stride)
            ticks.AddRange(digits.Select(digit => digit * Math.Pow(10, exponent)).Where(tick => tick >= low && tick <= high));
        return ticks;
    }
}
