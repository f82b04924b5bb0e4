using static TorchSharp.torch;

namespace GenModels.Networks;

/// <summary>A network whose last hidden layer makes features.</summary>
internal interface IEncoderNetwork
{
    /// <summary>The output of the last hidden layer.</summary>
    /// <param name="input">Shape [n, …].</param>
    /// <returns>Shape [n, features].</returns>
    Tensor LastHidden(Tensor input);
}
