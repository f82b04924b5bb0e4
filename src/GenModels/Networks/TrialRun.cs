using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace GenModels.Networks;

/// <summary>Tries a network that the user brings, so that a wrong shape is an error where the model is made and not in training.</summary>
internal static class TrialRun
{
    private const long Examples = 2;

    /// <summary>The shape of one output for an input of two examples of zeros, without the batch dimension.</summary>
    /// <exception cref="ArgumentException">The network fails on such an input, or its output has another number of examples or another type.</exception>
    public static long[] OutputShape(nn.Module<Tensor, Tensor> network, IReadOnlyList<long> exampleShape, string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        bool training = network.training;
        network.eval();
        long[] input = [Examples, .. exampleShape];
        try
        {
            var y = network.call(zeros(input));
            long[] output = y.shape;
            if (y.dtype != ScalarType.Float32)
                throw new ArgumentException($"The network gives values of the type {y.dtype}, expected Float32: end it with .to(torch.float32).", name);
            if (output.Length > 1 && output[0] == Examples) return output[1..];
            throw new ArgumentException(
                $"The network maps {Guard.Shape(input)} to {Guard.Shape(output)}, expected [{Examples}, …]: as many outputs as examples.", name);
        }
        catch (ExternalException e)
        {
            throw new ArgumentException($"The network fails on an input of the shape {Guard.Shape(input)}: {e.Message}", name, e);
        }
        finally
        {
            network.train(training);
        }
    }

    /// <summary>Checks the number of values that the network gives for an example.</summary>
    public static void Expect(nn.Module<Tensor, Tensor> network, IReadOnlyList<long> exampleShape, long outputs, string name)
    {
        long[] shape = OutputShape(network, exampleShape, name);
        if (shape.Size() != outputs)
            throw new ArgumentException(
                $"The network maps an example of the shape {Guard.Shape(exampleShape)} to {Guard.Shape(shape)}, expected {outputs} values.", name);
    }
}
