using TorchSharp;

namespace SystemTorch.Tests;

public class OperatorTests
{
    [Fact]
    public void Adds()
    {
        using var scope = torch.NewDisposeScope();
        (torch.ones(2, 2) + torch.ones(2, 2)).data<float>().ToArray().Should().Equal(2, 2, 2, 2);
    }
}
