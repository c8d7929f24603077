namespace HedvigStorage.Planning;

/// <summary>What an export writes besides what always is: policies, volumes, snapshots that somebody took, and access.</summary>
public sealed record ExportOptions
{
    /// <summary>Gets the name that the document is given, or <see langword="null"/> for one that owns nothing.</summary>
    public string? Name { get; init; }

    /// <summary>Gets whether the plugin host and the containers that mount its volumes are written too.</summary>
    public bool Docker { get; init; }

    /// <summary>Gets whether the environment of containers is written. It may hold secrets.</summary>
    public bool Environment { get; init; }
}
