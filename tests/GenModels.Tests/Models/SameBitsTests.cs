namespace GenModels.Tests.Models;

/// <summary>
/// One training gives one file, to the bit: for any number of threads, with the vectors of AVX2 or of AVX-512, whichever kernels libtorch
/// chooses, with any libtorch, and for ever.
/// </summary>
public class SameBitsTests
{
    // What a seed means may change only on purpose: with every figure that was published with it.
    private const string Expected = """
        autoencoder aeb397aebec10517a5e5a7da94133fb13044075e6c76479ed6235b8d60965cb7
        autoencoder-tied 03a790914f037ba7bc80518bcbb7d01e26fea27beaab8f46e383d8be1d8bb0db
        vae a41d86fb0463b3404c01c6e29dc40d900bdd3a2614914814a6b835da8190c433
        vae-importance 0fadb25a6bcb3497361259fc76ccc2e4e142caa1a1c4d9419d9143a35cdace93
        vae-importance-bernoulli a5990e6c6d3e16d836615d90d7b2512bc902b394f35f20389c8ff297cb4f66a0
        vae-conditional 22fa0e20284efe3d0db7471511a2bd7ecb26485c215050219f2baf51bc84b1a9
        gan-penalties da72e63dae8da1bdaf07c281c4f7ea47602c0d25cb660d731ccebfcc6bb4875d
        gan 2a0ca05639df0d381b2d1731068ba752192592eeb0f88469a0dd48374d1befad
        gan-maxout d121c0667a5d08e6eb094b6d71b907eff6fa7cbbff47aa21ed8323b0a0062ffe
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
