namespace HedvigStorage.ClusterHost.Engines.Ceph;

/// <summary>Counts and names in the messages of refused placements.</summary>
internal static class PlacementText
{
    /// <summary>Writes a count: <c>no racks</c>, <c>1 rack</c>, <c>2 racks</c>.</summary>
    public static string CountOf(int count, string noun) => count switch
    {
        0 => $"no {noun}s",
        1 => $"1 {noun}",
        _ => string.Create(CultureInfo.InvariantCulture, $"{count} {noun}s"),
    };

    /// <summary>Writes a number of copies.</summary>
    public static string Copies(int count) => count == 1 ? "1 copy" : string.Create(CultureInfo.InvariantCulture, $"{count} copies");

    /// <summary>Writes names behind a colon, or nothing if there are none.</summary>
    public static string List(IReadOnlyCollection<string> names) => names.Count == 0 ? string.Empty : ": " + string.Join(", ", names);

    public static string NameOf(FailureDomain domain) => domain switch
    {
        FailureDomain.Host => "host",
        FailureDomain.Rack => "rack",
        _ => "data center",
    };
}
