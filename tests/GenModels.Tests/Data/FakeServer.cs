using System.Net;

namespace GenModels.Tests.Data;

/// <summary>Stands in for the network: an answer to every address, and the addresses that were asked for.</summary>
internal sealed class FakeServer(Func<Uri, HttpContent?> answer) : HttpMessageHandler
{
    public List<string> Asked { get; } = [];

    /// <summary>A server that can't be reached.</summary>
    public static FakeServer Offline() => new(address => throw new HttpRequestException($"{address.Host} is unreachable"));

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var address = request.RequestUri ?? throw new InvalidOperationException("The request has no address.");
        Asked.Add(address.ToString());
        var content = answer(address);
        return Task.FromResult(new HttpResponseMessage(content is null ? HttpStatusCode.NotFound : HttpStatusCode.OK) { Content = content ?? new ByteArrayContent([]) });
    }
}
