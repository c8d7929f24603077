using HedvigStorage.Docker;

namespace HedvigStorage.Parameters;

/// <summary>
/// Takes volumes where their names are wanted, so that <c>Get-HvVolume | New-HvSnapshot</c> works, and other objects that are of a volume.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class VolumeNameTransformationAttribute : ObjectNameTransformationAttribute
{
    /// <summary>
    /// Gets or sets whether other objects of a cluster are refused, whose names would otherwise be taken for names of volumes.
    /// </summary>
    public bool VolumesOnly { get; set; }

    private protected override string? NameOf(object value) => value switch
    {
        Volume volume => volume.Name,
        Attachment attachment => attachment.Volume,
        DockerVolume { Volume: { } known } => known.Name,
        DockerContainer or DockerVolume or Snapshot or Policy or Target or Lun or Export or AccessRule
            when VolumesOnly => throw new ArgumentTransformationMetadataException($"'{value}' is not a volume."),
        Lun lun => lun.Volume,
        Export export => export.Volume,
        AccessRule rule => rule.Volume,
        _ => null,
    };

    private protected override string? NameIn(string typeName) => typeName switch
    {
        nameof(Volume) => nameof(Volume.Name),
        nameof(Attachment) => nameof(Attachment.Volume),
        nameof(DockerContainer) or nameof(
            DockerVolume) or nameof(Snapshot) or nameof(Policy) or nameof(Target) or nameof(Lun) or nameof(Export) or nameof(AccessRule)
            when VolumesOnly => throw new ArgumentTransformationMetadataException($"An object of the type {typeName} is not a volume."),
        nameof(Lun) or nameof(Export) or nameof(AccessRule) => nameof(Lun.Volume),
        _ => null,
    };
}
