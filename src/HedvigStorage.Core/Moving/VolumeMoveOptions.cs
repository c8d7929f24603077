namespace HedvigStorage.Moving;

/// <summary>How a volume is moved.</summary>
public sealed record VolumeMoveOptions
{
    /// <summary>Gets the names of the volume drivers that are plugin hosts of the cluster.</summary>
    public IReadOnlyCollection<string> Drivers { get; init; } = ["hedvig"];

    /// <summary>Gets how long each lease, and each health, is waited for.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Gets whether containers that have a health check must be healthy at the destination; if one is not, all goes back.
    /// </summary>
    public bool WaitHealthy { get; init; }
}
