namespace HedvigStorage.ClusterHost.Engines.Ceph;

/// <summary>Of what is given, only that is told which was asked for.</summary>
internal static class AskedFor
{
    public static VolumeAttributes Of(VolumeAttributes requested, VolumeAttributes given) => AttributeTable.All.Aggregate(
        VolumeAttributes.None,
        (told, attribute) =>
            attribute.Get(requested) is not null && attribute.Get(given) is { } value ? attribute.Set(told, value) : told);
}
