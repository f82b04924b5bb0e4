using System.Globalization;
using BenchmarkDotNet.Running;
using GenModels.Benchmarks;

if (args is ["calls"]) OperatorCallTiming.Print();
else if (args is ["endurance", ..]) return Endurance.Run(args.ElementAtOrDefault(1) ?? "vae", long.Parse(args.ElementAtOrDefault(2) ?? "500000", CultureInfo.InvariantCulture));
else BenchmarkSwitcher.FromAssembly(typeof(OperatorCallBenchmarks).Assembly).Run(args);
return 0;
