namespace HedvigStorage.Protocol;

/// <summary>A size as requests write it: <c>unit</c>.</summary>
/// <param name="Unit">One of B, KB, MB, GB, TB, PB, powers of 1024.</param>
/// <param name="Value">The count.</param>
public sealed record RequestSize(string Unit, long Value)
{
    private static readonly string[] Units = ["B", "KB", "MB", "GB"];

    /// <summary>
    /// Writes a size in GB where that is exact, for that is all that Hedvig's own clients send, else in the largest unit that is.
    /// </summary>
    /// <param name="size">The size.</param>
    public static RequestSize From(ByteSize size)
    {
        var unit = Units.Length - 1;
        while (size.Bytes % (1L << (10 * unit)) != 0)
        {
            unit--;
        }

        return new RequestSize(Units[unit], size.Bytes >> (10 * unit));
    }
}

/// <summary>A size as answers write it: <c>units</c>.</summary>
/// <param name="Units">One of B, KB, MB, GB, TB, PB, powers of 1024.</param>
/// <param name="Value">The count, an integer literal: Terraform's decoder refuses <c>5.0</c>.</param>
public sealed record ResponseSize(string Units, long Value);

/// <summary>The result of Login.</summary>
public sealed record LoginResult
{
    /// <summary>Gets the session's id, 32 hex digits.</summary>
    public string? SessionId { get; init; }

    /// <summary>Gets the user name.</summary>
    public string? UserName { get; init; }

    /// <summary>Gets the name for people.</summary>
    public string? DisplayName { get; init; }

    /// <summary>Gets the tenant.</summary>
    public string? PrimaryTenant { get; init; }

    /// <summary>Gets the role in each tenant. Source: Terraform's declaration of <c>roles.Hedvig</c>.</summary>
    public IReadOnlyDictionary<string, string>? Roles { get; init; }

    /// <summary>Gets the data centers. Source: Terraform's declaration.</summary>
    public IReadOnlyList<string>? Datacenters { get; init; }

    /// <summary>Gets whether the cluster spans two data centers. Source: Terraform's declaration.</summary>
    public bool? Dualdc { get; init; }
}

/// <summary>The result of ClusterInformation; all but <see cref="Capacity"/> is the extension's.</summary>
public sealed record ClusterInformationResult
{
    /// <summary>Gets the capacity.</summary>
    public CapacityMessage? Capacity { get; init; }

    /// <summary>Gets the cluster's name.</summary>
    public string? Name { get; init; }

    /// <summary>Gets the bytes promised.</summary>
    public long? ProvisionedBytes { get; init; }

    /// <summary>Gets how many times the total may be promised; 0 is without limit.</summary>
    public double? Overcommit { get; init; }

    /// <summary>Gets the free bytes below which creates and snapshots stop.</summary>
    public long? ReserveBytes { get; init; }

    /// <summary>Gets the free bytes of the storage underneath.</summary>
    public long? FreeBytes { get; init; }

    /// <summary>Gets the number of volumes.</summary>
    public int? VolumeCount { get; init; }

    /// <summary>Gets whether the cluster is healthy.</summary>
    public bool? Healthy { get; init; }

    /// <summary>Gets what is wrong.</summary>
    public IReadOnlyList<string>? Problems { get; init; }
}

/// <summary>Total and used capacity.</summary>
/// <param name="Total">All.</param>
/// <param name="Used">What is taken.</param>
public sealed record CapacityMessage(ResponseSize? Total, ResponseSize? Used);

/// <summary>The result of VirtualDiskDetails; <see cref="SizeBytes"/> and <see cref="Volume"/> are the extension's.</summary>
public sealed record VirtualDiskDetailsResult
{
    /// <summary>Gets the volume's name.</summary>
    public string? VDiskName { get; init; }

    /// <summary>Gets the size in GB, rounded up: Terraform takes the value as GB whatever the units.</summary>
    public ResponseSize? Size { get; init; }

    /// <summary>Gets <c>BLOCK</c> or <c>NFS_MASTER_DISK</c>.</summary>
    public string? DiskType { get; init; }

    /// <summary>Gets the controllers that export it.</summary>
    public IReadOnlyList<string>? TargetLocations { get; init; }

    /// <summary>Gets the exact size.</summary>
    public long? SizeBytes { get; init; }

    /// <summary>Gets the volume.</summary>
    public VolumeMessage? Volume { get; init; }
}

/// <summary>A page of ListVolumes.</summary>
/// <param name="Volumes">The volumes.</param>
/// <param name="NextPageToken">Where to go on, or nothing at the end.</param>
public sealed record VolumesResult(IReadOnlyList<VolumeMessage>? Volumes, string? NextPageToken);

/// <summary>A page of ListSnapshots.</summary>
/// <param name="Snapshots">The snapshots.</param>
/// <param name="NextPageToken">Where to go on, or nothing at the end.</param>
public sealed record SnapshotsResult(IReadOnlyList<SnapshotMessage>? Snapshots, string? NextPageToken);

/// <summary>The result of ListPolicies.</summary>
/// <param name="Policies">The policies.</param>
public sealed record PoliciesResult(IReadOnlyList<PolicyMessage>? Policies);

/// <summary>The result of AddPolicy and UpdatePolicy.</summary>
/// <param name="Policy">The policy as it is now.</param>
public sealed record PolicyResult(PolicyMessage? Policy);

/// <summary>The result of UpdateVolume, RevertVolume and CloneVdisk.</summary>
/// <param name="Volume">The volume as it is now.</param>
public sealed record VolumeResult(VolumeMessage? Volume);

/// <summary>The result of RenewAttachments and ListAttachments.</summary>
/// <param name="Attachments">The attachments.</param>
public sealed record AttachmentsResult(IReadOnlyList<AttachmentMessage>? Attachments);

/// <summary>The result of FenceAttachment.</summary>
/// <param name="Attachment">The lease that was ended, if there was one.</param>
public sealed record FenceResult(AttachmentMessage? Attachment);

/// <summary>The result of Attach.</summary>
/// <param name="Attachment">The lease.</param>
/// <param name="Volume">The volume.</param>
/// <param name="Device">Where its data is.</param>
public sealed record AttachResult(AttachmentMessage? Attachment, VolumeMessage? Volume, DeviceMessage? Device);

/// <summary>Where a volume's data is.</summary>
/// <param name="Kind"><c>image</c>: a file on the host itself.</param>
/// <param name="Path">The place.</param>
public sealed record DeviceMessage(string? Kind, string? Path);

/// <summary>The result of Capabilities.</summary>
public sealed record CapabilitiesResult
{
    /// <summary>Gets the engine.</summary>
    public string? Engine { get; init; }

    /// <summary>Gets the version.</summary>
    public string? Version { get; init; }

    /// <summary>Gets the volume types: <c>BLOCK</c>, <c>NFS</c>.</summary>
    public IReadOnlyList<string>? VolumeTypes { get; init; }

    /// <summary>Gets the attributes that the engine honours, by their names in policies.</summary>
    public IReadOnlyList<string>? HonouredAttributes { get; init; }

    /// <summary>Gets the types whose volumes stay where they were made, by their words.</summary>
    public IReadOnlyList<string>? FixedPlacementTypes { get; init; }

    /// <summary>Gets whether CheckPlacement tells what the engine would refuse.</summary>
    public bool PlacementChecks { get; init; }

    /// <summary>Gets whether objects carry labels.</summary>
    public bool Labels { get; init; }

    /// <summary>Gets whether snapshots are taken on the schedules of policies.</summary>
    public bool SnapshotSchedules { get; init; }

    /// <summary>Gets whether AddVolumes is answered.</summary>
    public bool VolumeBatches { get; init; }

    /// <summary>Gets whether snapshots and clones share data with their source.</summary>
    public bool SharesData { get; init; }

    /// <summary>Gets whether only hosts on the cluster's own machine can attach volumes.</summary>
    public bool OwnMachineOnly { get; init; }

    /// <summary>Gets the smallest volume.</summary>
    public long MinimumVolumeBytes { get; init; }

    /// <summary>Gets the largest volume.</summary>
    public long MaximumVolumeBytes { get; init; }
}

/// <summary>A volume.</summary>
public sealed record VolumeMessage
{
    /// <summary>Gets the name.</summary>
    public string? Name { get; init; }

    /// <summary>Gets the identity.</summary>
    public string? Id { get; init; }

    /// <summary>Gets <c>BLOCK</c> or <c>NFS</c>.</summary>
    public string? DiskType { get; init; }

    /// <summary>Gets the size.</summary>
    public long SizeBytes { get; init; }

    /// <summary>Gets the bytes taken up.</summary>
    public long? AllocatedBytes { get; init; }

    /// <summary>Gets the policy.</summary>
    public string? Policy { get; init; }

    /// <summary>Gets the attributes asked for.</summary>
    public AttributesMessage? Requested { get; init; }

    /// <summary>Gets the attributes given.</summary>
    public AttributesMessage? Effective { get; init; }

    /// <summary>Gets <c>ext4</c> or <c>xfs</c>.</summary>
    public string? FileSystem { get; init; }

    /// <summary>Gets the owner of the root directory.</summary>
    public int? Uid { get; init; }

    /// <summary>Gets the group of the root directory.</summary>
    public int? Gid { get; init; }

    /// <summary>Gets the permission bits of the root directory, as a number.</summary>
    public int? Mode { get; init; }

    /// <summary>Gets whether it is protected.</summary>
    public bool Protected { get; init; }

    /// <summary>Gets <c>Never</c> or <c>Fenced</c>.</summary>
    public string? Takeover { get; init; }

    /// <summary>Gets the description.</summary>
    public string? Description { get; init; }

    /// <summary>Gets when it was made.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Gets the volume that it was cloned from.</summary>
    public string? SourceVolume { get; init; }

    /// <summary>Gets the snapshot that it was cloned from.</summary>
    public string? SourceSnapshot { get; init; }

    /// <summary>Gets the labels, if there are any.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Gets the number of snapshots.</summary>
    public int SnapshotCount { get; init; }

    /// <summary>Gets the lease.</summary>
    public AttachmentMessage? Attachment { get; init; }

    /// <summary>Gets what is wrong with what is stored of it, if anything is.</summary>
    public string? Damage { get; init; }

    /// <summary>Gets how much of it has been moved to where its policy asks for, in percent, while it is being moved.</summary>
    public int? MovedPercent { get; init; }
}

/// <summary>Attributes, named as AddVirtualDisk names them.</summary>
public sealed record AttributesMessage
{
    /// <summary>Gets the number of replicas.</summary>
    public int? ReplicationFactor { get; init; }

    /// <summary>Gets where replicas lie.</summary>
    public string? ReplicationPolicy { get; init; }

    /// <summary>Gets the data centers.</summary>
    public IReadOnlyList<string>? DataCenters { get; init; }

    /// <summary>Gets the kind of disk.</summary>
    public string? Residence { get; init; }

    /// <summary>Gets whether reads are cached.</summary>
    public bool? CacheEnabled { get; init; }

    /// <summary>Gets whether data is compressed.</summary>
    public bool? Compressed { get; init; }

    /// <summary>Gets whether equal blocks are stored once.</summary>
    public bool? Deduplication { get; init; }

    /// <summary>Gets whether data is encrypted.</summary>
    public bool? Encryption { get; init; }
}

/// <summary>A snapshot.</summary>
public sealed record SnapshotMessage
{
    /// <summary>Gets the volume.</summary>
    public string? Volume { get; init; }

    /// <summary>Gets the name.</summary>
    public string? Name { get; init; }

    /// <summary>Gets the outside identity.</summary>
    public string? OpenstackSID { get; init; }

    /// <summary>Gets the volume's size then.</summary>
    public long SizeBytes { get; init; }

    /// <summary>Gets the bytes it may keep from being freed.</summary>
    public long AllocatedBytes { get; init; }

    /// <summary>Gets the instant.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Gets <c>Hourly</c>, <c>Daily</c> or <c>Weekly</c> for one that a schedule took.</summary>
    public string? Frequency { get; init; }

    /// <summary>Gets the labels, if there are any.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }
}

/// <summary>How many scheduled snapshots of each volume are kept; a member that is absent is 0.</summary>
/// <param name="Hourly">Those of the full hour.</param>
/// <param name="Daily">Those of midnight.</param>
/// <param name="Weekly">Those of Monday's midnight.</param>
public sealed record SnapshotScheduleMessage(int? Hourly, int? Daily, int? Weekly);

/// <summary>A policy.</summary>
public sealed record PolicyMessage
{
    /// <summary>Gets the name.</summary>
    public string? Name { get; init; }

    /// <summary>Gets the description.</summary>
    public string? Description { get; init; }

    /// <summary>Gets the attributes asked for.</summary>
    public AttributesMessage? Requested { get; init; }

    /// <summary>Gets the attributes given.</summary>
    public AttributesMessage? Effective { get; init; }

    /// <summary>Gets when snapshots of its volumes are taken, if they are.</summary>
    public SnapshotScheduleMessage? SnapshotSchedule { get; init; }

    /// <summary>Gets the labels, if there are any.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Gets the number of volumes that have it.</summary>
    public int VolumeCount { get; init; }
}

/// <summary>A lease.</summary>
public sealed record AttachmentMessage
{
    /// <summary>Gets the volume.</summary>
    public string? Volume { get; init; }

    /// <summary>Gets the host.</summary>
    public string? Host { get; init; }

    /// <summary>Gets the id that tells the host from another of its name.</summary>
    public string? HostId { get; init; }

    /// <summary>Gets the host's boot.</summary>
    public string? BootId { get; init; }

    /// <summary>Gets the process that holds it.</summary>
    public string? Process { get; init; }

    /// <summary>Gets <c>ReadWrite</c> or <c>ReadOnly</c>.</summary>
    public string? Mode { get; init; }

    /// <summary>Gets the generation.</summary>
    public long Generation { get; init; }

    /// <summary>Gets since when.</summary>
    public DateTimeOffset AttachedAt { get; init; }

    /// <summary>Gets when it was last renewed.</summary>
    public DateTimeOffset RenewedAt { get; init; }

    /// <summary>Gets until when without renewal.</summary>
    public DateTimeOffset ExpiresAt { get; init; }
}
