using GenModels.Kernels;
using GenModels.State;
using TorchSharp;

namespace GenModels.Optimization;

/// <summary>Gradient descent with momentum and schedules, as <see cref="SgdOptions"/> says.</summary>
internal sealed class Sgd : Optimizer
{
    private readonly SgdOptions _options;
    private readonly torch.Tensor[] _velocities;

    public Sgd(IReadOnlyList<torch.Tensor> parameters, SgdOptions options) : base(parameters, options)
    {
        options.Validate();
        _options = options;
        _velocities = [.. parameters.Select(p => torch.zeros_like(p).DetachFromDisposeScope())];
    }

    protected override void Update(IReadOnlyList<torch.Tensor?> gradients)
    {
        var rates = new MomentumUpdate.Rates(
            (float)_options.MomentumAt(Steps), (float)_options.LearningRateAt(Steps), (float)_options.WeightDecay);
        Steps++;
        for (int i = 0; i < Parameters.Count; i++)
            if (gradients[i] is { } gradient) MomentumUpdate.Apply(Parameters[i], gradient, _velocities[i], rates);
    }

    public override void Exchange(StateExchange state, string name)
    {
        base.Exchange(state, name);
        state.Tensors($"{name}.velocity", _velocities);
    }

    public override void Dispose()
    {
        foreach (var velocity in _velocities) velocity.Dispose();
    }
}
