using GenModels.Data;

namespace GenModels.Tests.Samples;

public sealed class TabularSampleTests : IDisposable
{
    private readonly SampleFolder _folder = new("Tabular");
    private readonly TemporaryFolder _input = new();

    public void Dispose()
    {
        _folder.Dispose();
        _input.Dispose();
    }

    [Theory]
    [InlineData("vae")]
    [InlineData("gan")]
    public void A_short_run_writes_a_table_like_the_one_it_read(string model)
    {
        var rows = Enumerable.Range(0, 400).Select(i => Math.Sin(i * 1.7)).Select(x => FormattableString.Invariant($"{100 + x},{-x * 3}"));
        File.WriteAllText(_input["in.csv"], $"first,\"second, half\"\n{string.Join('\n', rows)}\n");
        var (status, output, error) = _folder.Run("--data", _input["in.csv"], "--epochs", "10", "--model", model);
        (status, error).Should().Be((0, ""));
        output.Should().Contain("320 rows of 2 columns to learn from, 80 held out").And.Contain("correlations differ by");
        _folder.Files.Should().BeEquivalentTo("metrics.json", "history.csv", "curves.svg", "synthetic.csv", "model.safetensors", "scaler.json", "checkpoint.safetensors");

        var synthetic = CsvTable.Read(_folder.PathOf("synthetic.csv"));
        (synthetic.Rows, synthetic.Columns[1]).Should().Be((400, "second, half"));
        synthetic.Column(0).Average().Should().BeInRange(97, 103, "the scale is that of the data");
        using var metrics = _folder.Metrics();
        metrics.RootElement.GetProperty("ks").GetDouble().Should().BeInRange(0, 1);
        metrics.RootElement.GetProperty("real.ks").GetDouble().Should().BeInRange(0, 0.3);
        metrics.RootElement.GetProperty("js").GetDouble().Should().BeInRange(0, Math.Log(2));
    }

    [Fact]
    public void Model_and_scaler_make_rows_on_the_scale_of_the_table_they_learnt()
    {
        var rows = Enumerable.Range(0, 200).Select(i => Math.Sin(i * 1.7)).Select(x => FormattableString.Invariant($"{1000 + x};{-x * 3}"));
        File.WriteAllText(_input["in.csv"], $"first;2020\n{string.Join('\n', rows)}\n\n");
        var (status, _, error) = _folder.Run("--data", _input["in.csv"], "--separator", "semicolon", "--epochs", "5");
        (status, error).Should().Be((0, ""));
        CsvTable.Read(_folder.PathOf("synthetic.csv"), ';').Columns.Should().Equal("first", "2020");
        using var scope = torch.NewDisposeScope();
        using var model = _folder.Model();
        var drawn = StandardScaler.Load(_folder.PathOf("scaler.json")).Inverse(model.Sample(100, seed: 1));
        // The column's own deviation is 0.7.
        drawn.select(1, 0).mean().item<double>().Should().BeInRange(997, 1003);
        File.ReadAllText(_folder.PathOf("curves.svg")).Should().Contain("epoch").And.NotContain(">1.5<");
    }

    [Fact]
    public void A_wrong_file_is_one_line_and_status_two()
    {
        File.WriteAllText(_input["in.csv"], "a,b\n1,many\n");
        var (status, _, error) = _folder.Run("--data", _input["in.csv"]);
        status.Should().Be(2);
        error.Should().StartWith("tabular: ").And.Contain("in.csv, line 2: column 2 (b) has 'many'");
        error.TrimEnd().Should().NotContain("\n");
        _folder.Run("--data", _input["none.csv"]).Status.Should().Be(2);
    }
}
