using GenModels.Data;

namespace GenModels.Tests.Data;

public sealed class CsvTableTests : IDisposable
{
    private readonly DisposeScope _scope = torch.NewDisposeScope();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("a,b\n1,2\n3,4\n")]
    [InlineData("a,b\r\n1,2\r\n3,4")]
    [InlineData("\"a\",b\n\"1\",2\n3,\"4\"\n")]
    [InlineData("a,b\n1,2\n3,4\n\n")]
    [InlineData("a,b\r\n1,2\r\n3,4\r\n\r\n  \r\n")]
    [InlineData("\"a\",\"b\"\r\n\"1\",\"2\"\r\n 3 ,4.0\r\n")]
    public void The_same_table_in_all_the_ways_it_may_be_written(string text)
    {
        var table = Parse(text);
        table.Columns.Should().Equal("a", "b");
        (table.Rows, table[0, 1], table[1, 0]).Should().Be((2, 2, 3));
        table.Column(1).Should().Equal(2, 4);
        table.ToTensor().data<double>().ToArray().Should().Equal(1, 2, 3, 4);
    }

    [Fact]
    public void Names_may_hold_commas_quotes_and_line_ends()
    {
        var table = Parse("\"a \"\"b\"\", c\",\"two\nlines\"\n1e-3,-.5\n");
        table.Columns.Should().Equal("a \"b\", c", "two\nlines");
        table.Write(_folder["t.csv"]);
        CsvTable.Read(_folder["t.csv"]).Columns.Should().Equal(table.Columns);
    }

    [Theory]
    [InlineData(',')]
    [InlineData(';')]
    [InlineData('\t')]
    [InlineData('|')]
    public void Names_that_are_numbers_or_hold_the_separator_come_back_with_every_separator(char separator)
    {
        string[] names = ["1", "2020", "-1e3", "NaN", $"a{separator}b"];
        new CsvTable(names, torch.ones(1, 5)).Write(_folder["t.csv"], separator);
        CsvTable.Read(_folder["t.csv"], separator).Columns.Should().Equal(names);
        new CsvTable(["1", "2"], torch.ones(1, 2)).Write(_folder["t.csv"], separator);
        CsvTable.Read(_folder["t.csv"], separator).Columns.Should().Equal("1", "2");
        File.ReadAllText(_folder["t.csv"]).Should().Be($"\"1\"{separator}\"2\"\n1{separator}1\n");
    }

    [Fact]
    public void A_header_may_hold_some_numbers_and_a_separator_must_be_one()
    {
        Parse("country,2019,2020\n1,2,3\n").Columns.Should().Equal("country", "2019", "2020");
        foreach (char separator in "\"\n.-0e ")
        {
            var read = () => CsvTable.Read(_folder["none.csv"], separator);
            read.Should().Throw<ArgumentException>().WithMessage("*expected a comma, a semicolon, a tab, a vertical bar*");
            var write = () => Parse("a\n1\n").Write(_folder["t.csv"], separator);
            write.Should().Throw<ArgumentException>().WithParameterName("separator");
        }
    }

    [Fact]
    public void Values_come_back_bit_for_bit()
    {
        double[] values = [1.0 / 3, -0.0, 5e-324, double.MaxValue, 123456789.123456789, 1e-17];
        new CsvTable(["x", "y"], torch.tensor(values).view(3, 2)).Write(_folder["sub", "t.csv"]);
        CsvTable.Read(_folder["sub", "t.csv"]).ToTensor().data<double>().ToArray().Select(BitConverter.DoubleToInt64Bits)
            .Should().Equal(values.Select(BitConverter.DoubleToInt64Bits));
        File.ReadAllText(_folder["sub", "t.csv"]).Should().StartWith("x,y\n0.3333333333333333,-0\n");
    }

    [Theory]
    [InlineData("", "t.csv, line 1: the file is empty, *")]
    [InlineData("a,b\n", "t.csv, line 1: there are no rows *")]
    [InlineData("a,b\n1,2\n3\n", "t.csv, line 3: there are 1 fields, expected 2*")]
    [InlineData("a,b\n1,2\n\n\n3,4\n", "t.csv, line 3: the line is blank; blank lines are allowed only at the end.")]
    [InlineData("a\n1\n\"\"\n", "t.csv, line 3: column 1 (a) has no value*")]
    [InlineData("a;b\n1;2\n", "t.csv, line 2: column 1 (a;b) has '1;2'*separated by a semicolon, and a comma was expected: give the file's separator.")]
    [InlineData("a;b\n1,5;2\n", "t.csv, line 2: there are 2 fields, expected 1*separated by a semicolon*")]
    [InlineData("a\tb\n1\t2\n", "t.csv, line 2: column 1 *separated by a tab*")]
    [InlineData("a,b\n1,2,3\n", "t.csv, line 2: there are 3 fields, expected 2*")]
    [InlineData("a,b\n1,x\n", "t.csv, line 2: column 2 (b) has 'x', expected a finite number*")]
    [InlineData("a,b\n1,\n", "t.csv, line 2: column 2 (b) has no value*")]
    [InlineData("a,b\n1,NaN\n", "t.csv, line 2: column 2 (b) has 'NaN'*")]
    [InlineData("a,b\n1,1e999\n", "t.csv, line 2: column 2 (b) has '1e999'*")]
    [InlineData("a,b\n\"1,000\",2\n", "t.csv, line 2: column 1 (a) has '1,000'*")]
    [InlineData("a,\n1,2\n", "t.csv, line 1: column 2 has no name*")]
    [InlineData("a,a\n1,2\n", "t.csv, line 1: columns 1 and 2 are both called 'a'*")]
    [InlineData("1,2\n3,4\n", "t.csv, line 1: column 1 has the number '1' where its name is expected*")]
    [InlineData("a,b\n\"1,2\n", "t.csv, line 2: column 1 starts with a quote that is never closed*")]
    [InlineData("a,b\n1,\"2\"3\n", "t.csv, line 2: column 2 has '3' after its closing quote*")]
    [InlineData("a,b\n1,2\"3\n", "t.csv, line 2: column 2 has a quote inside a field*")]
    [InlineData("\"a\nb\",c\n1,x\n", "t.csv, line 3: column 2 (c) has 'x'*")]
    public void What_is_no_table_is_named_with_its_place(string text, string message)
    {
        var parse = () => Parse(text);
        parse.Should().Throw<InvalidDataException>().WithMessage(message);
    }

    [Fact]
    public void A_long_field_is_cut_in_the_message()
    {
        var parse = () => Parse($"a\n{new string('x', 100_000)}\n");
        parse.Should().Throw<InvalidDataException>().Which.Message.Length.Should().BeLessThan(400);
    }

    [Fact]
    public void The_time_to_compare_names_grows_no_faster_than_their_number()
    {
        const int columns = 200_000;
        string text = $"{string.Join(',', Enumerable.Range(0, columns).Select(i => $"c{i}"))}\n{string.Join(',', Enumerable.Repeat("1", columns))}\n";
        Action parse = () => Parse(text).Columns.Should().HaveCount(columns);
        parse.ExecutionTime().Should().BeLessThan(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void Columns_become_examples_labels_and_conditions()
    {
        var table = Parse("x,kind,y,age\n1,2,0.1,30\n3,0,0.2,40\n");
        table.ToSource().Values.ToArray().Should().Equal(1, 2, 0.1f, 30, 3, 0, 0.2f, 40);
        var source = table.ToSource("y", "x").WithLabels(table.Labels("kind")).WithConditions(table.ToSource("age"));
        (source.Count, source.Classes, source.Label(0), source.Label(1), source.ConditionSize).Should().Be((2, 3, 2, 0, 1));
        source.ToTensor(0, 2).Values().Should().Equal(0.1f, 1, 0.2f, 3);
        var ages = new float[2];
        source.GatherConditions([1, 0], ages);
        ages.Should().Equal(40, 30);
    }

    [Fact]
    public void Columns_that_are_no_examples_or_labels_are_named()
    {
        var table = Parse("x,y\n1,0.5\n1e300,-1\n");
        Message(() => table.ToSource("z")).Should().StartWith("There is no column 'z', expected one of 'x', 'y'.");
        Message(() => table.Labels("z")).Should().StartWith("There is no column 'z'");
        Message(() => table.Labels("y")).Should().StartWith("Row 0 of column 'y' has 0.5, expected a class label: a whole number from 0 on.");
        Message(() => table.Labels("x")).Should().StartWith("Row 1 of column 'x' has 1E+300");
        Message(() => table.ToSource("x")).Should().StartWith("Value 0 of example 1 is Infinity");

        static string Message(Action act) => act.Should().Throw<ArgumentException>().Which.Message;
    }

    [Fact]
    public void A_missing_file_and_values_without_a_place_are_named()
    {
        var missing = () => CsvTable.Read(_folder["none.csv"]);
        missing.Should().Throw<FileNotFoundException>().WithMessage("*none.csv*");
        var narrow = () => new CsvTable(["a"], torch.zeros(2, 2));
        narrow.Should().Throw<ArgumentException>().WithParameterName("values");
        var nan = () => new CsvTable(["a"], torch.full([2, 1], float.NaN));
        nan.Should().Throw<ArgumentException>().WithMessage("*NaN*");
        var twice = () => new CsvTable(["a", "a"], torch.zeros(2, 2));
        twice.Should().Throw<ArgumentException>().WithParameterName("columns");
        var place = () => Parse("a\n1\n")[0, 1];
        place.Should().Throw<ArgumentOutOfRangeException>().WithParameterName("column");
    }

    [Fact]
    public void Scaling_gives_mean_0_and_deviation_1_and_goes_back()
    {
        var rows = torch.tensor(new double[,] { { 1, 1e9, 0.1 }, { 3, 1e9 + 2, 0.1 }, { 5, 1e9 + 4, 0.1 } });
        var scaler = StandardScaler.Fit(rows);
        scaler.Means.Should().Equal([3, 1e9 + 2, 0.1], (a, e) => Math.Abs(a - e) < 1e-12 * e);
        scaler.Deviations.Should().Equal([Math.Sqrt(8.0 / 3), Math.Sqrt(8.0 / 3), 1], (a, e) => Math.Abs(a - e) < 1e-12);
        var standard = scaler.Transform(rows);
        standard.dtype.Should().Be(torch.ScalarType.Float32);
        float end = (float)Math.Sqrt(1.5);
        standard.Values().Should().Equal([-end, -end, 0, 0, 0, 0, end, end, 0], (a, e) => Math.Abs(a - e) < 2e-7);
        scaler.Inverse(standard).allclose(rows, rtol: 1e-7).Should().BeTrue();

        var same = new StandardScaler([.. scaler.Means], [.. scaler.Deviations]);
        same.Transform(rows).Values().Should().Equal(standard.Values());
        var wide = () => scaler.Transform(torch.zeros(2, 4));
        wide.Should().Throw<ArgumentException>().WithMessage("*[2, 4]*[examples, 3]*");
        var zero = () => new StandardScaler([0], [0]);
        zero.Should().Throw<ArgumentOutOfRangeException>().WithMessage("*deviations[0] is 0*");
    }

    [Fact]
    public void A_scaler_that_was_saved_is_the_same_to_the_bit()
    {
        var scaler = new StandardScaler([1.0 / 3, -5e-324, double.MaxValue], [0.1, double.Epsilon, 1e300]);
        scaler.Save(_folder["sub", "scaler.json"]);
        var loaded = StandardScaler.Load(_folder["sub", "scaler.json"]);
        loaded.Means.Should().Equal(scaler.Means);
        loaded.Deviations.Should().Equal(scaler.Deviations);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"means\":[1]}")]
    [InlineData("{\"means\":null,\"deviations\":[1]}")]
    [InlineData("{\"means\":[1],\"deviations\":[0]}")]
    [InlineData("{\"means\":[1],\"deviations\":[-1]}")]
    [InlineData("{\"means\":[1],\"deviations\":[1,2]}")]
    [InlineData("{\"means\":[],\"deviations\":[]}")]
    [InlineData("{\"means\":[1e999],\"deviations\":[1]}")]
    [InlineData("{\"means\":[1],\"means\":[2],\"deviations\":[1]}")]
    [InlineData("{\"means\":[1],\"deviations\":[1],\"columns\":[]}")]
    public void A_file_that_is_no_scaler_is_named(string text)
    {
        File.WriteAllText(_folder["scaler.json"], text);
        var load = () => StandardScaler.Load(_folder["scaler.json"]);
        load.Should().Throw<InvalidDataException>().WithMessage("The file '*scaler.json' holds no scaler: *");
        var missing = () => StandardScaler.Load(_folder["none.json"]);
        missing.Should().Throw<FileNotFoundException>().WithMessage("*none.json*");
    }

    private static CsvTable Parse(string text)
    {
        using var reader = new StringReader(text);
        return CsvTable.Parse(reader, "t.csv");
    }
}
