using TorchSharp;
using static TorchSharp.torch;

namespace SystemTorch.Tests;

public class LayerTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    /// <summary>The weights of PyTorch 1.13's Linear(3, 4) after manual_seed(42), by reference/random_streams.py.</summary>
    [Fact]
    public void LinearStartsAsPyTorchs()
    {
        manual_seed(42);
        using var layer = nn.Linear(3, 4);
        layer.get_parameter("weight").ShouldBe(
            0.441406518, 0.479205281, -0.135257274, 0.53036046, -0.126499504, 0.116503909,
            -0.281085879, 0.339067787, 0.508959055, -0.423560411, 0.501830637, 0.108056471);
        layer.get_parameter("bias").ShouldBe(0.426551491, 0.078190878, 0.278391421, -0.0815166607);
        layer.parameters().Should().HaveCount(2);
    }

    [Fact]
    public void LinearStartsUniformWithinTheRootOfItsInputs()
    {
        using var layer = nn.Linear(64, 1000);
        double[] weights = layer.named_parameters().First().parameter.detach().Numbers();
        const double Bound = 1.0 / 8;
        weights.Should().HaveCount(64_000).And.OnlyContain(w => Math.Abs(w) <= Bound);

        // The mean of n uniform numbers on ±b has the standard error b / √(3n); that of their squares, b²/3 ± (2/√45) b² / √n.
        double n = weights.Length;
        weights.Average().Should().BeApproximately(0, 5 * Bound / Math.Sqrt(3 * n));
        weights.Average(w => w * w).Should().BeApproximately(Bound * Bound / 3, 5 * 2 / Math.Sqrt(45) * Bound * Bound / Math.Sqrt(n));
    }

    [Fact]
    public void LinearIsAnAffineMap()
    {
        using var layer = nn.Linear(2, 1);
        using (no_grad())
        {
            layer.get_parameter("weight")?.copy_(tensor(new float[,] { { 2, -3 } }));
            layer.get_parameter("bias")?.fill_(10);
        }
        layer.call(tensor(new float[,] { { 1, 1 }, { 5, 0 } })).ShouldBe(9, 20);
    }

    [Fact]
    public void LinearCanDoWithoutABias()
    {
        using var layer = nn.Linear(2, 3, hasBias: false);
        layer.named_parameters().Select(p => p.name).Should().Equal("weight");
        layer.call(zeros([1, 2])).ShouldBe(0, 0, 0);
    }

    [Fact]
    public void LinearTakesAType()
    {
        using var layer = nn.Linear(2, 3, dtype: ScalarType.Float64);
        layer.parameters().Should().OnlyContain(p => p.dtype == ScalarType.Float64 && p.requires_grad);
    }

    [Fact]
    public void ActivationsAreTheirFunctions()
    {
        var x = tensor(new[] { -1.0, 0, 2 });
        using var relu = nn.ReLU();
        using var tanh = nn.Tanh();
        using var sigmoid = nn.Sigmoid();
        relu.call(x).ShouldBe(0, 0, 2);
        tanh.call(x).ShouldBe(Math.Tanh(-1), 0, Math.Tanh(2));
        sigmoid.call(x).ShouldBe(1 / (1 + Math.E), 0.5, 1 / (1 + Math.Exp(-2)));
        x.ShouldBe(-1, 0, 2);
        using var inPlace = nn.ReLU(inplace: true);
        inPlace.call(x).ShouldBe(0, 0, 2);
        x.ShouldBe(0, 0, 2);
    }

    [Fact]
    public void SequentialRunsInOrder()
    {
        using var network = nn.Sequential(nn.Tanh(), nn.ReLU(), nn.Sigmoid());
        network.call(tensor(new[] { -1.0, 2 })).ShouldBe(0.5, 1 / (1 + Math.Exp(-Math.Tanh(2))));
    }

    [Fact]
    public void SequentialNamesItsStepsByPosition()
    {
        using var network = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1));
        network.named_parameters().Select(p => p.name).Should().Equal("0.weight", "0.bias", "2.weight", "2.bias");
        network.parameters().Select(p => p.numel()).Should().Equal(6, 3, 3, 1);
    }

    [Fact]
    public void SequentialLeavesOnlyItsResult()
    {
        using var network = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1));
        var input = ones([4, 2]);
        using var scope = NewDisposeScope();
        var output = network.call(input);
        scope.DisposablesView.Should().ContainSingle().Which.Should().BeSameAs(output);
        input.IsInvalid.Should().BeFalse();
        autograd.grad([output.sum()], [.. network.parameters()]).Select(g => g.numel()).Should().Equal(6, 3, 3, 1);
    }
}
