using System.Globalization;
using System.Text;

namespace GenModels.Training;

/// <summary>
/// A run's exclusive right to a folder. The operating system gives it up when the process ends, in whatever way, so a run that was killed does
/// not stand in the way of the one that resumes it. File systems without locks, as some network ones are, do not enforce it.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    // Two files, since a locked one can't be read by others.
    private const string LockName = ".run.lock", OwnerName = ".run.owner";

    private readonly FileStream _lock;
    private readonly FileStream _owner;

    /// <summary>Locks a folder that exists.</summary>
    /// <exception cref="IOException">Another run holds the lock, and the message says which; or the folder can't be written.</exception>
    public FolderLock(string folder)
    {
        string owner = Path.Combine(folder, OwnerName);
        try
        {
            _lock = new FileStream(
                Path.Combine(folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        }
        catch (IOException e) when (IsHeld(e))
        {
            throw new IOException($"Another run is using it: {Holder(owner)}. Wait until that run has ended, or choose another folder.", e);
        }
        try
        {
            _owner = new FileStream(owner, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 1, FileOptions.DeleteOnClose);
            _owner.Write(Encoding.UTF8.GetBytes(string.Create(
                CultureInfo.InvariantCulture, $"process {Environment.ProcessId} on the machine '{Environment.MachineName}', since {DateTime.UtcNow:yyyy-MM-dd HH:mm:ss} UTC")));
            _owner.Flush();
        }
        catch
        {
            _owner?.Dispose();
            _lock.Dispose();
            throw;
        }
    }

    /// <summary>Unlocks the folder and leaves nothing of the lock in it.</summary>
    public void Dispose()
    {
        _owner.Dispose();
        _lock.Dispose();
    }

    // A sharing violation: Windows has a code of its own for it, Unix says EWOULDBLOCK, which is 35 on macOS and 11 on Linux.
    private static bool IsHeld(IOException e) => (e.HResult & 0xFFFF) == (OperatingSystem.IsWindows() ? 32 : OperatingSystem.IsMacOS() ? 35 : 11);

    private static string Holder(string owner)
    {
        try
        {
            using var reader = new StreamReader(new FileStream(owner, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
            if (reader.ReadToEnd() is { Length: > 0 } holder) return holder;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
        return "its process is unknown, since it is just starting or ending";
    }
}
