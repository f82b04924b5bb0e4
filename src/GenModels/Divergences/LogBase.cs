namespace GenModels.Divergences;

/// <summary>The base of the logarithm, and so the unit, in which a measure of information is given. The default is nats.</summary>
public readonly record struct LogBase
{
    private readonly double _natsPerUnit;

    private LogBase(double natsPerUnit) => _natsPerUnit = natsPerUnit;

    /// <summary>Natural logarithm.</summary>
    public static LogBase Nats => default;

    /// <summary>Base 2.</summary>
    public static LogBase Bits => new(Math.Log(2));

    /// <summary>Base 10; the unit is also called ban or dit.</summary>
    public static LogBase Hartleys => new(Math.Log(10));

    /// <summary>Any other base.</summary>
    /// <param name="value">The base: finite and greater than 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="value"/> is NaN, infinite or at most 1.</exception>
    public static LogBase Of(double value) => double.IsFinite(value) && value > 1
        ? new(Math.Log(value))
        : throw new ArgumentOutOfRangeException(nameof(value), $"The base of the logarithm is {Guard.Text(value)}, expected a finite number greater than 1.");

    internal double FromNats(double nats) => _natsPerUnit == 0 ? nats : nats / _natsPerUnit;
}
