using GenModels.Data;

namespace GenModels.Tests.Data;

public sealed class TableEncodingTests : IDisposable
{
    private readonly DisposeScope _scope = torch.NewDisposeScope();
    private readonly TemporaryFolder _folder = new();

    private static readonly TextTable Table = Parse("city,age,score,grade\nRome,12,0.5,1\n,14,,2\n\"Bern, old\",16,1.5,2\nRome,14,-0.5,3\n");

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_row_is_standardised_numbers_categories_and_what_is_missing()
    {
        var encoding = TableEncoding.Fit(Table, new Dictionary<string, ColumnKind> { ["grade"] = ColumnKind.Category });
        encoding.Columns.Select(c => (c.Kind, c.HasMissing)).Should().Equal(
            (ColumnKind.Category, true), (ColumnKind.Integer, false), (ColumnKind.Number, true), (ColumnKind.Category, false));
        encoding.ValueNames.Should().Equal("city=Bern, old", "city=Rome", "city is missing", "age", "score", "score is missing", "grade=1", "grade=2", "grade=3");
        encoding.Size.Should().Be(9);
        // Ages have the mean 14 and the deviation √2; scores the mean 0.5 and the deviation √(2/3).
        float age = MathF.Sqrt(2), score = MathF.Sqrt(1.5f);
        encoding.Encode(Table).Values.ToArray().Should().Equal(
            [
                0, 1, 0, -age, 0, 0, 1, 0, 0,
                0, 0, 1, 0, 0, 1, 0, 1, 0,
                1, 0, 0, age, score, 0, 0, 1, 0,
                0, 1, 0, 0, -score, 0, 0, 0, 1,
            ], (a, e) => Math.Abs(a - e) < 1e-6);
    }

    [Fact]
    public void Rows_come_back_and_columns_may_stand_elsewhere()
    {
        var encoding = TableEncoding.Fit(Table);
        Texts(encoding.Decode(encoding.Encode(Table).ToTensor(0, 4))).Should().Equal(Texts(Table));
        var other = Parse("grade,score,more,age,city\n2,,x,14,\n");
        Texts(encoding.Decode(encoding.Encode(other).ToTensor(0, 1))).Should().Equal(null, "14", null, "2");
    }

    [Fact]
    public void The_largest_value_decides_and_integers_are_rounded()
    {
        var encoding = TableEncoding.Fit(Parse("city,age,score\nRome,1,2\n,3,4\nBern,5,\n"));
        string?[] Decoded(params float[] values) => Texts(encoding.Decode(torch.tensor(values, [1, 6])));
        Decoded(0.4f, 0.3f, 0.2f, 0, 0, 0.4f).Should().Equal("Bern", "3", "3");
        Decoded(-3, -1, -2, 0.4f, 1, 0.49f).Should().Equal("Rome", "4", "4");
        Decoded(0, 0, 1, -10, 0, 0.51f).Should().Equal(null, "-13", null);
    }

    [Fact]
    public void A_seed_draws_in_proportion()
    {
        const int count = 10_000;
        var encoding = TableEncoding.Fit(Parse("city,score\nRome,1\n,\nBern,2\n"));
        var rows = torch.tensor([.. Enumerable.Repeat(new[] { 0.5f, -0.3f, 0.25f, 0, 0.4f }, count).SelectMany(row => row)], [count, 5]);
        var drawn = encoding.Decode(rows, seed: 4);
        double Share(int column, string? text) => Enumerable.Range(0, count).Count(row => drawn[row, column] == text) / (double)count;
        // Five standard errors of a share are at most 2.5/√n.
        Share(0, "Bern").Should().BeApproximately(2.0 / 3, 2.5 / Math.Sqrt(count));
        Share(0, "Rome").Should().Be(0);
        Share(1, null).Should().BeApproximately(0.4, 2.5 / Math.Sqrt(count));
        Texts(encoding.Decode(rows, seed: 4)).Should().Equal(Texts(drawn));
        Texts(encoding.Decode(rows, seed: 5)).Should().NotEqual(Texts(drawn));
    }

    [Fact]
    public void An_encoding_comes_back_from_text()
    {
        var encoding = TableEncoding.Fit(Table);
        var same = TableEncoding.FromJson(encoding.ToJson());
        same.Columns.Should().Equal(encoding.Columns);
        same.ToJson().Should().Be(encoding.ToJson());
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"columns\":[]}")]
    [InlineData("{\"columns\":[null]}")]
    [InlineData("{\"columns\":[{\"name\":\"a\"}]}")]
    [InlineData("{\"columns\":[{\"name\":\"a\",\"kind\":\"Other\"}]}")]
    [InlineData("{\"columns\":[{\"name\":\"a\",\"kind\":\"Number\",\"deviation\":0}]}")]
    [InlineData("{\"columns\":[{\"name\":\"a\",\"kind\":\"Number\",\"categories\":[\"b\"]}]}")]
    [InlineData("{\"columns\":[{\"name\":\"a\",\"kind\":\"Category\"}]}")]
    [InlineData("{\"columns\":[{\"name\":\"a\",\"kind\":\"Category\",\"categories\":[\"b\",\"b\"]}]}")]
    [InlineData("{\"columns\":[{\"name\":\"a\",\"kind\":\"Number\"},{\"name\":\"a\",\"kind\":\"Number\"}]}")]
    public void Text_that_is_no_encoding_is_named(string json)
    {
        var read = () => TableEncoding.FromJson(json);
        read.Should().Throw<InvalidDataException>().WithMessage("The text describes no encoding of a table: *");
    }

    [Fact]
    public void What_can_not_be_encoded_is_named()
    {
        var encoding = TableEncoding.Fit(Table);
        Error(() => encoding.Encode(Parse("city,age,score,grade\nRome,12,1,1\nParis,1,1,1\n"))).Should().StartWith("Row 1 of column 'city' has 'Paris', which is none of its 2 categories, such as 'Bern, old'.");
        Error(() => encoding.Encode(Parse("city,age,score,grade\nRome,old,1,1\n"))).Should().StartWith("Row 0 of column 'age' has 'old', expected a finite number.");
        Error(() => encoding.Encode(Parse("city,age,score,grade\nRome,,1,1\n"))).Should().StartWith("Row 0 of column 'age' has no value, and no value was missing");
        Error(() => encoding.Encode(Parse("city,age\nRome,1\n"))).Should().StartWith("There is no column 'score', expected one of 'city', 'age'.");
        Error(() => encoding.Decode(torch.zeros(2, 3))).Should().Contain("[2, 3]");
        Error(() => encoding.Decode(torch.full([1, encoding.Size], double.NaN))).Should().Contain("NaN");
        Error(() => TableEncoding.Fit(Table, new Dictionary<string, ColumnKind> { ["none"] = ColumnKind.Number })).Should().StartWith("There is no column 'none'");
        Error(() => TableEncoding.Fit(Table, new Dictionary<string, ColumnKind> { ["city"] = ColumnKind.Number })).Should().StartWith("Column 'city' has 'Rome', expected a finite number, as its kind is Number.");
        Error(() => TableEncoding.Fit(Parse("a,b\n1,\n2,\n"))).Should().StartWith("Column 'b' has no values at all");
        string texts = string.Join('\n', Enumerable.Range(0, 1001).Select(i => $"x{i}"));
        Error(() => TableEncoding.Fit(Parse($"a\n{texts}\n"))).Should().StartWith("Column 'a' has 1001 different texts, such as 'x0', expected at most 1000 categories");

        static string Error(Action act) => act.Should().Throw<ArgumentException>().Which.Message;
    }

    [Theory]
    [InlineData(',')]
    [InlineData(';')]
    public void Texts_come_back_from_a_file(char separator)
    {
        var table = new TextTable(["a", "2"], [["x,y;z", null], ["say \"no\"", " spaced "], ["two\nlines", "1"], [null, null]]);
        table.Write(_folder["t.csv"], separator);
        var read = TextTable.Read(_folder["t.csv"], separator);
        read.Columns.Should().Equal(table.Columns);
        Texts(read).Should().Equal(Texts(table));
        var single = new TextTable(["a"], [["x"], [null]]);
        single.Write(_folder["t.csv"], separator);
        Texts(TextTable.Read(_folder["t.csv"], separator)).Should().Equal("x", null);
    }

    [Fact]
    public void Missing_values_and_spaces_are_read_as_told()
    {
        Texts(Parse("a,b\n  x , \n\"\",\" y \"\n")).Should().Equal("x", null, null, " y ");
        Texts(Parse("a,b\nNA,?\n", missing: "?")).Should().Equal("NA", null);
    }

    [Fact]
    public void Rows_and_columns_are_chosen()
    {
        Texts(Table.Select(2, 0).Without("age", "grade")).Should().Equal("Bern, old", "1.5", "Rome", "0.5");
        var (train, test) = Table.Split(0.75, seed: 1);
        (train.Rows, test.Rows).Should().Be((3, 1));
        Texts(train).Concat(Texts(test)).Should().BeEquivalentTo(Texts(Table));
        Table.Invoking(t => t.Without("none")).Should().Throw<ArgumentException>().WithMessage("There is no column 'none'*");
        Table.Invoking(t => t.Without([.. Table.Columns])).Should().Throw<ArgumentException>().WithMessage("There are no columns*");
        Table.Invoking(t => t[4, 0]).Should().Throw<ArgumentOutOfRangeException>().WithMessage("The index is 4*[0, 4)*");
        var ragged = () => new TextTable(["a", "b"], [["1"]]);
        ragged.Should().Throw<ArgumentException>().WithMessage("A row has 1 texts, expected 2*");
    }

    private static string?[] Texts(TextTable table) =>
        [.. from row in Enumerable.Range(0, table.Rows) from column in Enumerable.Range(0, table.Columns.Count) select table[row, column]];

    private static TextTable Parse(string text, string missing = "")
    {
        using var reader = new StringReader(text);
        return TextTable.Parse(reader, "t.csv", missing: missing);
    }
}
