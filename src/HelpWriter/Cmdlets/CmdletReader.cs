using System.Reflection;

namespace HedvigStorage.HelpWriter.Cmdlets;

/// <summary>Reads the cmdlets of an assembly from its metadata. Nothing of it is run.</summary>
internal static class CmdletReader
{
    private const string Automation = "System.Management.Automation.";

    private static readonly CmdletParameter[] ConsentParameters =
    [
        new("WhatIf", CmdletParameter.SwitchType, [], ["wi"], Wildcards: false, "False", [new(null, false, null, false, false)]),
        new("Confirm", CmdletParameter.SwitchType, [], ["cf"], Wildcards: false, "False", [new(null, false, null, false, false)]),
    ];

    private static readonly CmdletParameter[] PagingParameters =
    [
        new("IncludeTotalCount", CmdletParameter.SwitchType, [], [], Wildcards: false, "False", [new(null, false, null, false, false)]),
        new("Skip", "UInt64", [], [], Wildcards: false, null, [new(null, false, null, false, false)]),
        new("First", "UInt64", [], [], Wildcards: false, null, [new(null, false, null, false, false)]),
    ];

    /// <summary>Reads all cmdlets, in the order of their names.</summary>
    /// <param name="path">The assembly.</param>
    /// <param name="references">The assemblies that it was compiled against.</param>
    public static IReadOnlyList<Cmdlet> Read(string path, IEnumerable<string> references)
    {
        // The last of a name wins; the assembly itself may be among those that it refers to.
        var files = references.Append(path).GroupBy(file => Path.GetFileName(file), StringComparer.OrdinalIgnoreCase)
            .Select(group => group.Last());
        using var context = new MetadataLoadContext(new PathAssemblyResolver(files), "netstandard");
        return [.. context.LoadFromAssemblyPath(Path.GetFullPath(path)).GetTypes()
            .Where(type => !type.IsAbstract)
            .Select(type => (Type: type, Attribute: Find(type.GetCustomAttributesData(), "CmdletAttribute")))
            .Where(found => found.Attribute is not null)
            .Select(found => Describe(found.Type, found.Attribute!))
            .OrderBy(cmdlet => cmdlet.Name, StringComparer.Ordinal)];
    }

    private static Cmdlet Describe(Type type, CustomAttributeData attribute)
    {
        var parameters = type.GetProperties().Select(Describe).Where(parameter => parameter is not null).Select(parameter => parameter!);
        if (Named(attribute, "SupportsShouldProcess") is true)
        {
            parameters = parameters.Concat(ConsentParameters);
        }

        if (Named(attribute, "SupportsPaging") is true)
        {
            parameters = parameters.Concat(PagingParameters);
        }

        var outputs = All(type.GetCustomAttributesData(), "OutputTypeAttribute").SelectMany(output => output.ConstructorArguments)
            .SelectMany(Flatten).Distinct(StringComparer.Ordinal);
        return new Cmdlet(
            (string)attribute.ConstructorArguments[0].Value!,
            (string)attribute.ConstructorArguments[1].Value!,
            (string?)Named(attribute, "DefaultParameterSetName"),
            [.. parameters],
            [.. outputs]);
    }

    private static IEnumerable<string> Flatten(CustomAttributeTypedArgument argument) => argument.Value switch
    {
        IEnumerable<CustomAttributeTypedArgument> items => items.SelectMany(Flatten),
        Type type => [type.FullName!],
        string name => [name],
        _ => [],
    };

    private static CmdletParameter? Describe(PropertyInfo property)
    {
        var attributes = property.GetCustomAttributesData();
        var uses = All(attributes, "ParameterAttribute").Select(DescribeUse).ToArray();
        if (uses.Length == 0)
        {
            return null;
        }

        var type = Nullable(property.PropertyType);
        var isSwitch = string.Equals(type.Name, CmdletParameter.SwitchType, StringComparison.Ordinal);
        return new CmdletParameter(
            property.Name,
            NameOf(type),
            Values(attributes, type),
            [.. All(attributes, "AliasAttribute").SelectMany(alias => alias.ConstructorArguments).SelectMany(Flatten)],
            Find(attributes, "SupportsWildcardsAttribute") is not null,
            Find(attributes, "PSDefaultValueAttribute") is { } value
                ? (string?)Named(value, "Help") ?? Named(value, "Value")?.ToString()
                : isSwitch
                ? "False"
                : null,
            uses);
    }

    private static ParameterUse DescribeUse(CustomAttributeData attribute) => new(
        (string?)Named(attribute, "ParameterSetName"),
        Named(attribute, "Mandatory") is true,
        Named(attribute, "Position") as int?,
        Named(attribute, "ValueFromPipeline") is true,
        Named(attribute, "ValueFromPipelineByPropertyName") is true);

    private static string[] Values(IList<CustomAttributeData> attributes, Type type)
    {
        if (Find(attributes, "ValidateSetAttribute") is { } set)
        {
            return [.. set.ConstructorArguments.SelectMany(Flatten)];
        }

        var item = type.IsArray ? type.GetElementType()! : type;
        return item.IsEnum ? [.. item.GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => field.Name)] : [];
    }

    // What is nullable is the cmdlet's own affair: to people it is a value that is given or not.
    private static Type Nullable(Type type) =>
        type.IsGenericType && string.Equals(type.GetGenericTypeDefinition().FullName, "System.Nullable`1", StringComparison.Ordinal)
        ? type.GetGenericArguments()[0]
        : type;

    private static string NameOf(Type type) => type.IsArray ? NameOf(type.GetElementType()!) + "[]" : type.FullName switch
    {
        "System.Boolean" => "Boolean",
        "System.Management.Automation.SwitchParameter" => CmdletParameter.SwitchType,
        _ => type.Name,
    };

    private static CustomAttributeData? Find(IEnumerable<CustomAttributeData> attributes, string name) =>
        All(attributes, name).FirstOrDefault();

    private static IEnumerable<CustomAttributeData> All(IEnumerable<CustomAttributeData> attributes, string name) =>
        attributes.Where(attribute => string.Equals(attribute.AttributeType.FullName, Automation + name, StringComparison.Ordinal));

    private static object? Named(CustomAttributeData attribute, string name) =>
        attribute.NamedArguments.FirstOrDefault(
            argument => string.Equals(argument.MemberName, name, StringComparison.Ordinal)).TypedValue.Value;
}
