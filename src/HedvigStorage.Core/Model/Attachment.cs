namespace HedvigStorage;

/// <summary>The lease that lets one host write a volume. It outlives processes; it ends when it is released or taken over.</summary>
public sealed record Attachment : ClusterObject
{
    /// <summary>Gets the volume's name.</summary>
    public required string Volume { get; init; }

    /// <summary>Gets the host's name.</summary>
    public required string Host { get; init; }

    /// <summary>Gets the id that tells the host from another of its name, or <see langword="null"/> if it did not tell any.</summary>
    public string? HostId { get; init; }

    /// <summary>Gets the boot of the host under which it was made; a lease of an earlier boot is held by nobody.</summary>
    public string BootId { get; init; } = string.Empty;

    /// <summary>Gets the process that took or last renewed it, or <see langword="null"/> if it did not tell.</summary>
    public string? Process { get; init; }

    /// <summary>Gets what it allows.</summary>
    public AccessMode Mode { get; init; }

    /// <summary>Gets the number that rises each time the volume changes hands; a host with an older one must stop writing.</summary>
    public long Generation { get; init; }

    /// <summary>Gets since when it is held.</summary>
    public DateTimeOffset AttachedAt { get; init; }

    /// <summary>Gets when it was last renewed.</summary>
    public DateTimeOffset RenewedAt { get; init; }

    /// <summary>
    /// Gets until when it is held without being renewed. Later, the holder is out of touch, which does not allow a take-over.
    /// </summary>
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Tells whether a host is the one that holds it: it has the name, the boot and, where both tell one, the id.</summary>
    /// <param name="holder">The host.</param>
    public bool IsOf(AttachmentHolder holder) =>
        string.Equals(Host, holder.Host, StringComparison.Ordinal)
        && string.Equals(BootId, holder.BootId, StringComparison.Ordinal)
        && (HostId is null || holder.HostId is null || string.Equals(HostId, holder.HostId, StringComparison.Ordinal));
}
