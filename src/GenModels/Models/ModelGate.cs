namespace GenModels;

/// <summary>Lets many threads look at a model at once, and one alone change it.</summary>
/// <param name="owner">Whose gate it is, for messages.</param>
/// <param name="open">Prepares the model for those who look, when the first of them comes.</param>
/// <param name="close">Takes that back when the last of them has gone.</param>
internal sealed class ModelGate(ITrainable owner, Action open, Action close)
{
    // Looking at a model goes through others of its members.
    private readonly ReaderWriterLockSlim _lock = new(LockRecursionPolicy.SupportsRecursion);
    private readonly Lock _count = new();
    private int _looking;
    private bool _closed;

    /// <summary>Waits until no one changes the model, and lets no one do so until the pass is disposed.</summary>
    /// <remarks>Where the model can't be prepared, the gate is as it was before.</remarks>
    /// <exception cref="ObjectDisposedException">The gate is closed.</exception>
    public Pass Look()
    {
        _lock.EnterReadLock();
        ThrowIfClosed(_lock.ExitReadLock);
        try
        {
            lock (_count)
            {
                // Who changes the model, and looks at it meanwhile, looks at it as it is.
                if (_looking == 0 && !_lock.IsWriteLockHeld) open();
                _looking++;
            }
        }
        catch
        {
            _lock.ExitReadLock();
            throw;
        }
        return new Pass(this, alone: false);
    }

    /// <summary>Waits until no one uses the model, and lets no one do so until the pass is disposed.</summary>
    /// <exception cref="ObjectDisposedException">The gate is closed.</exception>
    public Pass Alone()
    {
        _lock.EnterWriteLock();
        ThrowIfClosed(_lock.ExitWriteLock);
        return new Pass(this, alone: true);
    }

    /// <summary>The same for any model, of which others than this library's have no gate.</summary>
    public static Pass Alone(ITrainable model) => model is IGated { Gate: var gate } ? gate.Alone() : default;

    /// <summary>Waits until no one uses the model, and lets no one do so any more.</summary>
    /// <returns>Whether the gate was open.</returns>
    public bool Close()
    {
        _lock.EnterWriteLock();
        bool open = !_closed;
        _closed = true;
        _lock.ExitWriteLock();
        return open;
    }

    private void ThrowIfClosed(Action leave)
    {
        if (!_closed) return;
        leave();
        throw new ObjectDisposedException(owner.GetType().FullName);
    }

    private void Leave(bool alone)
    {
        if (alone)
        {
            _lock.ExitWriteLock();
            return;
        }
        try
        {
            lock (_count)
            {
                if (--_looking == 0 && !_lock.IsWriteLockHeld) close();
            }
        }
        finally
        {
            _lock.ExitReadLock();
        }
    }

    /// <summary>The right to use the model, given back on the thread that got it.</summary>
    internal readonly struct Pass(ModelGate? gate, bool alone) : IDisposable
    {
        public void Dispose() => gate?.Leave(alone);
    }
}

/// <summary>A model that several threads may use.</summary>
internal interface IGated
{
    ModelGate Gate { get; }
}
