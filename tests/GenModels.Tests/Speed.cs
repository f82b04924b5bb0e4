namespace GenModels.Tests;

/// <summary>The trait of tests that take seconds: <c>./build.sh test --fast</c> leaves out those that are slow.</summary>
internal static class Speed
{
    public const string Trait = nameof(Speed);
    public const string Slow = nameof(Slow);
}
