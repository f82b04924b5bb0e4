using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace GenModels.Tests.Documentation;

public partial class SnippetTests
{
    // So that a file-based program may name its packages in lines that begin with #:.
    private static readonly CSharpParseOptions FileBased = CSharpParseOptions.Default.WithFeatures([new("FileBasedProgram", "true")]);

    private static IEnumerable<string> PageNames =>
        typeof(SnippetTests).Assembly.GetManifestResourceNames().Where(n => n.EndsWith(".md", StringComparison.Ordinal));

    public static TheoryData<string> Pages => [.. PageNames];

    [Theory, MemberData(nameof(Pages))]
    public void Every_snippet_compiles(string page)
    {
        foreach (Match match in Fence().Matches(Read(page)))
        {
            string code = match.Groups["code"].Value;
            Errors(code).Should().BeEmpty("this is a snippet of {0}:\n{1}", page, code);
        }
    }

    [Fact]
    public void The_readme_has_snippets_and_a_wrong_one_would_be_found()
    {
        string readme = PageNames.Single(p => p.EndsWith("README.md", StringComparison.Ordinal));
        Fence().Matches(Read(readme)).Should().NotBeEmpty();
        Errors("var vae = new GenModels.Vae(nonsense);").Should().NotBeEmpty();
    }

    [Fact]
    public void The_guide_to_a_model_of_ones_own_shows_the_sample()
    {
        string sample = File.ReadAllText(Path.Combine(Repository.Root, "samples/OwnModel/WassersteinAutoencoder.cs"));
        string guide = PageNames.Single(p => p.EndsWith("own-model.md", StringComparison.Ordinal));
        Read(guide).Should().Contain(sample[sample.IndexOf("/// <summary>Settings", StringComparison.Ordinal)..].Trim());
    }

    private static string[] Errors(string code)
    {
        string[] paths = ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "").Split(Path.PathSeparator);
        const string usings = "global using System; global using System.Linq; global using System.Collections.Generic; global using System.IO;";
        var compilation = CSharpCompilation.Create(
            "Snippet",
            [CSharpSyntaxTree.ParseText(usings, FileBased), CSharpSyntaxTree.ParseText(code, FileBased)],
            paths.Select(p => MetadataReference.CreateFromFile(p)),
            new CSharpCompilationOptions(OutputKind.ConsoleApplication));
        return [.. compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error).Select(d => d.ToString())];
    }

    private static string Read(string page)
    {
        using var stream = typeof(SnippetTests).Assembly.GetManifestResourceStream(page) ?? throw new FileNotFoundException(page);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    [GeneratedRegex("^```csharp\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();
}
