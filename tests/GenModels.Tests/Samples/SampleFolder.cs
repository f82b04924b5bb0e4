using System.Text.Json;

namespace GenModels.Tests.Samples;

/// <summary>A folder for one test's runs of a sample.</summary>
internal sealed class SampleFolder(string sample) : IDisposable
{
    private readonly string _path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"genmodels-{Guid.NewGuid()}");

    public string Path => _path;

    public (int Status, string Output, string Error) Run(params string[] arguments) => SampleProcess.Run(sample, [.. arguments, "--out", _path]);

    public ChildProcess Start(params string[] arguments) => SampleProcess.Start(sample, [.. arguments, "--out", _path]);

    /// <summary>The lines of a history, without the times, which come last.</summary>
    public IEnumerable<string> Lines(string file) =>
        File.ReadAllLines(System.IO.Path.Combine(_path, file)).Select(line => string.Join(',', line.Split(',')[..^2]));

    public IEnumerable<string?> Files => Directory.GetFiles(_path).Select(System.IO.Path.GetFileName);

    public string PathOf(string file) => System.IO.Path.Combine(_path, file);

    public byte[] Read(string file) => File.ReadAllBytes(PathOf(file));

    /// <summary>The model that a run left; the caller disposes it.</summary>
    public IGenerativeModel Model() => GenerativeModel.Load(System.IO.Path.Combine(_path, "model.safetensors"));

    public JsonDocument Metrics() => JsonDocument.Parse(Read("metrics.json"));

    public void Dispose()
    {
        if (Directory.Exists(_path)) Directory.Delete(_path, recursive: true);
    }
}
