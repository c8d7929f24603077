namespace HedvigStorage.Parameters;

/// <summary>Takes what an object holds of its cluster, also after serialisation.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ClusterOriginTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData) => ObjectNames.ReadOrigin(inputData);
}
