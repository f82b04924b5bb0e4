using System.Globalization;

namespace GenModels;

/// <summary>The one place where seeds come from: one seed gives every purpose an independent stream of its own.</summary>
internal static class RandomStreams
{
    public const string Weights = "weights";
    public const string Noise = "noise";
    public const string Dropout = "dropout";
    public const string Order = "order";
    public const string Augmentation = "augmentation";
    public const string Evaluation = "evaluation";
    public const string Density = "density";

    /// <summary>The purpose of what one step of training draws, which so may draw as often as it likes.</summary>
    public static string OfStep(string purpose, long step) => string.Create(CultureInfo.InvariantCulture, $"{purpose} {step}");

    /// <summary>Mixes the purpose's FNV-1a hash into the seed with the finaliser of SplitMix64 (Steele, Lea and Flood 2014).</summary>
    internal static ulong Derive(ulong seed, string purpose)
    {
        ulong hash = 14695981039346656037;
        foreach (char c in purpose) hash = (hash ^ c) * 1099511628211;
        ulong z = seed + hash;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
}
