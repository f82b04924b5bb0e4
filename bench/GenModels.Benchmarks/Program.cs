using BenchmarkDotNet.Running;
using GenModels.Benchmarks;

if (args is ["calls"]) OperatorCallTiming.Print();
else if (args is ["nll", .. var rest]) ImportanceSamplingTiming.Print(images: rest is [var count] ? int.Parse(count) : 1_000);
else BenchmarkSwitcher.FromAssembly(typeof(OperatorCallBenchmarks).Assembly).Run(args);
