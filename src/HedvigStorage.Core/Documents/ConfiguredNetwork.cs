namespace HedvigStorage.Documents;

/// <summary>A network of the Docker Engine to have or not to have.</summary>
public sealed record ConfiguredNetwork
{
    /// <summary>The driver of a network that is made where none is given.</summary>
    public const string DefaultDriver = "bridge";

    private static readonly HashSet<string> Modes = new(["none", "host", "bridge", "default"], StringComparer.Ordinal);

    /// <summary>Gets the name.</summary>
    public required string Name { get; init; }

    /// <summary>Gets whether it should exist.</summary>
    public Ensure Ensure { get; init; }

    /// <summary>Gets the driver.</summary>
    public string? Driver { get; init; }

    /// <summary>Gets whether it leads to its own containers only.</summary>
    public bool? Internal { get; init; }

    /// <summary>Gets the labels.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Tells whether a container's network is one that somebody makes, and not a mode that every engine has.</summary>
    internal static bool IsMade(string? network) =>
        network is { Length: > 0 } && !Modes.Contains(network) && !network.StartsWith("container:", StringComparison.Ordinal);
}
