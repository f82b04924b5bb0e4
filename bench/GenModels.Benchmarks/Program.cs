using BenchmarkDotNet.Running;
using GenModels.Benchmarks;

switch (args)
{
    case ["calls"]:
        OperatorCallTiming.Print();
        break;
    case ["endurance", .. var rest]:
        Environment.ExitCode = Endurance.Run(rest);
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(OperatorCallBenchmarks).Assembly).Run(args);
        break;
}
