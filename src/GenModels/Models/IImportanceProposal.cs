namespace GenModels;

/// <summary>Draws of q(z|x) for a few examples, and how they weigh: E[p(x, z)/q(z|x)] = p(x) for z ~ q(z|x).</summary>
public interface IImportanceProposal : IDisposable
{
    /// <summary>Draws codes of each example and gives log p(x, z) − log q(z|x), in nats.</summary>
    /// <param name="draws">How many codes each example gets, at least 1.</param>
    /// <param name="generator">Their source.</param>
    /// <returns>The logarithms of the weights: those of the first example's draws, then those of the second's, and so on.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="draws"/> is less than 1.</exception>
    /// <exception cref="ObjectDisposedException">The proposal or its model is disposed.</exception>
    double[] LogWeights(int draws, RandomGenerator generator);
}
