namespace TorchSharp;

/// <summary>Owns the tensors made while it is the thread's innermost scope, and disposes them with itself.</summary>
public sealed class DisposeScope : IDisposable
{
    private readonly List<torch.Tensor> _owned = [];
    private DisposeScopeManager? _manager;

    internal DisposeScope(DisposeScopeManager manager, DisposeScope? outer) => (_manager, Outer) = (manager, outer);

    internal DisposeScope? Outer { get; set; }

    public int DisposablesCount => Open(_owned.Count);

    public IReadOnlyList<IDisposable> DisposablesView => Open(_owned).ToArray();

    public bool Contains(IDisposable disposable) => disposable is torch.Tensor tensor && tensor.Scope == this;

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
        ObjectDisposedException.ThrowIf(_manager is null, this);
        var tensor = Managed(disposable);
        if (tensor.Scope == this) return;
        tensor.Scope?.Forget(tensor);
        Add(tensor);
    }

    public void DisposeEverything()
    {
        while (Open(_owned) is [.., var tensor])
        {
            tensor.Dispose();
            if (tensor.Scope == this) Forget(tensor); // It was empty.
        }
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
        (tensor.Scope, tensor.PlaceInScope) = (this, _owned.Count);
        _owned.Add(tensor);
    }

    internal void Forget(torch.Tensor tensor)
    {
        var last = _owned[^1];
        (_owned[tensor.PlaceInScope], last.PlaceInScope) = (last, tensor.PlaceInScope);
        _owned.RemoveAt(_owned.Count - 1);
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
        if (tensor.Scope != this) return;
        Forget(tensor);
        if (target is null) _manager.Counts.DetachedFromScopeCount++;
        else target.Add(tensor);
    }

    private static torch.Tensor Managed(IDisposable disposable) =>
        disposable as torch.Tensor ?? throw new InvalidOperationException("A DisposeScope manages tensors only.");

    private T Open<T>(T value) => _manager is not null ? value : throw new ObjectDisposedException(nameof(DisposeScope));
}
