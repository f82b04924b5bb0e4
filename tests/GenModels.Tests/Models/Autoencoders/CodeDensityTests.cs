using GenModels.Data;
using GenModels.Distributions;

namespace GenModels.Tests.Models;

public class CodeDensityTests
{
    private static readonly AutoencoderOptions Small = new() { ExampleShape = [6], Hidden = [5], CodeSize = 3, Seed = 4 };

    [Fact]
    public void Sampling_before_a_density_is_fitted_says_what_to_call()
    {
        using var model = new Autoencoder(Small);
        model.Density.Should().BeNull();
        var sample = () => model.Sample(1, seed: 1);
        sample.Should().Throw<InvalidOperationException>().WithMessage("*FitDensity*");
    }

    [Fact]
    public void One_component_has_the_mean_and_the_covariance_of_the_codes()
    {
        using var scope = torch.NewDisposeScope();
        using var model = new Autoencoder(Small);
        var x = Examples.Correlated(2_300, 6);
        var fit = model.FitDensity(Examples.Of(x));
        var codes = model.Encode(x).to(torch.float64);
        var centred = codes - codes.mean([0]);

        fit.Converged.Should().BeTrue();
        // Codes are computed in single precision, over batches of other sizes.
        torch.tensor(fit.Mixture.Mean(0)).allclose(codes.mean([0]), 1e-5, 1e-6).Should().BeTrue();
        torch.tensor(fit.Mixture.Covariance(0)).allclose(centred.t().matmul(centred) / 2_300, 1e-4, 1e-6).Should().BeTrue();
    }

    [Fact]
    public void Samples_are_decoded_draws_of_the_density_and_repeat_with_a_seed()
    {
        using var scope = torch.NewDisposeScope();
        using var model = new Autoencoder(Small);
        model.FitDensity(Examples.Of(Examples.Correlated(300, 6)), new DensityOptions { Components = 2 });
        var generator = new RandomGenerator(8);
        var density = model.Density ?? throw new InvalidOperationException();
        var expected = model.Decode(density.Sample(5, generator).to(torch.float32));

        model.Sample(5, seed: 8).Values().Should().Equal(expected.Values());
        model.Sample(5, seed: 9).Values().Should().NotEqual(expected.Values());
        model.Sample(5, seed: 8).shape.Should().Equal(5, 6);
    }

    [Fact]
    public void Each_label_draws_codes_of_its_own_classes_density_whatever_the_other_labels_are()
    {
        using var scope = torch.NewDisposeScope();
        using var model = new Autoencoder(Small with { Condition = Condition.Classes(2) });
        var x = Examples.Correlated(300, 6);
        var examples = Examples.Of(x).WithLabels([.. Enumerable.Range(0, 300).Select(i => i % 3 == 0 ? 1 : 0)]);
        var fit = model.FitDensity(examples, new DensityOptions { Components = 2 });
        fit.Mixture.Components.Should().Be(4);
        (fit.Mixture.Weights[0] + fit.Mixture.Weights[1]).Should().BeApproximately(2.0 / 3, 1e-12, "two thirds of the examples are of class 0");
        var ofOne = GaussianMixture.Fit(model.Encode(new Batch(x, torch.ones(300, dtype: torch.int64))).view(100, 3, 3).select(1, 0), new DensityOptions { Components = 2 });
        fit.Mixture.Mean(2).Should().Equal(ofOne.Mixture.Mean(0), (a, b) => Math.Abs(a - b) < 1e-4);

        // A draw depends on its place and its label, and on no other label.
        var (sorted, mixed) = (model.Sample([0, 0, 1, 1], seed: 8), model.Sample([1, 0, 0, 1], seed: 8));
        for (int row = 0; row < 4; row++)
            mixed.select(0, row).Values().SequenceEqual(sorted.select(0, row).Values()).Should().Be(row is 1 or 3, "row {0} was asked to be the same", row);

        var some = () => model.FitDensity(Examples.Of(x).WithLabels(new int[300], 2));
        some.Should().Throw<ArgumentException>().WithMessage("*no example of class 1*");
        var odd = new Dictionary<string, torch.Tensor>(model.State) { ["density.weights"] = torch.ones(3, dtype: torch.float64) / 3 };
        var restore = () => ((IFittedState)model).RestoreFitted(odd.Where(s => s.Key.StartsWith("density.", StringComparison.Ordinal)).ToDictionary());
        restore.Should().Throw<ArgumentException>().WithMessage("*3 components*each of the 2 classes*");
    }

    [Fact]
    public void Density_and_threshold_are_part_of_the_state_and_come_back_from_it()
    {
        using var scope = torch.NewDisposeScope();
        using var model = new Autoencoder(Small);
        var examples = Examples.Of(Examples.Correlated(300, 6));
        model.FitDensity(examples, new DensityOptions { Components = 2 });
        model.FitAnomalyThreshold(examples, 0.9);
        model.State["density.weights"].shape.Should().Equal(2);
        model.State["density.means"].shape.Should().Equal(2, 3);
        model.State["density.covariances"].shape.Should().Equal(2, 3, 3);
        model.State["anomaly.threshold"].dtype.Should().Be(torch.ScalarType.Float64);

        using var copy = new Autoencoder(Small with { Seed = 5 });
        copy.Load(model.State);
        IFittedState fitted = copy;
        fitted.RestoreFitted(model.State.Where(s => !copy.State.ContainsKey(s.Key)).ToDictionary(s => s.Key, s => s.Value));
        copy.State.Keys.Should().BeEquivalentTo(model.State.Keys);
        copy.Sample(5, seed: 8).Values().Should().Equal(model.Sample(5, seed: 8).Values());
        copy.AnomalyThreshold.Should().Be(model.AnomalyThreshold);

        // A second fit with other sizes replaces the first.
        copy.FitDensity(examples);
        copy.State["density.weights"].shape.Should().Equal(1);
        model.State["density.weights"].shape.Should().Equal(2);
    }

    [Fact]
    public void Fitted_state_that_does_not_fit_is_named()
    {
        using var scope = torch.NewDisposeScope();
        using var model = new Autoencoder(Small);
        void Rejects(Dictionary<string, torch.Tensor> fitted, string message)
        {
            var restore = () => ((IFittedState)model).RestoreFitted(fitted);
            restore.Should().Throw<ArgumentException>().WithMessage(message);
        }
        var one = torch.ones(1).to(torch.float64);
        Rejects(new() { ["density.weight"] = one }, "*no state 'density.weight'*");
        Rejects(new() { ["density.weights"] = one }, "*no 'density.means'*");
        Rejects(new() { ["anomaly.threshold"] = torch.ones(2) }, "*[2]*[1]*");
        Rejects(new() { ["anomaly.threshold"] = torch.ones(1) }, "*'anomaly.threshold' has the type Float32, expected Float64*");
        Rejects(new() { ["anomaly.threshold"] = one * double.NaN }, "anomaly.threshold is NaN, expected a finite number greater than 0*");
        Rejects(
            new() { ["density.weights"] = one, ["density.means"] = torch.ones(1, 4), ["density.covariances"] = torch.ones([1, 3, 3]) },
            "*'density.means'*[1, 4]*[1, 3]*");
        Rejects(
            new()
            {
                ["density.weights"] = one,
                ["density.means"] = torch.zeros(1, 3).to(torch.float64),
                ["density.covariances"] = torch.zeros([1, 3, 3]).to(torch.float64),
            },
            "The covariance of component 0 is not positive definite*");
    }

    [Fact]
    public void More_components_than_examples_are_refused()
    {
        using var scope = torch.NewDisposeScope();
        using var model = new Autoencoder(Small);
        var fit = () => model.FitDensity(Examples.Of(Examples.Batch(4, [6])), new DensityOptions { Components = 5 });
        fit.Should().Throw<ArgumentException>().WithMessage("*4 points for 5 components*");
        model.Density.Should().BeNull();
    }
}
