using System.CommandLine;
using GenModels.Fuzz;

var targets = FuzzTargets.All();
var name = new Option<string?>("--target") { Description = $"The reader: {string.Join(", ", targets.Select(t => t.Name))}. All by default." };
name.AcceptOnlyFromAmong([.. targets.Select(t => t.Name)]);
var seed = new Option<int>("--seed") { Description = "Decides the damage.", DefaultValueFactory = _ => 1 };
var count = new Option<int>("--count") { Description = "How many damaged files, over all targets.", DefaultValueFactory = _ => 100_000 };
var index = new Option<int?>("--index") { Description = "Reads this one file alone, as a failure names it." };
var keep = new Option<string?>("--keep") { Description = "Where to write the file of --index." };
var command = new RootCommand("Damages files at random and reads them: each must load, or be rejected by the exception that its reader documents.") { name, seed, count, index, keep };

command.SetAction(parsed =>
{
    var chosen = targets.Where(t => parsed.GetValue(name) is null || parsed.GetValue(name) == t.Name).ToList();
    if (parsed.GetValue(keep) is { } path && parsed.GetValue(index) is { } kept) File.WriteAllBytes(path, FuzzRunner.Damaged(chosen[0], parsed.GetValue(seed), kept));
    using var runner = new FuzzRunner();
    using var watchdog = new Timer(_ => EndIfHung(runner), null, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    bool failed = false;
    foreach (var target in chosen)
    {
        var (first, number) = parsed.GetValue(index) is { } one ? (one, 1) : (0, (parsed.GetValue(count) - 1) / chosen.Count + 1);
        var report = runner.Run(target, parsed.GetValue(seed), first, number);
        Console.WriteLine(report);
        foreach (string failure in report.Failures.Take(5)) Console.WriteLine($"  {failure}");
        failed |= report.Failures.Count > 0;
    }
    return failed ? 1 : 0;
});
return command.Parse(args).Invoke();

static void EndIfHung(FuzzRunner runner)
{
    if (runner.Elapsed < TimeSpan.FromSeconds(30)) return;
    Console.Error.WriteLine($"It hangs: {runner.Current}");
    Environment.Exit(1);
}
