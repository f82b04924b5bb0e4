using System.Text.RegularExpressions;

namespace GenModels.Tests.Documentation;

public partial class ClaimsTests
{
    [Fact]
    public void Every_test_that_a_claim_names_exists()
    {
        string resource = typeof(ClaimsTests).Assembly.GetManifestResourceNames().Single(n => n.EndsWith("claims.md", StringComparison.Ordinal));
        using var stream = typeof(ClaimsTests).Assembly.GetManifestResourceStream(resource) ?? throw new FileNotFoundException(resource);
        using var reader = new StreamReader(stream);
        var named = TestName().Matches(reader.ReadToEnd()).Select(m => (Class: m.Groups["class"].Value, Method: m.Groups["method"].Value)).ToList();
        named.Should().HaveCountGreaterThan(30);
        foreach (var (name, method) in named)
        {
            var type = typeof(ClaimsTests).Assembly.GetTypes().SingleOrDefault(t => t.Name == name);
            type.Should().NotBeNull("{0} is named in docs/claims.md", name);
            if (method.Length > 0) type?.GetMethod(method).Should().NotBeNull("{0}.{1} is named in docs/claims.md", name, method);
        }
    }

    [GeneratedRegex(@"`(?<class>\w+Tests)(\.(?<method>\w+))?`")]
    private static partial Regex TestName();
}
