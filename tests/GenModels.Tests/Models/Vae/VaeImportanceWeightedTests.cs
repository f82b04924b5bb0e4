using System.Text.Json;
using GenModels.Data;
using GenModels.Networks;
using GenModels.Optimization;

namespace GenModels.Tests.Models;

/// <summary>Training on the importance-weighted bound.</summary>
public class VaeImportanceWeightedTests
{
    private sealed record Reference(int Batch, int Samples, double[] Losses, Dictionary<string, string> Initial, Dictionary<string, string> Final);

    private static readonly VaeOptions Small = new() { ExampleShape = [6], Hidden = [5], LatentSize = 3, ImportanceSamples = 4, Seed = 4 };

    public static TheoryData<Likelihood, EncoderLayout, Activation> Variants => new()
    {
        { Likelihood.Bernoulli, EncoderLayout.SharedTrunk, Activation.Tanh },
        { Likelihood.Bernoulli, EncoderLayout.SeparateNetworks, Activation.Elu },
        { new GaussianLikelihood { StandardDeviation = 0.3 }, EncoderLayout.SharedTrunk, Activation.Elu },
        { new GaussianLikelihood { StandardDeviation = 0.3, Learned = true }, EncoderLayout.SharedTrunk, Activation.Tanh },
    };

    [Theory, MemberData(nameof(Variants))]
    public void A_step_has_the_bound_and_the_gradient_of_the_plain_formula(Likelihood likelihood, EncoderLayout layout, Activation activation)
    {
        var options = Small with { Likelihood = likelihood, Encoder = layout, Activation = activation, Optimizer = Gradients.Optimizer };
        using var scope = torch.NewDisposeScope();
        using var model = new Vae(options);
        var x = Examples.Batch(4, [6]);
        var w = model.State.ToDictionary(s => s.Key, s => s.Value.detach().clone().requires_grad_());
        torch.Tensor Layers(string network, torch.Tensor h)
        {
            var hidden = activation.Apply(torch.nn.functional.linear(h, w[$"{network}.0.weight"], w[$"{network}.0.bias"]));
            return torch.nn.functional.linear(hidden, w[$"{network}.1.weight"], w[$"{network}.1.bias"]);
        }
        var heads = layout == EncoderLayout.SharedTrunk ? Layers("encoder", x) : torch.cat([Layers("encoder.mean", x), Layers("encoder.log_variance", x)], 1);
        var (mean, logVariance) = (heads.narrow(1, 0, 3).unsqueeze(1), heads.narrow(1, 3, 3).unsqueeze(1));
        var noise = RandomGenerator.For(options.Seed, RandomStreams.Noise);
        var z = mean + (0.5 * logVariance).exp() * noise.Normal([16, 3]).view(4, 4, 3);
        var y = Layers("decoder", z.reshape(16, 3)).view(4, 4, 6);
        var target = x.unsqueeze(1);
        var variance = w.TryGetValue("likelihood.log_variance", out var learned) ? learned.exp() : torch.full([1], 0.09);
        var logLikelihood = likelihood is GaussianLikelihood
            ? -0.5 * ((target - y).square() / variance + (variance * (2 * Math.PI)).log()).sum(2)
            : (target * y - torch.nn.functional.softplus(y)).sum(2);
        var prior = -0.5 * (z.square() + Math.Log(2 * Math.PI)).sum(2);
        var proposal = -0.5 * ((z - mean).square() / logVariance.exp() + logVariance + Math.Log(2 * Math.PI)).sum(2);
        var loss = -((logLikelihood + prior - proposal).logsumexp(1) - Math.Log(4)).mean();

        var metrics = model.Evaluate(x, RandomGenerator.For(options.Seed, RandomStreams.Noise));
        metrics.Loss.Should().BeApproximately(loss.item<float>(), 1e-5 * (1 + Math.Abs(metrics.Loss)));
        metrics.Reconstruction.Should().BeApproximately(-logLikelihood.mean().item<float>(), 1e-5 * (1 + Math.Abs(metrics.Reconstruction)));
        metrics.Kl.Should().BeApproximately((proposal - prior).mean().item<float>(), 1e-5);
        metrics.Loss.Should().BeLessThanOrEqualTo(metrics.Reconstruction + metrics.Kl, "a mean of logarithms is at most the logarithm of the mean");
        string[] names = [.. w.Keys];
        var expected = torch.autograd.grad([loss], [.. names.Select(name => w[name])]);
        var actual = Gradients.OfStep(new Vae(options), model.State, x);
        foreach (var (name, gradient) in names.Zip(expected))
            actual[name].Should().Equal(gradient.Values().Select(v => (double)v), (a, e) => Math.Abs(a - e) <= 2e-3 * (0.1 + Math.Abs(e)), name);
    }

    [Fact]
    public void Two_hundred_steps_give_the_losses_and_weights_of_PyTorch()
    {
        var reference = ReferenceFile.Read<Reference>("iwae_parity.json.gz");
        using var vae = new Vae(new VaeOptions
        {
            ExampleShape = [64],
            Hidden = [32],
            LatentSize = 8,
            ImportanceSamples = reference.Samples,
            Seed = 7,
            Optimizer = new AdamOptions { LearningRate = 1e-3 },
        });
        using var scope = torch.NewDisposeScope();
        vae.Load(vae.State.ToDictionary(s => s.Key, s => ReferenceFile.Tensor(reference.Initial[s.Key], s.Value.shape)));
        var digits = DataSets.Digits().Train;
        for (int step = 0; step < reference.Losses.Length; step++)
        {
            using var stepScope = torch.NewDisposeScope();
            double loss = vae.TrainStep(Examples.InOrder(digits, step * reference.Batch, reference.Batch)).Loss;
            loss.Should().BeApproximately(reference.Losses[step], 1e-4 * reference.Losses[step], "of step {0}", step);
        }
        foreach (var (name, tensor) in vae.State)
            (tensor - ReferenceFile.Tensor(reference.Final[name], tensor.shape)).abs().max().item<float>().Should().BeLessThan(1e-3f, name);
    }

    [Fact]
    public void Networks_of_the_user_are_trained_on_it_too()
    {
        using var scope = torch.NewDisposeScope();
        using var vae = new Vae(
            Small with { ExampleShape = [2, 3] },
            torch.nn.Sequential(new Flatten(), torch.nn.Linear(6, 7), torch.nn.ReLU()),
            torch.nn.Sequential(torch.nn.Linear(3, 6)));
        var before = vae.State.ToDictionary(s => s.Key, s => s.Value.detach().clone());
        vae.TrainStep(Examples.Batch(4, [2, 3]));
        foreach (var (name, tensor) in vae.State) tensor.allclose(before[name]).Should().BeFalse(name);
    }

    [Fact]
    public void Steps_leave_live_tensors_as_they_were()
    {
        using var scope = torch.NewDisposeScope();
        using var vae = new Vae(Small);
        var x = Examples.Batch(8, [6]);
        vae.TrainStep(x);
        long live = Tensors.CountSettled();
        for (int i = 0; i < 20; i++) vae.TrainStep(x);
        torch.Tensor.TotalCount.Should().Be(live);
    }

    [Fact]
    public void Its_settings_are_checked_and_come_back_from_JSON()
    {
        var none = () => new Vae(Small with { ImportanceSamples = 0 });
        none.Should().Throw<ArgumentException>().WithParameterName("ImportanceSamples");
        var weighted = () => new Vae(Small with { Beta = 2 });
        weighted.Should().Throw<ArgumentException>().WithParameterName("Beta").WithMessage("*2 with 4 importance samples, expected 1*");
        JsonSerializer.Deserialize<VaeOptions>(JsonSerializer.Serialize(Small)).Should().Be(Small);
    }
}
