// Runs the tests of some classes in this process, for machines without dotnet test, such as emulated ones. The arguments are what the full
// names of the classes start with.
using System.Reflection;
using Xunit.Sdk;

if (args.Length == 0)
{
    Console.Error.WriteLine("Expected what the names of test classes start with, such as GenModels.Tests.Kernels.");
    return 2;
}
var assembly = Assembly.GetExecutingAssembly();
using var progress = new GenModels.Tests.TestProgress();
using var framework = new XunitTestFramework(progress);
using var discoverer = framework.GetDiscoverer(Reflector.Wrap(assembly));
foreach (var type in assembly.GetTypes())
{
    if (!Array.Exists(args, start => type.FullName?.StartsWith(start, StringComparison.Ordinal) ?? false)) continue;
    discoverer.Find(type.FullName, includeSourceInformation: false, progress, progress);
    progress.WaitForDiscovery();
}
using var executor = framework.GetExecutor(assembly.GetName());
executor.RunTests(progress.Tests, progress, progress);
progress.WaitForTests();
Console.WriteLine($"{progress.Passed} passed, {progress.Failed} failed, {progress.Skipped} skipped");
return progress.Passed == 0 || progress.Failed > 0 ? 1 : 0;
