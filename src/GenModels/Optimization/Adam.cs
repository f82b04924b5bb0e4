using GenModels.Kernels;
using GenModels.Numerics;
using GenModels.State;
using TorchSharp;

namespace GenModels.Optimization;

/// <summary>Adam with bias-corrected moments, as <see cref="AdamOptions"/> says.</summary>
internal sealed class Adam : Optimizer
{
    private readonly AdamOptions _options;
    private readonly torch.Tensor[] _moments1;
    private readonly torch.Tensor[] _moments2;

    public Adam(IReadOnlyList<torch.Tensor> parameters, AdamOptions options) : base(parameters, options)
    {
        options.Validate();
        _options = options;
        _moments1 = [.. parameters.Select(p => torch.zeros_like(p).DetachFromDisposeScope())];
        _moments2 = [.. parameters.Select(p => torch.zeros_like(p).DetachFromDisposeScope())];
    }

    protected override void Update(IReadOnlyList<torch.Tensor?> gradients)
    {
        double rate = _options.LearningRateAt(Steps);
        Steps++;
        double correction1 = 1 - DoubleMath.Power(_options.Beta1, Steps);
        double correction2 = 1 - DoubleMath.Power(_options.Beta2, Steps);
        var rates = new AdamUpdate.Rates(
            (float)_options.Beta1, (float)(1 - _options.Beta1), (float)_options.Beta2, (float)(1 - _options.Beta2), (float)(rate / correction1), (float)(1 / Math.Sqrt(correction2)),
            (float)_options.Epsilon, (float)_options.WeightDecay);

        for (int i = 0; i < Parameters.Count; i++)
            if (gradients[i] is { } gradient) AdamUpdate.Apply(Parameters[i], gradient, _moments1[i], _moments2[i], rates);
    }

    public override void Exchange(StateExchange state, string name)
    {
        base.Exchange(state, name);
        state.Tensors($"{name}.moment1", _moments1);
        state.Tensors($"{name}.moment2", _moments2);
    }

    public override void Dispose()
    {
        foreach (var moment in _moments1.Concat(_moments2)) moment.Dispose();
    }
}
