namespace GenModels.Safetensors;

/// <summary>What a safetensors header says of a tensor.</summary>
/// <param name="Type">The type of its elements.</param>
/// <param name="Shape">Its sizes; none for a scalar.</param>
/// <param name="Begin">Where its bytes start, counted from the end of the header.</param>
/// <param name="End">Where they end.</param>
internal sealed record StoredTensor(SafetensorsType Type, long[] Shape, long Begin, long End);
