namespace HedvigStorage;

/// <summary>Who holds leases: a plugin host, in one boot of its machine.</summary>
public sealed record AttachmentHolder
{
    /// <summary>Gets the host's name.</summary>
    public required string Host { get; init; }

    /// <summary>Gets the id that tells the host from another of its name, or <see langword="null"/> if it has none.</summary>
    public string? HostId { get; init; }

    /// <summary>Gets the boot of the host.</summary>
    public required string BootId { get; init; }

    /// <summary>Gets the process, as in <see cref="AttachmentRequest.Process"/>.</summary>
    public string? Process { get; init; }
}
