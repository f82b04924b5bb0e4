namespace GenModels.Samples;

/// <summary>A published experiment: on what data it trains, how long, and what it measures.</summary>
/// <param name="Name">What the command line calls it.</param>
/// <param name="Summary">What it repeats, in a few words.</param>
internal abstract record Recipe(string Name, string Summary)
{
    public abstract string Data { get; }

    public abstract int Epochs { get; }

    public abstract int BatchSize { get; }

    /// <summary>Trains, measures and writes what came of it into the run's folder.</summary>
    public abstract void Run(RunOptions run, CancellationToken cancellation);
}
