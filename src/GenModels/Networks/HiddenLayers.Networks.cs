using static TorchSharp.torch;

namespace GenModels.Networks;

public sealed partial record HiddenLayers
{
    /// <summary>A network from examples to vectors: a perceptron, or convolutions where there are any.</summary>
    internal nn.Module<Tensor, Tensor> Encoder(
        ValueList<long> exampleShape, int condition, long outputs, Activation outputActivation, Initialization initialization, RandomGenerator weights,
        RandomGenerator? dropout = null) =>
        Convolutions is null
            ? new Mlp(exampleShape.Size() + condition, this, outputs, outputActivation, initialization, weights, dropout)
            : new ConvolutionalEncoder(exampleShape, this, outputs, outputActivation, initialization, weights, dropout, condition);

    /// <summary>A network from vectors to examples: a perceptron, or transposed convolutions where there are any.</summary>
    internal nn.Module<Tensor, Tensor> Decoder(
        long inputs, ValueList<long> exampleShape, Activation outputActivation, Initialization initialization, RandomGenerator weights, RandomGenerator? dropout = null) =>
        Convolutions is null
            ? new Mlp(inputs, this, exampleShape.Size(), outputActivation, initialization, weights, dropout)
            : new ConvolutionalDecoder(inputs, this, exampleShape, outputActivation, initialization, weights);

    /// <summary>The parameters and buffers of an encoder.</summary>
    internal IEnumerable<StateShape> EncoderShapes(ValueList<long> exampleShape, int condition, long outputs) =>
        Convolutions is null
            ? Mlp.Shapes(exampleShape.Size() + condition, this, outputs)
            : ConvolutionalEncoder.Shapes(exampleShape, this, outputs, condition);

    /// <summary>The parameters and buffers of a decoder.</summary>
    internal IEnumerable<StateShape> DecoderShapes(long inputs, ValueList<long> exampleShape) =>
        Convolutions is null ? Mlp.Shapes(inputs, this, exampleShape.Size()) : ConvolutionalDecoder.Shapes(inputs, this, exampleShape);
}
