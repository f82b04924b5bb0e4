using System.Text.Json;

namespace GenModels.Tests.Samples;

/// <summary>A folder for one test's runs of a sample.</summary>
internal sealed class SampleFolder(string sample) : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"genmodels-{Guid.NewGuid()}");

    public (int Status, string Output, string Error) Run(params string[] arguments)
    {
        using var process = SampleProcess.Start(sample, [.. arguments, "--out", _path]);
        return process.Finish();
    }

    public IEnumerable<string?> Files => Directory.GetFiles(_path).Select(Path.GetFileName);

    public string PathOf(string file) => Path.Combine(_path, file);

    public byte[] Read(string file) => File.ReadAllBytes(PathOf(file));

    /// <summary>The model that a run left; the caller disposes it.</summary>
    public IGenerativeModel Model() => GenerativeModel.Load(Path.Combine(_path, "model.safetensors"));

    public JsonDocument Metrics() => JsonDocument.Parse(Read("metrics.json"));

    public void Dispose()
    {
        if (Directory.Exists(_path)) Directory.Delete(_path, recursive: true);
    }
}
