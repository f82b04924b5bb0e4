using System.Reflection;
using GenModels.Training;

namespace GenModels.Tests.Core;

public class NullArgumentTests
{
    private const BindingFlags Members = BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Type[] Types = [.. typeof(IGenerativeModel).Assembly.GetExportedTypes().Where(t => !t.IsGenericType)];

    public static TheoryData<string, string> Settings
    {
        get
        {
            var settings = new TheoryData<string, string>();
            foreach (var type in Types.Where(t => !t.IsAbstract && Validation(t) is not null))
                foreach (var property in type.GetProperties().Where(IsNeeded)) settings.Add(type.FullName ?? type.Name, property.Name);
            return settings;
        }
    }

    [Theory, MemberData(nameof(Settings))]
    public void A_setting_that_is_null_is_named(string type, string property)
    {
        var owner = typeof(IGenerativeModel).Assembly.GetType(type) ?? throw new TypeLoadException(type);
        object settings = Activator.CreateInstance(owner) ?? throw new MissingMethodException(type);
        if (settings is CheckpointOptions) typeof(CheckpointOptions).GetProperty(nameof(CheckpointOptions.Folder))?.SetValue(settings, "folder");
        owner.GetProperty(property)?.SetValue(settings, null);
        Thrown(() => Validation(owner)?.Invoke(settings, [])).Should().BeOfType<ArgumentNullException>().Which.ParamName.Should().Be(property);
    }

    [Fact]
    public void No_null_argument_of_a_constructor_or_static_method_gets_as_far_as_a_null_reference()
    {
        var calls = Types.SelectMany(t => t.GetConstructors().Cast<MethodBase>().Concat(t.GetMethods(Members))).Where(TakesReferences).ToArray();
        calls.Should().HaveCountGreaterThan(50);
        var wrong = calls.Where(m => Thrown(() => Call(m)) is { } e and not ArgumentException).Select(m => $"{m.DeclaringType?.Name}.{m.Name}");
        wrong.Should().BeEmpty();
    }

    private static MethodInfo? Validation(Type type) =>
        type.GetMethod("Validate", BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance, []);

    private static bool IsNeeded(PropertyInfo property) =>
        property.SetMethod is not null && !property.PropertyType.IsValueType && new NullabilityInfoContext().Create(property).WriteState == NullabilityState.NotNull;

    // Operators, generic methods and those that take spans, which can't be boxed, are left out; so are constructors of records, which hold what they are given.
    private static bool TakesReferences(MethodBase method) =>
        !method.IsGenericMethod && (method.IsConstructor ? !IsAbstractOrRecord(method.DeclaringType) : !method.IsSpecialName)
        && method.GetParameters().All(p => !p.ParameterType.IsByRefLike && !p.ParameterType.IsByRef)
        && method.GetParameters().Any(p => !p.ParameterType.IsValueType && new NullabilityInfoContext().Create(p).WriteState == NullabilityState.NotNull);

    private static bool IsAbstractOrRecord(Type? type) =>
        type is null || type.IsAbstract || type.GetMethod("PrintMembers", BindingFlags.NonPublic | BindingFlags.Instance) is not null;

    private static object? Call(MethodBase method)
    {
        object?[] arguments = [.. method.GetParameters().Select(p => p.ParameterType.IsValueType ? Activator.CreateInstance(p.ParameterType) : null)];
        return method is ConstructorInfo constructor ? constructor.Invoke(arguments) : method.Invoke(null, arguments);
    }

    private static Exception? Thrown(Action act)
    {
        try
        {
            act();
            return null;
        }
        catch (TargetInvocationException e)
        {
            return e.InnerException;
        }
    }
}
