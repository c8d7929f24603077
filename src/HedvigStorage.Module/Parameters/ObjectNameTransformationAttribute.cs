namespace HedvigStorage.Parameters;

/// <summary>Takes objects of a cluster where their names are wanted, and keeps in mind which cluster they came from.</summary>
[AttributeUsage(AttributeTargets.Property)]
public class ObjectNameTransformationAttribute : ArgumentTransformationAttribute
{
    private const string Deserialized = "Deserialized.";

    /// <inheritdoc/>
    public sealed override object? Transform(EngineIntrinsics engineIntrinsics, object inputData) => ObjectNames.Unwrap(inputData) switch
    {
        object[] items => items.Select(TakeName).ToArray(),
        var item => TakeName(inputData) is var name && ReferenceEquals(name, item) ? inputData : name,
    };

    /// <summary>Tells the name that is wanted of an object; <see langword="null"/> where the object is none that has one.</summary>
    private protected virtual string? NameOf(object value) => value switch
    {
        Policy policy => policy.Name,
        Target target => target.Name,
        ClusterUser user => user.UserName,
        ClusterNode node => node.Name,
        Snapshot snapshot => snapshot.Name,
        _ => null,
    };

    /// <summary>
    /// Tells which property of an object that was serialised meanwhile has the name; <see langword="null"/> where none has.
    /// </summary>
    private protected virtual string? NameIn(string typeName) => typeName switch
    {
        nameof(Policy) or nameof(Target) or nameof(ClusterNode) or nameof(Snapshot) => nameof(Policy.Name),
        nameof(ClusterUser) => nameof(ClusterUser.UserName),
        _ => null,
    };

    private object? TakeName(object? value)
    {
        var item = ObjectNames.Unwrap(value);
        if (item is bool)
        {
            throw new ArgumentTransformationMetadataException(
                $"'{item}' is not a name. The value of a switch stands behind a colon, as in -Protected:$false.");
        }

        if (item is null or string or ValueType)
        {
            return item;
        }

        var name = NameOf(item) ?? (value is PSObject wrapped ? NameOf(wrapped) : null);
        var origin = ObjectNames.OriginOf(value is PSObject ? value : item);
        return (name, origin) switch
        {
            ({ } known, _) => ObjectNames.Take(known, origin),
            (null, null) => item,
            _ => new ShownName(ObjectNames.Take(value!.ToString() ?? string.Empty, origin)),
        };
    }

    private string? NameOf(PSObject value)
    {
        var type = value.TypeNames.FirstOrDefault() ?? string.Empty;
        return type.StartsWith(Deserialized + nameof(HedvigStorage) + ".", StringComparison.Ordinal)
            && NameIn(type.Substring(type.LastIndexOf('.') + 1)) is { } property
            ? value.Properties[property]?.Value as string
            : null;
    }
}
