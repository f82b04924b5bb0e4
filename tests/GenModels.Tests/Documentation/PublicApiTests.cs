using System.Reflection;
using System.Runtime.CompilerServices;

namespace GenModels.Tests.Documentation;

/// <summary>Holds the library's public surface against src/GenModels/PublicApi.txt, so that a change of it is seen and meant.</summary>
public class PublicApiTests
{
    [Fact]
    public void The_public_surface_is_the_one_on_file()
    {
        string path = FilePath();
        string[] actual = [.. Surface()];
        if (Environment.GetEnvironmentVariable("GENMODELS_WRITE_API") == "1") File.WriteAllLines(path, actual);
        File.ReadAllLines(path).Should().Equal(
            actual, "GENMODELS_WRITE_API=1 dotnet test writes {0} anew; look at the difference before you commit it", "PublicApi.txt");
    }

    private static string FilePath([CallerFilePath] string source = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(source) ?? "", "../../../src/GenModels/PublicApi.txt"));

    private static IEnumerable<string> Surface() => typeof(IGenerativeModel).Assembly.GetExportedTypes()
        .OrderBy(t => t.FullName, StringComparer.Ordinal)
        .SelectMany(t => Members(t).Order(StringComparer.Ordinal).Prepend(Declaration(t)));

    private static string Declaration(Type type)
    {
        string kind = type.IsInterface ? "interface" : type.IsEnum ? "enum" : type.IsValueType ? "struct" : "class";
        var bases = new[] { type.BaseType }.Concat(type.GetInterfaces())
            .Where(t => t is not null && t != typeof(object) && t != typeof(ValueType) && t.Namespace?.StartsWith("GenModels", StringComparison.Ordinal) == true)
            .Select(t => Name(t ?? type));
        string parents = string.Join(", ", bases);
        return $"{kind} {type.Namespace}.{Name(type)}{(parents.Length > 0 ? $" : {parents}" : "")}";
    }

    private static IEnumerable<string> Members(Type type)
    {
        const BindingFlags all = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        if (type.IsEnum) return Enum.GetNames(type).Select(name => $"    {name}");
        return type.GetMembers(all).Where(m => !m.Name.Contains('<') && !m.IsDefined(typeof(CompilerGeneratedAttribute))).Select(m => m switch
        {
            ConstructorInfo c when Seen(c) => $"    new({Parameters(c)})",
            PropertyInfo p when p.GetMethod is { } get && Seen(get) =>
                $"    {p.Name}{(p.GetIndexParameters().Length > 0 ? "[]" : "")} : {Name(p.PropertyType)}{(p.SetMethod is { } set && Seen(set) ? " { get; set; }" : "")}",
            MethodInfo f when Seen(f) && !f.IsSpecialName => $"    {f.Name}({Parameters(f)}) : {Name(f.ReturnType)}",
            FieldInfo f when f.IsPublic => $"    {f.Name} : {Name(f.FieldType)}",
            _ => "",
        }).Where(line => line.Length > 0);
    }

    private static bool Seen(MethodBase m) => m.IsPublic || m.IsFamily || m.IsFamilyOrAssembly;

    private static string Parameters(MethodBase m) => string.Join(", ", m.GetParameters().Select(p => $"{Name(p.ParameterType)} {p.Name}{(p.HasDefaultValue ? "?" : "")}"));

    private static string Name(Type type)
    {
        if (type.IsByRef) return $"ref {Name(type.GetElementType() ?? type)}";
        if (type.IsArray) return $"{Name(type.GetElementType() ?? type)}[]";
        if (Nullable.GetUnderlyingType(type) is { } inner) return $"{Name(inner)}?";
        string simple = type.Name.Split('`')[0];
        return type.IsGenericType ? $"{simple}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : simple;
    }
}
