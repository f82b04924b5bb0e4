using GenModels.Data;
using GenModels.Optimization;
using MathNet.Numerics.LinearAlgebra;

namespace GenModels.Tests.Models;

public class LinearAutoencoderTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Reaches_the_error_of_principal_components(bool tied) =>
        ReachesPrincipalComponents(Examples.Of(Examples.Correlated(400, 12)), codeSize: 3, tied, steps: 3_000);

    [Theory]
    [Trait(Speed.Trait, Speed.Slow)]
    [InlineData(false)]
    [InlineData(true)]
    public void Reaches_the_error_of_principal_components_on_digits(bool tied) =>
        ReachesPrincipalComponents(DataSets.Digits().Train, codeSize: 10, tied, steps: 2_000);

    private static void ReachesPrincipalComponents(IExampleSource examples, int codeSize, bool tied, int steps)
    {
        using var scope = torch.NewDisposeScope();
        var x = examples.ToTensor(0, examples.Count);
        double best = PrincipalComponentError(x, codeSize);
        double loss = double.NaN;
        // A learning rate that falls in three stages: far first, then exact.
        AutoencoderOptions options = new() { ExampleShape = [x.shape[1]], Hidden = [], CodeSize = codeSize, TiedWeights = tied };
        Autoencoder? before = null;
        foreach (double rate in new[] { 1e-2, 3e-3, 1e-3 })
        {
            var model = new Autoencoder(options with { Optimizer = new AdamOptions { LearningRate = rate } });
            if (before is not null) model.Load(before.State);
            before?.Dispose();
            for (int i = 0; i < steps / 3; i++) model.TrainStep(x);
            loss = model.Evaluate(x).Loss;
            before = model;
        }
        before?.Dispose();
        // No linear map of this width does better; single precision leaves a few millionths.
        loss.Should().BeInRange(best * (1 - 1e-5), best * 1.01);
    }

    /// <summary>The mean squared distance of the examples from the plane of their leading principal components.</summary>
    private static double PrincipalComponentError(torch.Tensor x, int components)
    {
        using var scope = torch.NewDisposeScope();
        var centred = (x - x.mean([0])).to(torch.float64);
        int d = (int)x.shape[1];
        var covariance = Matrix<double>.Build.DenseOfColumnMajor(d, d, centred.t().matmul(centred).data<double>().ToArray()) / x.shape[0];
        return covariance.Evd(Symmetricity.Symmetric).EigenValues.Select(v => v.Real).Order().Take(d - components).Sum();
    }
}
