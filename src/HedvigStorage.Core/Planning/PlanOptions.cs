namespace HedvigStorage.Planning;

/// <summary>What a plan covers besides what the document describes.</summary>
public sealed record PlanOptions
{
    /// <summary>
    /// Gets whether what the document has made and no longer describes is removed. It needs a document with a name, and nothing else is
    /// ever removed by it.
    /// </summary>
    public bool Prune { get; init; }
}
