using GenModels.Fuzz;

namespace GenModels.Tests.Models;

/// <summary>The short form of tests/GenModels.Fuzz, and what it must find.</summary>
public class FuzzTests
{
    private const int Cases = 300;

    private static readonly Lazy<IReadOnlyList<FuzzTarget>> Targets = new(FuzzTargets.All);

    public static TheoryData<string> TargetNames => [.. Targets.Value.Select(t => t.Name)];

    [Theory, MemberData(nameof(TargetNames))]
    [Trait(Speed.Trait, Speed.Slow)]
    public void Damaged_files_load_or_are_rejected_as_documented(string name)
    {
        using var runner = new FuzzRunner();
        var target = Targets.Value.Single(t => t.Name == name);
        var report = runner.Run(target, seed: 7, first: 0, Cases);
        report.Failures.Should().BeEmpty();
        (report.Loaded + report.Rejected).Should().Be(Cases);
        if (target.ToleratesDamage) report.Loaded.Should().BePositive("damage may hit what does not matter");
        report.Rejected.Should().BeGreaterThan(Cases / 2);
    }

    [Fact]
    public void Another_exception_too_much_memory_and_too_much_time_are_found_and_can_be_repeated()
    {
        TimeSpan patient = TimeSpan.FromMinutes(1), impatient = TimeSpan.Zero;
        foreach (var (read, patience, finding) in new (Action<byte[]>, TimeSpan, string)[]
        {
            (_ => throw new IndexOutOfRangeException("out"), patient, "IndexOutOfRangeException: out"),
            (content => GC.KeepAlive(new byte[3_000_000 + content.Length]), patient, ".NET allocated"),
            (_ => torch.zeros(60_000_000).Dispose(), patient, "The process grew by"),
            (_ => { }, impatient, "It took longer than"),
        })
        {
            var target = new FuzzTarget(
                "bad", FileKind.Binary, [1, 2, 3, 4], path => { if (IsDamaged(path)) read(File.ReadAllBytes(path)); }, typeof(InvalidDataException))
            {
                Patience = patience,
            };
            using var runner = new FuzzRunner();
            var report = runner.Run(target, seed: 3, first: 0, count: 4);
            report.Failures.Should().NotBeEmpty().And.Contain(f => f.Contains(finding));
            int index = int.Parse(report.Failures[0].Split("--index ")[1].Split(':')[0]);
            runner.Run(target, seed: 3, first: index, count: 1).Failures.Should().ContainSingle().Which.Should().Contain($"--target bad --seed 3 --index {index}");
        }
    }

    [Fact]
    public void Damage_is_decided_by_seed_and_index()
    {
        var target = Targets.Value[0];
        FuzzRunner.Damaged(target, 1, 5).Should().Equal(FuzzRunner.Damaged(target, 1, 5)).And.NotEqual(target.Content);
        FuzzRunner.Damaged(target, 1, 6).Should().NotEqual(FuzzRunner.Damaged(target, 1, 5));
        FuzzRunner.Damaged(target, 2, 5).Should().NotEqual(FuzzRunner.Damaged(target, 1, 5));
    }

    private static bool IsDamaged(string path) => File.ReadAllBytes(path) is not [1, 2, 3, 4];
}
