namespace GenModels.Training;

/// <summary>Where a saved run stands.</summary>
/// <param name="Path">The checkpoint's file.</param>
/// <param name="Epoch">The epoch that goes on, from 1.</param>
/// <param name="Position">How many of that epoch's examples have been trained on.</param>
/// <param name="Steps">How many steps were taken since the run began.</param>
/// <param name="Passed">A newer checkpoint that was passed over since it is damaged, and what is wrong with it; null where there is none.</param>
public sealed record ResumePoint(string Path, int Epoch, int Position, long Steps, string? Passed);
