using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace GenModels;

/// <summary>The types of settings outside this library that model files and checkpoints can hold.</summary>
/// <remarks>
/// Settings such as a VAE's likelihood are of a type that can be derived from. A file has a name for each type; those of this library are known,
/// and a program tells those of its own when it starts, before it saves or loads a model.
/// </remarks>
/// <example>
/// <code>
/// StoredTypes.Register&lt;Likelihood, LaplaceLikelihood&gt;("laplace");
/// </code>
/// </example>
public static class StoredTypes
{
    private static readonly Lock Registration = new();
    private static ImmutableList<(Type Base, Type Type, string Name)> _registered = [];

    /// <summary>Makes a type known to files.</summary>
    /// <typeparam name="TBase">The type of the setting, such as a likelihood, a corruption, an augmentation, an optimizer's options or a schedule.</typeparam>
    /// <typeparam name="T">
    /// The type derived from it, which serializes to JSON: by the context that its <see cref="SerializerContextAttribute"/> names, or by reflection where
    /// that is enabled.
    /// </typeparam>
    /// <param name="name">What files call it, which must not change once there are files.</param>
    /// <exception cref="ArgumentException">The name is empty or stands for another type of the same base, or files hold no types derived from the base.</exception>
    public static void Register<TBase, T>(string name) where TBase : class where T : TBase
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var own = typeof(TBase).GetCustomAttributes<JsonDerivedTypeAttribute>().ToList();
        if (own.Count == 0)
            throw new ArgumentException($"Files hold no types derived from {typeof(TBase).Name}, expected Likelihood, Corruption, Augmentation, Schedule or OptimizerOptions.", nameof(TBase));
        lock (Registration)
        {
            var entry = (typeof(TBase), typeof(T), name);
            if (_registered.Contains(entry)) return;
            bool taken = own.Any(o => name.Equals(o.TypeDiscriminator) || o.DerivedType == typeof(T))
                || _registered.Any(r => r.Base == typeof(TBase) && (r.Name == name || r.Type == typeof(T)));
            if (taken)
                throw new ArgumentException($"{typeof(T).Name} can't be called {Quoted.Text(name)} in files: the name or the type stands for something else already.", nameof(name));
            _registered = _registered.Add(entry);
        }
    }

    /// <summary>What changes whenever a type is registered.</summary>
    internal static object Version => _registered;

    /// <summary>The registered types.</summary>
    internal static IEnumerable<Type> All => _registered.Select(r => r.Type);

    /// <summary>Adds the registered types to those that a base type is known to have.</summary>
    internal static void AddTo(JsonTypeInfo type)
    {
        if (type.PolymorphismOptions is not { } known) return;
        foreach (var (of, derived, name) in _registered)
            if (of == type.Type && known.DerivedTypes.All(d => d.DerivedType != derived)) known.DerivedTypes.Add(new JsonDerivedType(derived, name));
    }
}
