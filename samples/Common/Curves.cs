using GenModels.Reporting;
using GenModels.Training;

namespace GenModels.Samples;

/// <summary>Draws how training went.</summary>
public static class Curves
{
    /// <summary>One figure against the epochs, in training and on held-out data.</summary>
    public static void Save(string path, TrainingHistory history, string metric, string unit)
    {
        double[] epochs = [.. history.Epochs.Select(e => (double)e.Epoch)];
        var chart = new LineChart { Title = metric, XLabel = "epoch", YLabel = unit };
        chart.Add("train", epochs, [.. history.Train(metric)]);
        chart.Add("test", epochs, [.. history.Test(metric)]);
        chart.Save(path);
    }
}
