namespace HedvigStorage.Documents;

/// <summary>A volume as the Docker Engine knows it, of whatever driver, to have or not to have.</summary>
public sealed record ConfiguredDockerVolume
{
    /// <summary>Gets the name.</summary>
    public required string Name { get; init; }

    /// <summary>Gets whether it should exist.</summary>
    public Ensure Ensure { get; init; }

    /// <summary>Gets the driver.</summary>
    public required string Driver { get; init; }

    /// <summary>Gets the driver's options.</summary>
    public IReadOnlyDictionary<string, string>? Options { get; init; }

    /// <summary>Gets the labels.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }
}
