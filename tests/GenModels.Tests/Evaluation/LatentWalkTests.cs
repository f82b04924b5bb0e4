using GenModels.Data;
using GenModels.Evaluation;

namespace GenModels.Tests.Evaluation;

public sealed class LatentWalkTests : IDisposable
{
    private readonly DisposeScope _scope = torch.NewDisposeScope();
    private readonly Vae _vae = new(new VaeOptions { ExampleShape = [2, 2], Hidden = [5], LatentSize = 3 });

    public void Dispose()
    {
        _vae.Dispose();
        _scope.Dispose();
    }

    [Fact]
    public void A_traversal_moves_one_dimension_and_keeps_the_others()
    {
        var code = torch.tensor(new float[] { 0.5f, -1, 2 }).view(1, 3);
        var pictures = LatentWalk.Traverse(_vae, code, [2, 0], steps: 3, reach: 1.5);
        float[] codes = [0.5f, -1, -1.5f, 0.5f, -1, 0, 0.5f, -1, 1.5f, -1.5f, -1, 2, 0, -1, 2, 1.5f, -1, 2];
        pictures.Values().Should().Equal(_vae.Decode(torch.tensor(codes).view(6, 3)).Values());
        pictures.shape.Should().Equal(6, 2, 2);
    }

    [Fact]
    public void An_interpolation_has_both_ends_and_the_middle()
    {
        var (from, to) = (Examples.Batch(2, [3], seed: 1), Examples.Batch(2, [3], seed: 2));
        var pictures = LatentWalk.Interpolate(_vae, from, to, steps: 3);
        var expected = _vae.Decode(torch.stack([from, (from + to) / 2, to], 1).reshape(6, 3));
        pictures.allclose(expected, rtol: 1e-5, atol: 1e-6).Should().BeTrue();
        pictures.shape.Should().Equal(6, 2, 2);
    }

    [Fact]
    public void Any_model_with_codes_can_be_walked()
    {
        using var autoencoder = new Autoencoder(new AutoencoderOptions { ExampleShape = [2, 2], Hidden = [5], CodeSize = 3 });
        foreach (ILatentModel model in new ILatentModel[] { autoencoder, _vae })
        {
            var examples = torch.rand([2, 2, 2]);
            var codes = model.Encode(examples);
            codes.shape.Should().Equal(2, model.CodeSize);
            var ends = LatentWalk.Interpolate(model, codes.narrow(0, 0, 1), codes.narrow(0, 1, 1), steps: 2);
            ends.allclose(model.Decode(codes), rtol: 1e-5, atol: 1e-6).Should().BeTrue();
        }
        ((ILatentModel)_vae).Encode(torch.ones([1, 2, 2])).Equals(_vae.Encode(torch.ones([1, 2, 2])).Mean).Should().BeTrue();
    }

    [Fact]
    public void A_conditional_model_is_told_the_same_at_each_step_of_a_walk()
    {
        using var model = new Vae(new VaeOptions { ExampleShape = [2, 2], Hidden = [5], LatentSize = 3, Condition = Condition.Classes(4) });
        var (from, to) = (Examples.Batch(2, [3], seed: 1), Examples.Batch(2, [3], seed: 2));
        var labels = torch.tensor([3L, 1]);
        var codes = torch.stack([from, to], 1).reshape(4, 3);
        LatentWalk.Interpolate(model, from, to, steps: 2, labels).allclose(model.Decode(codes, torch.tensor([3L, 3, 1, 1])), 1e-5, 1e-6).Should().BeTrue();
        var one = from.narrow(0, 0, 1);
        LatentWalk.Traverse(model, one, [0, 2], steps: 2, condition: labels.narrow(0, 1, 1)).shape.Should().Equal(4, 2, 2);
        LatentWalk.Traverse(model, one, [2], steps: 2, condition: labels.narrow(0, 1, 1)).Values().Should().Equal(
            model.Decode(torch.cat([one.narrow(1, 0, 2).expand([2, 2]), torch.tensor([-3f, 3]).view(2, 1)], 1), torch.tensor([1L, 1])).Values());

        foreach (var bad in new torch.Tensor?[] { null, labels.narrow(0, 0, 1), torch.tensor([3L, 4]), torch.zeros(2) })
        {
            var walk = () => LatentWalk.Interpolate(model, from, to, steps: 2, bad);
            walk.Should().Throw<ArgumentException>().WithParameterName("condition");
        }
        var needless = () => LatentWalk.Interpolate(_vae, from, to, steps: 2, labels);
        needless.Should().Throw<ArgumentException>().WithParameterName("condition").WithMessage("*no place for one*");
    }

    [Fact]
    public void Wrong_arguments_are_named()
    {
        void Rejects(Action act, string name) => act.Should().Throw<ArgumentException>().Which.ParamName.Should().Be(name);
        Rejects(() => LatentWalk.Traverse(_vae, torch.zeros(1, 4), [0]), "code");
        Rejects(() => LatentWalk.Traverse(_vae, torch.zeros(2, 3), [0]), "code");
        Rejects(() => LatentWalk.Traverse(_vae, torch.zeros(1, 3), [3]), "dimensions");
        Rejects(() => LatentWalk.Traverse(_vae, torch.zeros(1, 3), []), "dimensions");
        Rejects(() => LatentWalk.Traverse(_vae, torch.zeros(1, 3), [0], steps: 1), "steps");
        Rejects(() => LatentWalk.Traverse(_vae, torch.zeros(1, 3), [0], reach: double.NaN), "reach");
        Rejects(() => LatentWalk.Interpolate(_vae, torch.zeros(2, 3), torch.zeros(1, 3)), "to");
    }
}
