namespace HedvigStorage.Parameters;

/// <summary>
/// Takes an object of a cluster that was serialised meanwhile, such as by a job or in a file: what names it is read from it again.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ClusterObjectTransformationAttribute : ArgumentTransformationAttribute
{
    private const string Deserialized = "Deserialized.";

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        inputData is PSObject wrapped && wrapped.BaseObject is not ClusterObject ? Read(wrapped) ?? inputData : inputData;

    /// <summary>Reads an object of a cluster, also one that was serialised meanwhile.</summary>
    /// <returns>The object; <see langword="null"/> where it is none, or one whose name alone is wanted anywhere.</returns>
    internal static ClusterObject? Read(PSObject value) => value.BaseObject as ClusterObject ?? value.TypeNames.FirstOrDefault() switch
    {
        Deserialized + nameof(HedvigStorage) + "." + nameof(Volume) =>
            new Volume { Name = Text(value, nameof(Volume.Name)), Size = Size(value), ClusterOrigin = ObjectNames.OriginOf(value) },
        Deserialized + nameof(HedvigStorage) + "." + nameof(Snapshot) =>
            new Snapshot
            {
                Volume = Text(value, nameof(Snapshot.Volume)),
                Name = Text(value, nameof(Snapshot.Name)),
                Size = Size(value),
                ClusterOrigin = ObjectNames.OriginOf(value),
            },
        Deserialized + nameof(HedvigStorage) + "." + nameof(Target) =>
            new Target { Name = Text(value, nameof(Target.Name)), ClusterOrigin = ObjectNames.OriginOf(value) },
        _ => null,
    };

    private static string Text(PSObject value, string property) =>
        value.Properties[property]?.Value is { } text
            && Convert.ToString(ObjectNames.Unwrap(text), CultureInfo.InvariantCulture) is { Length: > 0 } name
        ? name
        : throw new ArgumentTransformationMetadataException($"The object '{ObjectName.Printable($"{value}")}' has no {property}.");

    private static long Size(PSObject value) =>
        ObjectNames.Unwrap(value.Properties[nameof(Volume.Size)]?.Value) is long and >= 0 and var bytes ? bytes : 0;
}
