using GenModels.Kernels;

namespace GenModels.Randomness;

/// <summary>Makes floats with some distribution of random words.</summary>
internal unsafe interface IWordTransform
{
    /// <summary>Replaces the words of some groups by as many floats, each of which depends on words of its own group alone.</summary>
    void Apply<T>(float* words, long groups) where T : unmanaged, ILanes<T>;
}
