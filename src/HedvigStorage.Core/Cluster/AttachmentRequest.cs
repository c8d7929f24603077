namespace HedvigStorage;

/// <summary>A host's wish for the lease of a volume.</summary>
public sealed record AttachmentRequest
{
    /// <summary>Gets the volume's name.</summary>
    public required string Volume { get; init; }

    /// <summary>Gets the host's name.</summary>
    public required string Host { get; init; }

    /// <summary>Gets the id that tells the host from another of its name, or <see langword="null"/> if it has none.</summary>
    public string? HostId { get; init; }

    /// <summary>Gets the boot of the host (Linux: <c>/proc/sys/kernel/random/boot_id</c>).</summary>
    public required string BootId { get; init; }

    /// <summary>
    /// Gets the machine (Linux: the boot id, which processes of one machine share and no other machine has), by which an engine that serves
    /// its own machine only knows it.
    /// </summary>
    public required string MachineId { get; init; }

    /// <summary>
    /// Gets the process that takes the lease, in words that the engine of the cluster understands (Linux: id, start time and namespace of
    /// ids); without it the engine cannot know whether the holder still runs.
    /// </summary>
    public string? Process { get; init; }

    /// <summary>Gets what is wanted.</summary>
    public AccessMode Mode { get; init; }

    /// <summary>Gets who asks.</summary>
    public AttachmentHolder Holder => new() { Host = Host, HostId = HostId, BootId = BootId, Process = Process };
}

/// <summary>A lease, and what the host needs to mount the volume.</summary>
public sealed record AttachedVolume
{
    /// <summary>Gets the lease.</summary>
    public required Attachment Attachment { get; init; }

    /// <summary>Gets the volume.</summary>
    public required Volume Volume { get; init; }

    /// <summary>Gets how the host reaches the data: <c>image</c> is a file on the host itself.</summary>
    public required string DeviceKind { get; init; }

    /// <summary>Gets where the data is; for <c>image</c> the file's absolute path.</summary>
    public required string DevicePath { get; init; }
}
