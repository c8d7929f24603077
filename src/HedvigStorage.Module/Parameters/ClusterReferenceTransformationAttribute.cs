namespace HedvigStorage.Parameters;

/// <summary>Takes connections that were serialised meanwhile, such as by a job, as the clusters at their addresses.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ClusterReferenceTransformationAttribute : ArgumentTransformationAttribute
{
    private const string Connection = "Deserialized." + nameof(HedvigStorage) + "." + nameof(ConnectedCluster);

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        ObjectNames.Unwrap(inputData) is object[] items ? items.Select(Read).ToArray() : Read(inputData);

    private static object? Read(object? value) =>
        value is PSObject wrapped && string.Equals(wrapped.TypeNames.FirstOrDefault(), Connection, StringComparison.Ordinal)
            && ObjectNames.Unwrap(wrapped.Properties[nameof(ConnectedCluster.Address)]?.Value) is { } address
            ? address.ToString()
            : value;
}
