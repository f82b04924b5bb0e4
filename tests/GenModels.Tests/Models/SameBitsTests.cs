namespace GenModels.Tests.Models;

/// <summary>
/// One training gives one file, to the bit: for any number of threads, with the vectors of AVX2 or of AVX-512, whichever kernels libtorch
/// chooses, with any libtorch, and for ever.
/// </summary>
public class SameBitsTests
{
    // What a seed means may change only on purpose: with every figure that was published with it.
    private const string Expected = """
        autoencoder db1a1bf776df87668e300195a7f783f22f9d494e2ac6d4f77c42f3f81cdb5ff6
        autoencoder-tied 835b4bc6ca3c6a33f731772068de615364cf4f361718c28a82503956213f7e84
        vae 872fbd06e56ac5e52390928063d28f90c2c6bb50d9dd240ba79b6a55b32a6d3c
        vae-importance 0433e49e271e3fcc8aa62dcf7accd6bc1c7126e626f0bbb46af01adea9a7441a
        vae-importance-bernoulli 6e9752204acaf272e65947efa9b4d4bfced7c922638ef4a75730536957dcfe53
        gan 2ff5633803fcb998d5b30b87402abc47e9c96e5c7a1ae55cf7b3c3ec39fee724
        gan-maxout 0367dc8994e30f311016f4c59e72abe9addba9d48b282388957be621ecfa5e7f
        """;

    [Theory]
    [Trait(Speed.Trait, Speed.Slow)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(2, "DOTNET_EnableAVX512", "0")]
    [InlineData(2, "ATEN_CPU_CAPABILITY", "default")]
    public void A_training_gives_the_file_that_it_gives_everywhere(int threads, string variable = "", string value = "")
    {
        var (status, output, error) = ChildProcess.Run(TimeSpan.FromMinutes(20), "dotnet", [Program, $"{threads}"], start =>
        {
            if (variable.Length > 0) start.Environment[variable] = value;
        });
        status.Should().Be(0, error);
        if (variable == "DOTNET_EnableAVX512") error.Should().Contain("256 bits");
        output.ReplaceLineEndings("\n").Trim().Should().Be(Expected.ReplaceLineEndings("\n"));
    }

    private static string Program => Path.Combine(
        AppContext.BaseDirectory.Replace("GenModels.Tests", "GenModels.SameBits", StringComparison.Ordinal), "GenModels.SameBits.dll");
}
