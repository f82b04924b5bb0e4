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
    case ["scaling", var chartFile]:
        Scaling.Print(chartFile);
        break;
    case ["data"]:
        DataShare.Print();
        break;
    case ["worker", var name, var threads, var weightsFile]:
        new Worker(Workload.Named(name), int.Parse(threads, CultureInfo.InvariantCulture)).Run(weightsFile);
        break;
    case ["endurance", .. var rest]:
        Environment.ExitCode = Endurance.Run(rest);
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(OperatorCallBenchmarks).Assembly).Run(args);
        break;
}
