namespace GenModels.Tests;

/// <summary>A user's module: all dimensions of an example as one.</summary>
internal sealed class Flatten() : torch.nn.Module<torch.Tensor, torch.Tensor>(nameof(Flatten))
{
    public override torch.Tensor forward(torch.Tensor input) => input.flatten(1);
}
