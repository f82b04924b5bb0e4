namespace GenModels.Tests;

/// <summary>A folder of its own for one test, deleted with all that is in it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("genmodels-test-").FullName;

    public string this[params string[] names] => System.IO.Path.Combine([Path, .. names]);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
