namespace HedvigStorage;

/// <summary>How all volumes of a cluster are reached.</summary>
public sealed record AccessList
{
    /// <summary>Gets all LUNs.</summary>
    public IReadOnlyList<Lun> Luns { get; init; } = [];

    /// <summary>Gets all exports.</summary>
    public IReadOnlyList<Export> Exports { get; init; } = [];

    /// <summary>Gets all access rules.</summary>
    public IReadOnlyList<AccessRule> Rules { get; init; } = [];
}
