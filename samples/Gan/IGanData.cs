using System.Text.Json.Nodes;
using GenModels.Data;

namespace GenModels.Samples;

/// <summary>What a GAN learns from, and how its samples are looked at.</summary>
internal interface IGanData
{
    /// <summary>What the examples are called.</summary>
    string Things { get; }

    IExampleSource Train { get; }

    IExampleSource Test { get; }

    /// <summary>Draws samples, makes a picture of them, and gives the figures they are judged by.</summary>
    IEnumerable<(string Name, JsonNode? Value)> Judge(Gan gan, RunOptions run);
}
