using System.Globalization;
using System.Text.Json.Nodes;
using GenModels.Data;
using GenModels.Evaluation;
using GenModels.Reporting;
using GenModels.Training;
using TorchSharp;

namespace GenModels.Samples;

/// <summary>Everything about a trained VAE on one page.</summary>
internal sealed class Report(RunOptions run, Vae vae, FitOptions fit, ImageSet test)
{
    private const int Steps = 9, MostDimensions = 10, Walks = 6;

    public void Save(TrainingHistory history, LatentReport? latent, Findings findings)
    {
        using var scope = torch.NewDisposeScope();
        var report = new HtmlReport($"Variational autoencoder on {run.Data}");
        report.AddSection("Figures");
        report.AddTable(["figure", "train", "held out"], history.Last.Train.Select(f => new[] { f.Key, Text(f.Value), Text(history.Test(f.Key).Last()) }));
        report.AddTable([], findings.Select(f => new[] { f.Name, Findings.Text(f.Value) }));
        foreach (var (what, why) in findings.LeftOut) report.AddParagraph($"Left out: {what}. {why}");
        AddSettings(report);
        report.AddSection("Training");
        foreach (string metric in history.Last.Train.Keys) report.AddChart(Curves.Draw(history, metric, "nats per image").ToSvg());
        report.AddSection("Samples");
        report.AddPicture(
            ImageGrid.ToPng(ClassSamples.Grid(vae, run.Seed), test.Height, test.Width, ClassSamples.Columns),
            vae.Condition is null ? "Decoded draws of the prior." : "Decoded draws of the prior, a row for each class that was asked for.");
        AddHeldOut(report);
        if (latent is not null) AddLatent(report, latent);
        report.Save(run.File("report.html"));
    }

    private void AddSettings(HtmlReport report)
    {
        report.AddSection("Configuration");
        var settings = new JsonObject { ["data"] = run.Data, ["model"] = RunResults.ToJson(vae.Options), ["fit"] = RunResults.ToJson(fit) };
        report.AddTable([], Flat(settings, "").Select(s => new[] { s.Name, s.Value }));
    }

    private void AddHeldOut(HtmlReport report)
    {
        var shown = Batch(Math.Min(20, test.Count));
        report.AddSection("Held-out images");
        report.AddPicture(
            ImageGrid.PairsToPng(shown.Examples, vae.Reconstruct(shown), test.Height, test.Width, columns: 10), "Images, and below each what is decoded from the mean of its code.");
        int walks = Math.Min(Walks, test.Count / 2);
        if (walks == 0) return;
        var ends = Batch(2 * walks);
        using var codes = vae.Encode(ends);
        var between = LatentWalk.Interpolate(
            vae, codes.Mean.narrow(0, 0, walks), codes.Mean.narrow(0, walks, walks), Steps, ends.Condition?.narrow(0, 0, walks));
        report.AddPicture(
            ImageGrid.ToPng(between, test.Height, test.Width, Steps),
            $"Straight ways between the codes of two images each{(vae.Condition is null ? "" : ", in the class of the first")}.");
    }

    private void AddLatent(HtmlReport report, LatentReport latent)
    {
        report.AddSection("Latent dimensions");
        report.AddParagraph($"{latent}.");
        var byKl = latent.Dimensions.OrderByDescending(d => d.Kl).ToArray();
        int[] told = [.. byKl.Take(MostDimensions).Select(d => d.Index)];
        var first = Batch(1);
        using var code = vae.Encode(first);
        report.AddPicture(
            ImageGrid.ToPng(LatentWalk.Traverse(vae, code.Mean, told, Steps, condition: first.Condition), test.Height, test.Width, Steps),
            $"The first held-out image with one dimension moved from −3 to 3: dimensions {string.Join(", ", told)}, which tell most, from the top.");
        report.AddTable(
            ["dimension", "KL, nats", "variance of the mean", "active", "aggregated mean", "aggregated variance"],
            byKl.Select(d => new[] { $"{d.Index}", Text(d.Kl), Text(d.MeanVariance), d.IsActive ? "yes" : "no", Text(d.AggregateMean), Text(d.AggregateVariance) }));
    }

    private Batch Batch(int count) => test.ToBatch(0, count, vae.Condition, vae.Device);

    private static IEnumerable<(string Name, string Value)> Flat(JsonObject node, string prefix) => node.SelectMany(
        p => p.Value is JsonObject inner ? Flat(inner, $"{prefix}{p.Key}.") : [($"{prefix}{p.Key}", p.Value is JsonArray list ? $"[{string.Join(", ", list)}]" : $"{p.Value}")]);

    private static string Text(double value) => value.ToString("G5", CultureInfo.InvariantCulture);
}
