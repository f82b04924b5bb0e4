namespace GenModels.Tests;

/// <summary>The trait of tests that take long: <c>./build.sh test --fast</c> runs the others.</summary>
internal static class Speed
{
    public const string Trait = nameof(Speed);
    public const string Slow = nameof(Slow);
}
