using BenchmarkDotNet.Attributes;
using TorchSharp;

namespace GenModels.Benchmarks;

/// <summary>What a call of an operator costs where the operator itself has next to nothing to do.</summary>
public class OperatorCallBenchmarks
{
    private readonly torch.Tensor _left = torch.rand(4, 4);
    private readonly torch.Tensor _right = torch.rand(4, 4);

    [GlobalSetup]
    public void UseOneThread() => torch.set_num_threads(1);

    [Benchmark]
    public void Add()
    {
        using var sum = _left + _right;
    }

    [Benchmark]
    public void Multiply()
    {
        using var product = _left.mm(_right);
    }

    [Benchmark]
    public void AddInScope()
    {
        using var scope = torch.NewDisposeScope();
        _ = _left + _right;
    }
}
