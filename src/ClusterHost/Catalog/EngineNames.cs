namespace HedvigStorage.ClusterHost.Catalog;

/// <summary>The engines, as options and the catalog name them.</summary>
internal static class EngineNames
{
    public const string Embedded = "embedded";
    public const string Ceph = "ceph";

    public static IReadOnlyList<string> All { get; } = [Embedded, Ceph];
}
