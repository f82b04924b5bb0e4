using System.Reflection;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Parameters, buffers and modules under names.</summary>
        public class Module : IDisposable
        {
            private readonly Dictionary<string, Parameter> _parameters = [];
            private readonly Dictionary<string, Tensor> _buffers = [];
            private readonly Dictionary<string, Module> _modules = [];
            private bool _registered;
            private bool _disposed;

            internal Module(string name) => this.name = name;

            ~Module() => Dispose(false);

            protected string name;

            public virtual bool training { get; private set; } = true;

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                if (!disposing || _disposed) return;
                _disposed = true;
                foreach (var buffer in _buffers.Values) buffer.DetachFromDisposeScope().Dispose();
                foreach (var parameter in _parameters.Values) parameter.DetachFromDisposeScope().Dispose();
                foreach (var module in _modules.Values) module.Dispose();
            }

            public virtual string GetName() => name;

            public virtual void train(bool train = true)
            {
                training = train;
                foreach (var (_, child) in named_children()) child.train(train);
            }

            public virtual void eval() => train(false);

            public virtual void zero_grad(bool set_to_none = true)
            {
                foreach (var (_, parameter) in named_parameters())
                {
                    using var grad = parameter.grad;
                    if (grad is null) continue;
                    if (set_to_none) parameter.grad = null;
                    else grad.zero_();
                }
            }

            public virtual void register_parameter(string name, Parameter param)
            {
                if (param is null || param.IsInvalid) throw new ArgumentNullException(nameof(param), "A null tensor cannot be registered as a parameter.");
                if (!_parameters.TryAdd(name, param)) throw new InvalidOperationException($"Parameter {name} is already registered.");
            }

            public virtual void register_buffer(string name, Tensor tensor, bool persistent = true)
            {
                if (tensor is null || tensor.IsInvalid) throw new ArgumentNullException(nameof(tensor), "A null tensor cannot be registered as a buffer.");
                if (!persistent) throw new NotSupportedException("This binding has persistent buffers only.");
                if (!_buffers.TryAdd(name, tensor)) throw new InvalidOperationException($"Tensor {name} is already registered.");
            }

            public virtual void register_module(string name, Module submodule)
            {
                ArgumentException.ThrowIfNullOrEmpty(name);
                if (name.Contains('.')) throw new ArgumentException($"module name can't contain \".\", got: {name}");
                if (_modules.ContainsKey(name)) throw new InvalidOperationException($"Sub-module {name} is already registered.");
                submodule.RegisterComponents();
                _modules.Add(name, submodule);
            }

            /// <summary>Registers the fields that hold parameters, tensors and modules under the fields' names, once.</summary>
            protected virtual void RegisterComponents()
            {
                if (_registered) return;
                foreach (var field in Fields(GetType()))
                {
                    if (_modules.ContainsKey(field.Name) || _parameters.ContainsKey(field.Name) || _buffers.ContainsKey(field.Name)) continue;
                    switch (field.GetValue(this))
                    {
                        case Module module: register_module(field.Name, module); break;
                        case Parameter parameter: register_parameter(field.Name, parameter); break;
                        case Tensor tensor: register_buffer(field.Name, tensor); break;
                    }
                }
                _registered = true;
            }

            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true) =>
                Unique(_parameters.Select(p => (p.Key, p.Value)), recurse, m => m.named_parameters());

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) => named_parameters(recurse).Select(p => p.parameter);

            public virtual Parameter? get_parameter(string target) => named_parameters().FirstOrDefault(p => p.name == target).parameter;

            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true) =>
                Unique(_buffers.Select(b => (b.Key, b.Value)), recurse, m => m.named_buffers());

            public virtual IEnumerable<(string name, Module module)> named_children() => _modules.Select(m => (m.Key, m.Value));

            public virtual IEnumerable<(string name, Module module)> named_modules()
            {
                foreach (var child in named_children()) yield return child;
                foreach (var (outer, child) in named_children())
                    foreach (var (inner, module) in child.named_modules()) yield return ($"{outer}.{inner}", module);
            }

            public virtual Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
            {
                destination ??= [];
                string Key(string name) => string.IsNullOrEmpty(prefix) ? name : $"{prefix}.{name}";
                foreach (var (name, parameter) in named_parameters()) destination.TryAdd(Key(name), parameter);
                foreach (var (name, buffer) in named_buffers()) destination.TryAdd(Key(name), buffer);
                return destination;
            }

            internal void Convert(ScalarType type)
            {
                using var noGrad = no_grad();
                foreach (var (name, parameter) in _parameters.ToArray())
                    if (parameter.dtype != type)
                        _parameters[name] = (Parameter)new Parameter(parameter.to(type), parameter.requires_grad).DetachFromDisposeScope();
                foreach (var (name, buffer) in _buffers.ToArray())
                    if (buffer.is_floating_point()) _buffers[name] = buffer.to(type).DetachFromDisposeScope();
                foreach (var child in _modules.Values) child.Convert(type);
            }

            private IEnumerable<(string, T)> Unique<T>(IEnumerable<(string, T)> own, bool recurse, Func<Module, IEnumerable<(string, T)>> of) where T : Tensor
            {
                var below = recurse ? _modules.SelectMany(m => of(m.Value).Select(x => ($"{m.Key}.{x.Item1}", x.Item2))) : [];
                return own.Concat(below).Where(x => !x.Item2.IsInvalid).DistinctBy(x => x.Item2.Handle);
            }

            // Reflection leaves out the private fields of base classes.
            private static IEnumerable<FieldInfo> Fields(Type? type) =>
                type is null ? [] : type
                    .GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly)
                    .Concat(Fields(type.BaseType))
                    .DistinctBy(f => f.Name);
        }

        /// <summary>TorchSharp's place for hooks, which GenModels does not use.</summary>
        public abstract class HookableModule<TPreHook, TPostHook> : Module
        {
            private protected HookableModule(string name) : base(name) { }
        }

        /// <summary>A module with one input.</summary>
        public abstract class Module<T, TResult> : HookableModule<Func<Module<T, TResult>, T, T>, Func<Module<T, TResult>, T, TResult, TResult>>
        {
            protected Module(string name) : base(name) { }

            public abstract TResult forward(T input);

            public TResult call(T input) => forward(input);
        }
    }
}
