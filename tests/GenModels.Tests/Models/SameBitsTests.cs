using System.Globalization;
using GenModels.Kernels;

namespace GenModels.Tests.Models;

/// <summary>
/// One training gives one file, to the bit: for any number of threads, with the vectors of AVX2, AVX-512 or Arm, whichever kernels libtorch
/// chooses, with any libtorch, and for ever.
/// </summary>
public class SameBitsTests
{
    // What a seed means may change only on purpose: with every figure that was published with it.
    private const string Expected = """
        autoencoder 6756d5f9cf969202c1ab39d09f1334ff89f73ea1bfbd3a82bd984e72c63b60ae
        autoencoder-tied 03a790914f037ba7bc80518bcbb7d01e26fea27beaab8f46e383d8be1d8bb0db
        vae c04a0abb17b40bb4c04143959d65b7cf14ada7e46fcd460196b2504114b70c52
        vae-importance 92ab3d2ef85edfebc3ca976c20e5fcce1fe50fdad18d7a787d78a5b38b7f279f
        vae-importance-bernoulli a8d4b390c5d5ee5b6e2ff93bede5440b1b0bc95fd719bfd72addfbf11114eada
        vae-conditional 2d751d887d704f204dc42fade92c7e078b32bdb0ac586ec6093fce31e09b26a7
        gan-penalties 352b1b23780ead649031b9c593f386518ff5f1f28e5156a59aced219262f9204
        gan dd2fb2e88fc69be31f27706f7dc280730703c41544d9310155e0d3e149b53bd0
        gan-maxout d121c0667a5d08e6eb094b6d71b907eff6fa7cbbff47aa21ed8323b0a0062ffe
        vae-convolutional ebe17b06db6c0e74ddd3dee68e3ac65b3cdc17dcb6ad5dd9f4a36f3c9829e18a
        gan-convolutional c35cba026d63fdca38be8fdcd948767b9e2c7ded53393dc8d847c8b408bf7214
        """;

    [Theory]
    [Trait(Speed.Trait, Speed.Slow)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(2, "DOTNET_EnableAVX512", "0")]
    [InlineData(2, "ATEN_CPU_CAPABILITY", "default")]
    public void A_training_gives_the_file_that_it_gives_everywhere(int threads, string variable = "", string value = "") =>
        Train([$"{threads}"], variable, value).Should().Be(variable == "DOTNET_EnableAVX512" ? 256 : 32 * VectorWidth.Floats);

    [Fact]
    [Trait(Speed.Trait, Speed.Slow)]
    public void A_training_gives_the_same_file_with_vectors_of_128_bits() => Train(["2", "4"]).Should().Be(128);

    /// <summary>Trains in another process, and returns how wide its vectors were.</summary>
    private static int Train(string[] arguments, string variable = "", string value = "")
    {
        var (status, output, error) = ChildProcess.Run(TimeSpan.FromMinutes(20), "dotnet", [Program, .. arguments], start =>
        {
            if (variable.Length > 0) start.Environment[variable] = value;
        });
        status.Should().Be(0, error);
        output.ReplaceLineEndings("\n").Trim().Should().Be(Expected.ReplaceLineEndings("\n"));
        return int.Parse(error.Split(' ')[0], CultureInfo.InvariantCulture);
    }

    private static string Program => Path.Combine(
        AppContext.BaseDirectory.Replace("GenModels.Tests", "GenModels.SameBits", StringComparison.Ordinal), "GenModels.SameBits.dll");
}
