using System.Collections;

namespace HedvigStorage.Parameters;

/// <summary>
/// What attributes have in common that read one value, so that a wrong one is told of in one sentence: what it was, and what would be
/// right.
/// </summary>
public abstract class ValueTransformationAttribute : ArgumentTransformationAttribute
{
    private protected ValueTransformationAttribute()
    {
    }

    /// <inheritdoc/>
    public sealed override object? Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        Read(inputData is PSObject wrapped ? wrapped.BaseObject : inputData);

    /// <summary>Reads a value; <see langword="null"/> stays <see langword="null"/>.</summary>
    private protected abstract object? Read(object? value);

    private protected static ArgumentTransformationMetadataException Refuse(object? value, string rule) =>
        new($"'{Describe(value)}' {rule}");

    private static string Describe(object? value) => ObjectName.Printable(value switch
    {
        IDictionary => "a hashtable",
        IEnumerable items and not string => string.Join(", ", items.Cast<object?>().Select(Describe)),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty,
    });
}
