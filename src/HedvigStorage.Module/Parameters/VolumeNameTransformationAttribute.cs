using System;
using System.Linq;
using System.Management.Automation;
using HedvigStorage.Docker;

namespace HedvigStorage.Parameters;

/// <summary>Takes volumes where their names are wanted, so that <c>Get-HvVolume | New-HvSnapshot</c> works, and other objects that are of a volume.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class VolumeNameTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>Gets or sets whether other objects of a cluster are refused, whose names would otherwise be taken for names of volumes.</summary>
    public bool VolumesOnly { get; set; }

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData) => Unwrap(inputData) switch
    {
        object[] items => items.Select(NameOf).ToArray(),
        var item => ReferenceEquals(NameOf(item), item) ? inputData : NameOf(item),
    };

    private object? NameOf(object? value) => Unwrap(value) switch
    {
        Volume volume => volume.Name,
        Attachment attachment => attachment.Volume,
        DockerVolume { Volume: { } known } => known.Name,
        DockerContainer or DockerVolume or Snapshot or Policy or Target or Lun or Export or AccessRule
            when VolumesOnly => throw new ArgumentTransformationMetadataException($"'{value}' is not a volume."),
        Lun lun => lun.Volume,
        Export export => export.Volume,
        AccessRule rule => rule.Volume,
        _ => value,
    };

    private static object? Unwrap(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
