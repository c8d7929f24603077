using System;
using System.Linq;
using System.Management.Automation;

namespace HedvigStorage.Parameters;

/// <summary>Takes volumes where their names are wanted, so that <c>Get-HvVolume | New-HvSnapshot</c> works.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class VolumeNameTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) => Unwrap(inputData) switch
    {
        Volume volume => volume.Name,
        object[] items => items.Select(item => Unwrap(item) is Volume volume ? volume.Name : item).ToArray(),
        _ => inputData,
    };

    private static object? Unwrap(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
