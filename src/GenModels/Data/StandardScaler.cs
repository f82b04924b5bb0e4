using System.Text.Json;
using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace GenModels.Data;

/// <summary>Brings each column to mean 0 and standard deviation 1, and back: (x − mean)/deviation. Immutable, and holds no native memory.</summary>
public sealed class StandardScaler
{
    private static readonly StoredJson Json = new(new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    });

    private readonly double[] _means;
    private readonly double[] _deviations;

    /// <summary>Makes a scaler of known figures.</summary>
    /// <param name="means">The mean of each column, finite.</param>
    /// <param name="deviations">As many standard deviations, finite and above 0.</param>
    /// <exception cref="ArgumentException">The lengths differ, or a value is outside its range.</exception>
    public StandardScaler(ReadOnlySpan<double> means, ReadOnlySpan<double> deviations)
    {
        _means = Guard.Each(Guard.Finite, means);
        _deviations = Guard.Each(Guard.Positive, deviations);
        Guard.SameLength(deviations.Length, means.Length, nameof(deviations), nameof(means));
    }

    /// <summary>The mean of each column.</summary>
    public IReadOnlyList<double> Means => _means;

    /// <summary>What each column is divided by: its standard deviation, or 1 where it is constant.</summary>
    public IReadOnlyList<double> Deviations => _deviations;

    /// <summary>Takes means and standard deviations (over n, not n − 1) from some rows.</summary>
    /// <param name="rows">Shape [n, columns], any floating type, finite.</param>
    /// <exception cref="ArgumentException">The shape does not fit, or a value is not finite.</exception>
    public static StandardScaler Fit(Tensor rows)
    {
        Guard.NotNull(rows);
        if (rows.ndim != 2 || rows.numel() == 0)
            throw new ArgumentException($"The rows have the shape {Guard.Shape(rows.shape)}, expected [n, columns] with at least one row.", nameof(rows));
        using var scope = NewDisposeScope();
        var values = rows.detach().cpu().to(float64);
        if (!values.isfinite().all().item<bool>()) throw new ArgumentException("A row has values that are NaN or infinite, expected finite ones.", nameof(rows));
        var mean = values.mean([0]);
        var deviation = (values - mean).square().mean([0]).sqrt();
        // What rounding leaves of a constant column is no spread.
        var constant = deviation.le(1e-14 * mean.abs());
        return new(mean.data<double>().ToArray(), deviation.masked_fill(constant, 1).data<double>().ToArray());
    }

    /// <summary>Loads a scaler that <see cref="Save"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">The file holds no scaler; the message says what is wrong with it.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static StandardScaler Load(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no file '{path}'.", path);
        try
        {
            using var stream = File.OpenRead(path);
            var (means, deviations) = JsonSerializer.Deserialize(stream, Json.Of<ScalerFigures>()) ?? throw new JsonException("it is empty.");
            return new(means, deviations);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new InvalidDataException($"The file '{path}' holds no scaler: {e.Message}", e);
        }
    }

    /// <summary>Writes means and standard deviations as JSON, from which <see cref="Load"/> makes a scaler that is the same to the bit.</summary>
    /// <param name="path">The file, replaced as a whole; its folder is made if needed.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    public void Save(string path) => AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, new ScalerFigures(_means, _deviations), Json.Of<ScalerFigures>()));

    /// <summary>(x − mean)/deviation.</summary>
    /// <param name="rows">Shape [n, columns].</param>
    /// <returns>The same shape, in single precision on the CPU as models take it; owned by the caller.</returns>
    /// <exception cref="ArgumentException">The number of columns is another.</exception>
    public Tensor Transform(Tensor rows)
    {
        Guard.Rows(rows, [_means.Length]);
        using var scope = NewDisposeScope();
        return ((rows.detach().cpu().to(float64) - tensor(_means)) / tensor(_deviations)).to(float32).MoveToOuterDisposeScope();
    }

    /// <summary>x·deviation + mean.</summary>
    /// <param name="rows">Shape [n, columns].</param>
    /// <returns>The same shape, in double precision on the CPU; owned by the caller.</returns>
    /// <exception cref="ArgumentException">The number of columns is another.</exception>
    public Tensor Inverse(Tensor rows)
    {
        Guard.Rows(rows, [_means.Length]);
        using var scope = NewDisposeScope();
        return (rows.detach().cpu().to(float64) * tensor(_deviations) + tensor(_means)).MoveToOuterDisposeScope();
    }
}

/// <summary>What the file of a scaler holds.</summary>
[SerializerContext(typeof(ScalerJson))]
internal sealed record ScalerFigures(double[] Means, double[] Deviations);

/// <summary>Source-generated serialization of <see cref="ScalerFigures"/>.</summary>
[JsonSerializable(typeof(ScalerFigures))]
internal sealed partial class ScalerJson : JsonSerializerContext;
