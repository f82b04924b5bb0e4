namespace TorchSharp;

/// <summary>Owns the tensors made while it is the thread's innermost scope, and disposes them with itself.</summary>
public sealed class DisposeScope : IDisposable
{
    private readonly HashSet<IDisposable> _owned = new(ReferenceEqualityComparer.Instance);
    private DisposeScopeManager? _manager;

    internal DisposeScope(DisposeScopeManager manager, DisposeScope? outer) => (_manager, Outer) = (manager, outer);

    internal DisposeScope? Outer { get; set; }

    public int DisposablesCount => Open(_owned.Count);

    public IReadOnlyList<IDisposable> DisposablesView => Open(_owned.ToArray());

    public bool Contains(IDisposable disposable) => _owned.Contains(disposable);

    public T MoveToOuter<T>(T disposable) where T : IDisposable
    {
        MoveTo(Outer, disposable);
        return disposable;
    }

    public void MoveToOuter(params IDisposable[] disposables)
    {
        foreach (var d in disposables) MoveTo(Outer, d);
    }

    public T Detach<T>(T disposable) where T : IDisposable
    {
        MoveTo(null, disposable);
        return disposable;
    }

    public void Detach(params IDisposable[] disposables)
    {
        foreach (var d in disposables) MoveTo(null, d);
    }

    public void Attach(IDisposable disposable)
    {
        var tensor = Managed(disposable);
        if (tensor.Scope == this) return;
        tensor.Scope?._owned.Remove(tensor);
        Add(tensor);
    }

    public void DisposeEverything()
    {
        foreach (var disposable in Open(_owned.ToArray())) disposable.Dispose();
        _owned.Clear();
    }

    public void Dispose()
    {
        if (_manager is null) return;
        DisposeEverything();
        _manager.Remove(this);
        _manager = null;
    }

    internal void Add(torch.Tensor tensor)
    {
        _owned.Add(tensor);
        tensor.Scope = this;
    }

    internal void Forget(torch.Tensor tensor)
    {
        _owned.Remove(tensor);
        tensor.Scope = null;
    }

    internal void Replace(torch.Tensor original, torch.Tensor replacement)
    {
        Forget(original);
        Add(replacement);
    }

    private void MoveTo(DisposeScope? target, IDisposable disposable)
    {
        ObjectDisposedException.ThrowIf(_manager is null, this);
        var tensor = Managed(disposable);
        if (!_owned.Remove(tensor)) return;
        tensor.Scope = null;
        if (target is null) _manager.Counts.DetachedFromScopeCount++;
        else target.Add(tensor);
    }

    private static torch.Tensor Managed(IDisposable disposable) =>
        disposable as torch.Tensor ?? throw new InvalidOperationException("A DisposeScope manages tensors only.");

    private T Open<T>(T value) => _manager is not null ? value : throw new ObjectDisposedException(nameof(DisposeScope));
}
