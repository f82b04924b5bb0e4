using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GenModels.Tests.Architecture;

/// <summary>A place in the sources of one folder that refers to a type of another folder.</summary>
internal sealed record FolderReference(string From, string To, string Type, string Place);

/// <summary>Finds, by symbols, which folder of a library's sources refers to which.</summary>
internal static class FolderReferences
{
    private const string FamilyParent = "Models";
    private static readonly CSharpParseOptions Language = new(LanguageVersion.Preview);

    /// <summary>Every reference between two folders below <paramref name="root"/>, with usings left out.</summary>
    public static IReadOnlyList<FolderReference> Find(string root)
    {
        var trees = Sources(root).Select(path => CSharpSyntaxTree.ParseText(File.ReadAllText(path), Language, path)).ToList();
        var compilation = CSharpCompilation.Create(
            "Library", [.. trees, CSharpSyntaxTree.ParseText(ImplicitUsings, Language)], Libraries(), new(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
        return [.. trees.SelectMany(tree => Find(root, tree, compilation.GetSemanticModel(tree)))];
    }

    private static IEnumerable<FolderReference> Find(string root, SyntaxTree tree, SemanticModel model)
    {
        string from = Folder(root, tree.FilePath);
        foreach (var name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
        {
            if (name.FirstAncestorOrSelf<UsingDirectiveSyntax>() is not null) continue;
            if (Declaration(model.GetSymbolInfo(name).Symbol) is not { } type) continue;
            if (type.Locations.FirstOrDefault(l => l.IsInSource)?.SourceTree?.FilePath is not { Length: > 0 } path) continue;
            string to = Folder(root, path);
            if (to != from) yield return new FolderReference(from, to, type.Name, $"{Path.GetRelativePath(root, tree.FilePath)}:{name.GetLocation().GetLineSpan().StartLinePosition.Line + 1}");
        }
    }

    /// <summary>The outermost type that a symbol is or belongs to.</summary>
    private static INamedTypeSymbol? Declaration(ISymbol? symbol)
    {
        if (symbol is null or INamespaceSymbol or ILocalSymbol or IParameterSymbol or ITypeParameterSymbol) return null;
        var type = (symbol as INamedTypeSymbol ?? symbol.ContainingType)?.OriginalDefinition;
        while (type?.ContainingType is { } outer) type = outer;
        return type;
    }

    // The folders of the model families count one by one, so that none can refer to another.
    private static string Folder(string root, string path)
    {
        string[] parts = Path.GetRelativePath(root, path).Split(Path.DirectorySeparatorChar);
        if (parts.Length == 1) return "";
        return parts[0] == FamilyParent && parts.Length > 2 ? $"{parts[0]}/{parts[1]}" : parts[0];
    }

    private static IEnumerable<string> Sources(string root) => Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
        .Where(path => Path.GetRelativePath(root, path).Split(Path.DirectorySeparatorChar)[0] is not ("bin" or "obj")).Order();

    private static IEnumerable<MetadataReference> Libraries() => (AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? "")
        .Split(Path.PathSeparator).Where(path => Path.GetFileName(path) is not ("" or "GenModels.dll")).Select(path => MetadataReference.CreateFromFile(path));

    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;
}
