namespace HedvigStorage.Docker;

/// <summary>A network to make.</summary>
public sealed record NetworkSpecification
{
    /// <summary>Gets the name.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the driver, such as <c>bridge</c>; <see langword="null"/> is the engine's default.</summary>
    public string? Driver { get; init; }

    /// <summary>Gets whether it leads to its own containers only.</summary>
    public bool Internal { get; init; }

    /// <summary>Gets the labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

/// <summary>A network as it is.</summary>
public sealed record EngineNetwork
{
    /// <summary>Gets the id.</summary>
    public required string Id { get; init; }

    /// <summary>Gets the name.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the driver's name.</summary>
    public string Driver { get; init; } = string.Empty;

    /// <summary>Gets whether it leads to its own containers only.</summary>
    public bool Internal { get; init; }

    /// <summary>Gets the labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Gets the names of the running containers that are connected; empty in a list of networks, which does not tell.</summary>
    public IReadOnlyList<string> Containers { get; init; } = [];
}
