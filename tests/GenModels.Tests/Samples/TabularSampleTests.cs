using System.Globalization;
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
        _folder.Files.Should().BeEquivalentTo("metrics.json", "history.csv", "curves.svg", "synthetic.csv", "model.safetensors", "encoding.json", "checkpoint.safetensors");

        var synthetic = CsvTable.Read(_folder.PathOf("synthetic.csv"));
        (synthetic.Rows, synthetic.Columns[1]).Should().Be((400, "second, half"));
        synthetic.Column(0).Average().Should().BeInRange(97, 103, "the scale is that of the data");
        using var metrics = _folder.Metrics();
        metrics.RootElement.GetProperty("ks").GetDouble().Should().BeInRange(0, 1);
        metrics.RootElement.GetProperty("real.ks").GetDouble().Should().BeInRange(0, 0.3);
        metrics.RootElement.GetProperty("js").GetDouble().Should().BeInRange(0, Math.Log(2));
    }

    [Fact]
    public void Model_and_encoding_make_rows_on_the_scale_of_the_table_they_learnt()
    {
        var rows = Enumerable.Range(0, 200).Select(i => Math.Sin(i * 1.7)).Select(x => FormattableString.Invariant($"{1000 + x};{-x * 3}"));
        File.WriteAllText(_input["in.csv"], $"first;2020\n{string.Join('\n', rows)}\n\n");
        var (status, _, error) = _folder.Run("--data", _input["in.csv"], "--separator", "semicolon", "--epochs", "5");
        (status, error).Should().Be((0, ""));
        CsvTable.Read(_folder.PathOf("synthetic.csv"), ';').Columns.Should().Equal("first", "2020");
        using var scope = torch.NewDisposeScope();
        using var model = _folder.Model();
        var drawn = TableEncoding.FromJson(File.ReadAllText(_folder.PathOf("encoding.json"))).Decode(model.Sample(100, seed: 1));
        // The column's own deviation is 0.7.
        Enumerable.Range(0, 100).Average(row => double.Parse(drawn[row, 0] ?? "", CultureInfo.InvariantCulture)).Should().BeInRange(997, 1003);
        File.ReadAllText(_folder.PathOf("curves.svg")).Should().Contain("epoch").And.NotContain(">1.5<");
    }

    [Fact]
    public void Categories_integers_and_missing_values_come_back_as_such()
    {
        string[] cities = ["Bern", "\"Rome, old\"", "NA"];
        var rows = Enumerable.Range(0, 300).Select(i => FormattableString.Invariant($"{cities[i * i % 7 % 3]},{i % 50},{(i % 5 == 0 ? "" : Math.Sin(i).ToString("F3"))}"));
        File.WriteAllText(_input["in.csv"], $"city,age,score\n{string.Join('\n', rows)}\n");
        var (status, output, error) = _folder.Run("--data", _input["in.csv"], "--epochs", "30");
        (status, error).Should().Be((0, ""));
        output.Should().Contain("city: 2 categories, some missing").And.Contain("age: whole numbers").And.Contain("score: numbers, some missing")
            .And.Contain("city=Rome, old").And.Contain("score is missing");
        var synthetic = TextTable.Read(_folder.PathOf("synthetic.csv"));
        synthetic.Columns.Should().Equal("city", "age", "score");
        string?[] Column(int column) => [.. Enumerable.Range(0, synthetic.Rows).Select(row => synthetic[row, column])];
        Column(0).Distinct().Should().BeSubsetOf(["Bern", "Rome, old", null]);
        Column(1).Should().OnlyContain(age => double.IsInteger(double.Parse(age ?? "", CultureInfo.InvariantCulture)));
        Column(2).Count(score => score is null).Should().BeInRange(1, synthetic.Rows / 2, "a fifth is missing");
    }

    [Fact]
    public void A_wrong_file_is_one_line_and_status_two()
    {
        File.WriteAllText(_input["in.csv"], "a,b\n1,2\n1\n");
        var (status, _, error) = _folder.Run("--data", _input["in.csv"]);
        status.Should().Be(2);
        error.Should().StartWith("tabular: ").And.Contain("in.csv, line 3: there are 1 fields, expected 2");
        error.TrimEnd().Should().NotContain("\n");
        _folder.Run("--data", _input["none.csv"]).Status.Should().Be(2);
    }
}
