using TorchSharp;

namespace SystemTorch.Tests;

/// <summary>The streams of PyTorch 1.13 after manual_seed(42); reference/random_streams.py prints these numbers.</summary>
public class RandomStreamTests : IDisposable
{
    private readonly DisposeScope _scope = torch.NewDisposeScope();

    public RandomStreamTests() => torch.manual_seed(42);

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void RandIsPyTorchs() => torch.rand(8).data<float>().ToArray().Should().Equal(
        0.882269263f, 0.915003955f, 0.38286376f, 0.959305644f, 0.390448213f, 0.600895345f, 0.256572485f, 0.793641329f);

    [Fact]
    public void ALongRandIsPyTorchs() => torch.rand(100).data<float>().ToArray()[96..].Should().Equal(
        0.957830966f, 0.331283748f, 0.322741807f, 0.0162026882f);

    [Fact]
    public void RandOfDoublesIsPyTorchs() =>
        RoundedTo9Digits(torch.rand(4, dtype: torch.ScalarType.Float64)).Should().Equal("0.058154486", "0.0629101674", "0.123586073", "0.0525801644");

    // Logarithms and cosines of vectors differ in the last places from one processor to another.
    [Fact]
    public void RandnIsPyTorchs() => torch.randn(8).ShouldBe(
        0.336690366, 0.128809407, 0.234462366, 0.23033303, -1.12285638, -0.186328292, 2.20820141, -0.637997031);

    [Fact]
    public void RandnByBlocksIsPyTorchs() => torch.randn(20).ShouldBe(
        1.92691529, 1.48728406, 0.900717199, -2.10552096, -0.758131146, 1.07831764, 0.800800562, 1.68062055, 0.355859905, -0.686622977,
        -0.493356347, 0.241487786, -0.23162432, 0.041759491, -0.251575291, 0.859858513, -0.309726775, -0.395710498, 0.803409338, -0.621595383);

    [Fact]
    public void ALongRandnIsPyTorchs() => torch.randn(1000).narrow(0, 992, 8).ShouldBe(
        1.5630331, 0.598318696, -0.54073292, 0.784161985, 0.699140668, -0.0362699144, -0.379759401, -0.853454411);

    [Fact]
    public void RandpermIsPyTorchs() => torch.randperm(12).data<long>().ToArray().Should().Equal(6, 8, 1, 7, 0, 2, 10, 11, 4, 3, 5, 9);

    [Fact]
    public void BernoulliIsPyTorchs() => torch.bernoulli(torch.linspace(0, 1, 20)).data<float>().ToArray().Should().Equal(
        0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0, 1, 1, 1);

    [Fact]
    public void InPlaceDrawsArePyTorchs()
    {
        var tensor = torch.empty([4]);
        tensor.normal_(3, 0.5);
        tensor.ShouldBe(3.16834521, 3.06440473, 3.11723113, 3.11516643);
        torch.manual_seed(42);
        tensor.uniform_(-2, 2);
        tensor.ShouldBe(1.52907705, 1.66001582, -0.46854496, 1.83722258);
    }

    private static IEnumerable<string> RoundedTo9Digits(torch.Tensor tensor) =>
        tensor.data<double>().ToArray().Select(x => x.ToString("G9", System.Globalization.CultureInfo.InvariantCulture));
}
