using System.Globalization;
using BenchmarkDotNet.Running;
using GenModels.Benchmarks;
using GenModels.Benchmarks.Comparison;

switch (args)
{
    case ["calls"]:
        OperatorCallTiming.Print();
        break;
    case ["compare", .. var rest]:
        ComparisonTable.Print(rest);
        break;
    case ["nll", .. var rest]:
        int[] counts = [.. rest.Select(count => int.Parse(count, CultureInfo.InvariantCulture))];
        ImportanceSamplingTiming.Print(images: counts.ElementAtOrDefault(0) is > 0 and var images ? images : 1_000, chunk: counts.ElementAtOrDefault(1) is > 0 and var chunk ? chunk : 1_000);
        break;
    case ["worker", var name, var threads, var weightsFile]:
        new Worker(Workload.Named(name), int.Parse(threads, CultureInfo.InvariantCulture)).Run(weightsFile);
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(OperatorCallBenchmarks).Assembly).Run(args);
        break;
}
