using System;
using System.Linq;
using System.Management.Automation;

namespace HedvigStorage.Parameters;

/// <summary>Takes volumes where their names are wanted, so that <c>Get-HvVolume | New-HvSnapshot</c> works.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class VolumeNameTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>Gets or sets whether other objects of a cluster are refused, whose names would otherwise be taken for names of volumes.</summary>
    public bool VolumesOnly { get; set; }

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) => Unwrap(inputData) switch
    {
        Volume volume => volume.Name,
        Snapshot or Policy when VolumesOnly => throw new ArgumentTransformationMetadataException($"'{inputData}' is not a volume."),
        Attachment attachment => attachment.Volume,
        object[] items => items.Select(item => Unwrap(item) switch { Volume volume => volume.Name, Attachment attachment => attachment.Volume, _ => item }).ToArray(),
        _ => inputData,
    };

    private static object? Unwrap(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
