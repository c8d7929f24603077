namespace HedvigStorage.Docker;

/// <summary>A volume of a Docker Engine, and the volume of the cluster that it is, if it is one.</summary>
public sealed record DockerVolume : ClusterObject
{
    /// <summary>Gets the name.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the driver's name.</summary>
    public required string Driver { get; init; }

    /// <summary>Gets where it is mounted on the engine's machine, empty if it is not.</summary>
    public string Mountpoint { get; init; } = string.Empty;

    /// <summary>Gets the options that it was made with.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = ObjectLabels.None;

    /// <summary>Gets the labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = ObjectLabels.None;

    /// <summary>Gets the volume of the cluster, or <see langword="null"/> if it is of another driver, or no cluster was asked.</summary>
    public Volume? Volume { get; init; }

    /// <summary>Gets the size, or <see langword="null"/> where <see cref="Volume"/> is.</summary>
    public long? Size => Volume?.Size;

    /// <summary>Gets the host that has the volume attached, or <see langword="null"/> if none has.</summary>
    public string? Host => Volume?.Attachment?.Host;

    /// <summary>Gets the name of the document that it belongs to, or <see langword="null"/> if it belongs to none.</summary>
    public string? Document { get; init; }

    /// <summary>Gets the address of the Docker Engine.</summary>
    public required Uri DockerHost { get; init; }

    /// <summary>Describes a volume.</summary>
    /// <param name="known">The volume as the engine knows it.</param>
    /// <param name="volume">The volume of the cluster that it is.</param>
    /// <param name="dockerHost">The address of the engine.</param>
    public static DockerVolume Of(EngineVolume known, Volume? volume, Uri dockerHost) => new()
    {
        Name = known.Name,
        Driver = known.Driver,
        Mountpoint = known.Mountpoint,
        Options = known.Options,
        Labels = known.Labels,
        Volume = volume,
        Document = ObjectLabels.OwnerOf(known.Labels) ?? ObjectLabels.OwnerOf(volume?.Labels ?? ObjectLabels.None),
        DockerHost = dockerHost,
    };

    /// <inheritdoc/>
    /// <remarks>One of another driver is of no cluster.</remarks>
    public override ClusterObject From(ClusterOrigin origin) =>
        Volume is null ? this : this with { ClusterOrigin = origin, Volume = (Volume)Volume.From(origin) };

    /// <inheritdoc/>
    public override string ToString() => Name;
}
