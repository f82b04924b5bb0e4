using GenModels.Reporting;
using GenModels.Training;

namespace GenModels.Samples;

/// <summary>Draws how training went.</summary>
public static class Curves
{
    /// <summary>One figure against the epochs, in training and on held-out data.</summary>
    public static void Save(string path, TrainingHistory history, string metric, string unit) =>
        Save(path, history, metric, unit, ("train", history.Train(metric)), ("test", history.Test(metric)));

    /// <summary>Figures against the epochs.</summary>
    public static void Save(string path, TrainingHistory history, string title, string unit, params (string Name, IEnumerable<double> Values)[] curves)
    {
        double[] epochs = [.. history.Epochs.Select(e => (double)e.Epoch)];
        var chart = new LineChart { Title = title, XLabel = "epoch", YLabel = unit };
        foreach (var (name, values) in curves) chart.Add(name, epochs, [.. values]);
        chart.Save(path);
    }
}
