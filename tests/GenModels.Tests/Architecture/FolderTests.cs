namespace GenModels.Tests.Architecture;

/// <summary>Holds the library's folders to one direction: each may refer to folders that stand above it in the list, and to no others.</summary>
public class FolderTests
{
    // Every folder, lowest first, with the folders it may refer to. "" is the root of the library, which holds the list of models.
    private static readonly (string Folder, string[] MayUse)[] Layers =
    [
        ("Core", []),
        ("Numerics", ["Core"]),
        ("Kernels", ["Core", "Numerics"]),
        ("Randomness", ["Core", "Numerics", "Kernels"]),
        ("Networks", ["Core", "Kernels", "Randomness"]),
        ("State", ["Core", "Randomness", "Networks"]),
        ("Optimization", ["Core", "Numerics", "Kernels", "State"]),
        ("Distributions", ["Core", "Numerics", "Kernels", "Randomness", "Networks"]),
        ("Divergences", ["Core", "Numerics", "Distributions"]),
        ("Safetensors", ["Core"]),
        ("Data", ["Core", "Kernels", "Randomness"]),
        ("Models", ["Core", "Kernels", "Randomness", "Networks", "State", "Optimization", "Distributions", "Safetensors", "Data"]),
        ("Models/Likelihoods", ["Core", "Numerics", "Kernels", "Randomness", "Networks"]),
        ("Models/Regression", ["Core", "Randomness", "Networks", "Optimization", "Distributions", "Models"]),
        ("Models/Autoencoders", ["Core", "Randomness", "Networks", "Optimization", "Distributions", "Data", "Models", "Models/Likelihoods"]),
        ("Models/Vae", ["Core", "Numerics", "Kernels", "Randomness", "Networks", "Optimization", "Distributions", "Data", "Models", "Models/Likelihoods"]),
        ("Models/Classifiers", ["Core", "Randomness", "Networks", "Optimization", "Data", "Models"]),
        ("Models/Gan", ["Core", "Kernels", "Randomness", "Networks", "State", "Optimization", "Data", "Models"]),
        ("Training", ["Core", "Kernels", "Randomness", "State", "Safetensors", "Data", "Models"]),
        ("Evaluation", ["Core", "Numerics", "Kernels", "Randomness", "Distributions", "Divergences", "Data", "Models"]),
        ("Reporting", ["Core", "Kernels"]),
        ("", ["Core", "Models", "Models/Autoencoders", "Models/Vae", "Models/Gan"]),
    ];

    private static readonly IReadOnlyList<FolderReference> References = FolderReferences.Find(Path.Combine(Repository.Root, "src/GenModels"));

    [Fact]
    public void Folders_refer_to_what_they_may_use_and_to_nothing_else()
    {
        var allowed = Layers.ToDictionary(l => l.Folder, l => l.MayUse);
        References.Where(r => !allowed.GetValueOrDefault(r.From, []).Contains(r.To))
            .Select(r => $"{r.Place}: {Name(r.From)} uses {r.Type} of {Name(r.To)}").Distinct().Should().BeEmpty();
    }

    [Fact]
    public void What_a_folder_may_use_stands_above_it()
    {
        for (int i = 0; i < Layers.Length; i++)
            Layers[i].MayUse.Should().BeSubsetOf(Layers[..i].Select(l => l.Folder), "{0} is listed there", Name(Layers[i].Folder));
    }

    [Fact]
    public void No_arrow_is_allowed_that_nothing_needs()
    {
        var arrows = References.Select(r => (r.From, r.To)).ToHashSet();
        Layers.SelectMany(l => l.MayUse.Select(to => (l.Folder, to))).Where(arrow => !arrows.Contains(arrow)).Should().BeEmpty();
    }

    private static string Name(string folder) => folder.Length > 0 ? folder : "the root";
}
