namespace GenModels.Tests.Models;

public class ModelGateTests
{
    [Fact]
    public void Where_a_network_can_not_be_prepared_the_gate_opens_again()
    {
        using var scope = torch.NewDisposeScope();
        var encoder = new Moody();
        using var model = new Autoencoder(new AutoencoderOptions { ExampleShape = [6], CodeSize = 6, Hidden = [8], WeightAverage = 0.9 }, encoder, null);
        var x = Examples.Batch(4, [6]);
        for (int step = 0; step < 3; step++) model.TrainStep(x);
        float[] expected = model.Reconstruct(x).Values();

        encoder.Throws = true;
        for (int i = 0; i < 2; i++)
        {
            foreach (var look in new Action[] { () => model.Encode(x), () => model.Evaluate(x) })
                look.Should().Throw<NotSupportedException>("the network's own exception comes through");
        }
        var train = () => model.TrainStep(x);
        train.Should().Throw<NotSupportedException>();
        encoder.Throws = false;

        model.Reconstruct(x).Values().Should().Equal(expected, "averaged weights were not exchanged once too often");
        // A gate that still counts someone would wait for ever.
        var training = new Thread(() => model.TrainStep(x)) { IsBackground = true };
        training.Start();
        training.Join(TimeSpan.FromSeconds(60)).Should().BeTrue();
    }

    [Fact]
    public void A_gate_whose_preparation_fails_counts_no_one()
    {
        using var model = new Vae(new VaeOptions { ExampleShape = [6], Hidden = [4], LatentSize = 2 });
        var (opened, closed, fails) = (0, 0, true);
        var gate = new ModelGate(model, () => opened += fails ? throw new NotSupportedException() : 1, () => closed++);
        var look = () => gate.Look();
        look.Should().Throw<NotSupportedException>();
        look.Should().Throw<NotSupportedException>();
        fails = false;
        using (gate.Look())
        using (gate.Look())
            (opened, closed).Should().Be((1, 0));
        (opened, closed).Should().Be((1, 1));
        using (gate.Alone()) { }
    }

    [Fact]
    public void A_gate_that_fails_to_take_back_its_preparation_lets_others_in()
    {
        using var model = new Vae(new VaeOptions { ExampleShape = [6], Hidden = [4], LatentSize = 2 });
        var gate = new ModelGate(model, () => { }, () => throw new NotSupportedException());
        var pass = gate.Look();
        var leave = () => pass.Dispose();
        leave.Should().Throw<NotSupportedException>();
        using (gate.Alone()) { }
    }

    /// <summary>A network that can't always change between training and evaluation.</summary>
    private sealed class Moody : torch.nn.Module<torch.Tensor, torch.Tensor>
    {
        public Moody() : base(nameof(Moody)) { }

        public bool Throws { get; set; }

        public override void train(bool train = true)
        {
            if (Throws) throw new NotSupportedException("Not now.");
            base.train(train);
        }

        public override torch.Tensor forward(torch.Tensor input) => input * 2;
    }
}
