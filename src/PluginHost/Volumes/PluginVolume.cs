namespace HedvigStorage.PluginHost.Volumes;

/// <summary>A volume, as the protocol shows it.</summary>
internal sealed record PluginVolume
{
    public required string Name { get; init; }

    public required string Mountpoint { get; init; }

    /// <summary>Gets when it was made; left out when it is not known, since dockerd cannot read an empty one.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    public IReadOnlyDictionary<string, string>? Status { get; init; }
}
