using BenchmarkDotNet.Running;
using GenModels.Benchmarks;

if (args is ["calls"]) OperatorCallTiming.Print();
else BenchmarkSwitcher.FromAssembly(typeof(OperatorCallBenchmarks).Assembly).Run(args);
