using GenModels.Reporting;
using GenModels.Training;

namespace GenModels.Samples;

/// <summary>Draws how training went.</summary>
public static class Curves
{
    /// <summary>One figure against the epochs, in training and on held-out data.</summary>
    public static void Save(string path, TrainingHistory history, string metric, string unit) =>
        Draw(history, metric, unit).Save(path);

    /// <summary>The losses of a GAN's two networks against the epochs.</summary>
    public static void SaveLosses(string path, TrainingHistory history) => Draw(
        history, "losses", "nats", ("discriminator", history.Train("discriminator_loss")), ("generator", history.Train("generator_loss"))).Save(path);

    /// <summary>One figure against the epochs, in training and on held-out data, as a chart.</summary>
    public static LineChart Draw(TrainingHistory history, string metric, string unit) =>
        Draw(history, metric, unit, ("train", history.Train(metric)), ("test", history.Test(metric)));

    private static LineChart Draw(TrainingHistory history, string title, string unit, params (string Name, IEnumerable<double> Values)[] curves)
    {
        double[] epochs = [.. history.Epochs.Select(e => (double)e.Epoch)];
        var chart = new LineChart { Title = title, XLabel = "epoch", YLabel = unit };
        foreach (var (name, values) in curves) chart.Add(name, epochs, [.. values]);
        return chart;
    }
}
