using System.Xml.Linq;
using GenModels.Reporting;

namespace GenModels.Tests.Reporting;

public class HtmlReportTests
{
    [Fact]
    public void Everything_stands_in_one_well_formed_page()
    {
        byte[] png = ImageGrid.ToPng([0, 0.5f, 1, 0.25f], 1, 2, 2);
        var chart = new LineChart { Title = "a < b" };
        chart.Add("loss", [1, 2], [3, 1]);
        var report = new HtmlReport("5 < 6 & \"more\"");
        report.AddSection("Figures");
        report.AddTable(["name", "value"], [["<script>alert(1)</script>", "1"], ["kl", "2"]]);
        report.AddParagraph("Words & more.");
        report.AddChart(chart.ToSvg());
        report.AddPicture(png, "A \"picture\"");
        string html = report.ToString();

        html.Should().StartWith("<!DOCTYPE html>").And.NotContain("<script").And.NotContain("http-equiv");
        var page = XDocument.Parse(html[html.IndexOf('\n', StringComparison.Ordinal)..]);
        page.Descendants("h1").Single().Value.Should().Be("5 < 6 & \"more\"");
        page.Descendants("h2").Single().Value.Should().Be("Figures");
        page.Descendants("td").Select(cell => cell.Value).Should().Equal("<script>alert(1)</script>", "1", "kl", "2");
        page.Descendants("p").Single().Value.Should().Be("Words & more.");
        page.Descendants(XName.Get("svg", "http://www.w3.org/2000/svg")).Should().ContainSingle();
        var picture = page.Descendants("img").Single();
        picture.Attribute("alt")?.Value.Should().Be("A \"picture\"");
        string source = picture.Attribute("src")?.Value ?? "";
        Convert.FromBase64String(source["data:image/png;base64,".Length..]).Should().Equal(png);
        // Nothing is fetched: the only address is the name of SVG's namespace.
        html.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal).Should().NotContain("//");
    }

    [Fact]
    public void It_is_written_as_a_whole()
    {
        using var folder = new TemporaryFolder();
        var report = new HtmlReport("µ");
        report.Save(folder["sub", "report.html"]);
        File.ReadAllText(folder["sub", "report.html"]).Should().Be(report.ToString());
    }

    [Fact]
    public void Wrong_arguments_are_named()
    {
        var title = () => new HtmlReport(" ");
        title.Should().Throw<ArgumentException>().WithParameterName("title");
        var row = () => new HtmlReport("t").AddTable(["a", "b"], [["1"]]);
        row.Should().Throw<ArgumentException>().WithParameterName("rows").WithMessage("*1 cells for 2 headings*");
    }

    [Fact]
    public void A_picture_in_memory_is_the_one_in_a_file()
    {
        using var folder = new TemporaryFolder();
        using var scope = torch.NewDisposeScope();
        var (images, others) = (Examples.Batch(5, [12], seed: 1), Examples.Batch(5, [12], seed: 2));
        ImageGrid.Save(folder["a.png"], images, 3, 4, columns: 2);
        ImageGrid.ToPng(images, 3, 4, columns: 2).Should().Equal(File.ReadAllBytes(folder["a.png"]));
        ImageGrid.SavePairs(folder["b.png"], images, others, 3, 4);
        ImageGrid.PairsToPng(images, others, 3, 4).Should().Equal(File.ReadAllBytes(folder["b.png"]));
    }
}
