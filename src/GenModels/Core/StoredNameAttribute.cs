using System.Reflection;

namespace GenModels;

/// <summary>
/// The name by which files and checkpoints know a model, so that its class and namespace can change. Without it they have the name of its class.
/// </summary>
/// <param name="name">The name, which must not change once there are files.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class StoredNameAttribute(string name) : Attribute
{
    /// <summary>The name.</summary>
    public string Name { get; } = name;

    /// <summary>The name of a type in files.</summary>
    internal static string Of(Type type) => type.GetCustomAttribute<StoredNameAttribute>()?.Name ?? type.Name;

    /// <summary>Whether a file means a type: by its name in files, or as version 0.1 called it, by that of its class.</summary>
    internal static bool Names(string stored, Type type) => stored == Of(type) || stored == type.Name || stored == type.FullName;
}
