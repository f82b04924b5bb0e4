using System.IO.Compression;
using System.Security.Cryptography;

namespace GenModels.Data;

/// <summary>Fetches the files of a public data set into a folder. Only content with the published SHA-256 gets there.</summary>
internal sealed class DataDownloader(HttpMessageHandler handler, TimeSpan stallTimeout)
{
    // gzip adds at most this to content that it can't compress.
    private const long CompressionOverhead = 1 << 16;

    /// <summary>Gives up on a server that doesn't connect within 5 seconds or stays silent for 30.</summary>
    public static DataDownloader Default { get; } =
        new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5) }, TimeSpan.FromSeconds(30));

    /// <summary>Makes <paramref name="folder"/> hold all files of <paramref name="set"/>, trying one mirror after the other.</summary>
    /// <returns>Whether it does; if not, <paramref name="problems"/> has one entry per mirror.</returns>
    public bool TryFetch(NamedImageSet set, string folder, List<string> problems, CancellationToken cancellationToken) =>
        set.Mirrors.Any(mirror => TryFetch(mirror, folder, () => FetchAllAsync(set, mirror, folder, cancellationToken), problems, cancellationToken));

    /// <summary>Makes <paramref name="folder"/> hold the content of the set's archive.</summary>
    /// <returns>Whether it does; if not, <paramref name="problems"/> says why.</returns>
    public bool TryFetch(ArchivedSet set, string folder, List<string> problems, CancellationToken cancellationToken) => TryFetch(
        set.Address, folder, async () => set.Unpack(await FetchAsync(set.Address, set.Length, cancellationToken), folder), problems, cancellationToken);

    private static bool TryFetch(Uri address, string folder, Func<Task> fetch, List<string> problems, CancellationToken cancellationToken)
    {
        try
        {
            // On a thread of the pool, so that a caller's synchronisation context can't lock up.
            Task.Run(fetch, cancellationToken).GetAwaiter().GetResult();
            return true;
        }
        catch (Exception e) when (IsMirrorsFault(e, cancellationToken))
        {
            problems.Add($"{address} ({e.Message.TrimEnd('.')})");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add($"{address} (can't write to '{folder}': {e.Message.TrimEnd('.')})");
        }
        return false;
    }

    private static bool IsMirrorsFault(Exception e, CancellationToken cancellationToken) =>
        e is HttpRequestException or HttpIOException or InvalidDataException
        || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private async Task FetchAllAsync(NamedImageSet set, Uri mirror, string folder, CancellationToken cancellationToken)
    {
        foreach (var file in set.Files)
        {
            var path = Path.Combine(folder, $"{file.Stem}.gz");
            if (File.Exists(path))
                continue;
            var bytes = await FetchAsync(new Uri(mirror, $"{file.Stem}.gz"), file.Length + CompressionOverhead, cancellationToken);
            Verify(bytes, file);
            AtomicFile.Write(path, stream => stream.Write(bytes));
        }
    }

    private async Task<byte[]> FetchAsync(Uri address, long maxLength, CancellationToken cancellationToken)
    {
        using var client = new HttpClient(handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            patience.CancelAfter(stallTimeout);
            using var response = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            response.EnsureSuccessStatusCode();
            using var body = await response.Content.ReadAsStreamAsync(patience.Token);
            using var received = new MemoryStream();
            var buffer = new byte[1 << 16];
            int read;
            while ((read = await body.ReadAsync(buffer, patience.Token)) > 0)
            {
                patience.CancelAfter(stallTimeout);
                received.Write(buffer, 0, read);
                if (received.Length > maxLength)
                    throw new InvalidDataException($"'{address}' is longer than the {maxLength} bytes expected");
            }
            return received.ToArray();
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException($"no answer within {Guard.Text(stallTimeout.TotalSeconds)} s", e);
        }
    }

    private static void Verify(byte[] gzip, PublishedFile file)
    {
        using var content = new GZipStream(new MemoryStream(gzip), CompressionMode.Decompress);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 16];
        var length = 0L;
        int read;
        while (length <= file.Length && (read = content.Read(buffer)) > 0)
        {
            length += read;
            hash.AppendData(buffer, 0, read);
        }
        var actual = Convert.ToHexStringLower(hash.GetHashAndReset());
        if (length != file.Length || actual != file.Sha256)
            throw new InvalidDataException($"{file.Stem}.gz unpacks to SHA-256 {actual}, expected {file.Sha256}");
    }
}
