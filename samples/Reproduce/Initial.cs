using GenModels.Data;
using TorchSharp;

namespace GenModels.Samples;

/// <summary>Where training starts.</summary>
internal static class Initial
{
    /// <summary>Lets a network whose output is a logit for each pixel start at the mean image: a bias of log(p/(1 − p)) for the clipped mean p.</summary>
    public static void StartAtMean(torch.Tensor bias, ImageSet images)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var mean = images.ToTensor(0, images.Count).mean([0]).clamp(1e-3, 1 - 1e-3);
        bias.copy_((mean / (1 - mean)).log());
    }
}
