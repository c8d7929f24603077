namespace HedvigStorage.Docker;

/// <summary>
/// A container of a Docker Engine, as it matters to who looks after volumes. It has no environment, which may hold secrets.
/// </summary>
public sealed record DockerContainer
{
    /// <summary>Gets the name.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the id.</summary>
    public required string Id { get; init; }

    /// <summary>Gets the image as it was named.</summary>
    public string Image { get; init; } = string.Empty;

    /// <summary>
    /// Gets the state: <c>created</c>, <c>running</c>, <c>paused</c>, <c>restarting</c>, <c>removing</c>, <c>exited</c> or <c>dead</c>.
    /// </summary>
    public string State { get; init; } = string.Empty;

    /// <summary>
    /// Gets the health: <c>starting</c>, <c>healthy</c> or <c>unhealthy</c>; <see langword="null"/> if it has no health check or does not
    /// run.
    /// </summary>
    public string? Health { get; init; }

    /// <summary>Gets when it was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Gets where it mounts volumes of this product; those of other drivers, and binds, are left out.</summary>
    public IReadOnlyList<ContainerMount> Mounts { get; init; } = [];

    /// <summary>Gets the name of the document that it belongs to, or <see langword="null"/> if it belongs to none.</summary>
    public string? Document { get; init; }

    /// <summary>
    /// Gets how a document describes it, by the members of the document: all that it was made with but the environment, which may hold
    /// secrets.
    /// </summary>
    public IReadOnlyDictionary<string, object> Configuration { get; init; } = new Dictionary<string, object>(StringComparer.Ordinal);

    /// <summary>Gets the address of the Docker Engine.</summary>
    public required Uri DockerHost { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
