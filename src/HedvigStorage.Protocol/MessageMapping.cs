namespace HedvigStorage.Protocol;

/// <summary>Turns messages into the model and back; the server and the client share it, so that they cannot drift apart.</summary>
public static class MessageMapping
{
    /// <summary>The word for a block volume.</summary>
    public const string Block = "BLOCK";

    /// <summary>The word for a file volume in requests.</summary>
    public const string File = "NFS";

    /// <summary>The word for a file volume in VirtualDiskDetails; Terraform shows it as <c>NFS</c>.</summary>
    public const string FileMaster = "NFS_MASTER_DISK";

    /// <summary>Writes a volume type.</summary>
    public static string ToWord(this VolumeType type) => type == VolumeType.File ? File : Block;

    /// <summary>Reads a volume type in any letter case.</summary>
    public static VolumeType? ToVolumeType(string? word) => word?.ToUpperInvariant() switch
    {
        Block => VolumeType.Block,
        File or FileMaster => VolumeType.File,
        _ => null,
    };

    /// <summary>Writes a file system.</summary>
    public static string ToWord(this VolumeFileSystem fileSystem) => fileSystem == VolumeFileSystem.Xfs ? "xfs" : "ext4";

    /// <summary>Reads a file system in any letter case.</summary>
    public static VolumeFileSystem? ToFileSystem(string? word) =>
        AttributeTable.TryParseWord<VolumeFileSystem>(word, out var value) ? value : null;

    /// <summary>Writes attributes.</summary>
    public static AttributesMessage ToMessage(this VolumeAttributes attributes) => new()
    {
        ReplicationFactor = attributes.ReplicationFactor,
        ReplicationPolicy = attributes.ReplicationPolicy?.ToString(),
        DataCenters = attributes.DataCenters,
        Residence = attributes.Residence?.ToString(),
        CacheEnabled = attributes.CacheEnabled,
        Compressed = attributes.Compression,
        Deduplication = attributes.Deduplication,
        Encryption = attributes.Encryption,
    };

    /// <summary>Reads attributes.</summary>
    public static VolumeAttributes ToModel(this AttributesMessage? message) =>
        message is null ? VolumeAttributes.None : new VolumeAttributes
    {
        ReplicationFactor = message.ReplicationFactor,
        ReplicationPolicy = AttributeTable.TryParseWord<ReplicationPolicy>(message.ReplicationPolicy, out var policy) ? policy : null,
        DataCenters = message.DataCenters,
        Residence = AttributeTable.TryParseWord<Residence>(message.Residence, out var residence) ? residence : null,
        CacheEnabled = message.CacheEnabled,
        Compression = message.Compressed,
        Deduplication = message.Deduplication,
        Encryption = message.Encryption,
    };

    /// <summary>Writes a volume.</summary>
    public static VolumeMessage ToMessage(this Volume volume) => new()
    {
        Name = volume.Name,
        Id = volume.Id,
        DiskType = volume.Type.ToWord(),
        SizeBytes = volume.Size,
        AllocatedBytes = volume.Allocated,
        Policy = volume.Policy,
        Requested = volume.Requested.ToMessage(),
        Effective = volume.Effective.ToMessage(),
        FileSystem = volume.FileSystem.ToWord(),
        Uid = volume.Uid,
        Gid = volume.Gid,
        Mode = volume.Mode,
        Protected = volume.Protected,
        Takeover = volume.Takeover.ToString(),
        Description = volume.Description,
        CreatedAt = volume.CreatedAt,
        SourceVolume = volume.SourceVolume,
        SourceSnapshot = volume.SourceSnapshot,
        Labels = ToMessage(volume.Labels),
        SnapshotCount = volume.SnapshotCount,
        Attachment = volume.Attachment?.ToMessage(),
        Damage = volume.Damage,
        MovedPercent = volume.MovedPercent,
    };

    /// <summary>Reads a volume.</summary>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Protocol"/>: a member that must be there is not.</exception>
    public static Volume ToModel(this VolumeMessage message) => new()
    {
        Name = Required(message.Name, "volume.name"),
        Id = message.Id,
        Type = ToVolumeType(message.DiskType) ?? throw Unreadable("volume.diskType", message.DiskType),
        Size = Size(message.SizeBytes, "volume.sizeBytes"),
        Allocated = message.AllocatedBytes is { } allocated ? Size(allocated, "volume.allocatedBytes") : null,
        Policy = message.Policy,
        Requested = message.Requested.ToModel(),
        Effective = message.Effective.ToModel(),
        FileSystem = ToFileSystem(message.FileSystem) ?? VolumeFileSystem.Ext4,
        Uid = message.Uid,
        Gid = message.Gid,
        Mode = message.Mode,
        Protected = message.Protected,
        Takeover = AttributeTable.TryParseWord<TakeoverPolicy>(message.Takeover, out var takeover) ? takeover : TakeoverPolicy.Never,
        Description = message.Description ?? string.Empty,
        CreatedAt = message.CreatedAt,
        SourceVolume = message.SourceVolume,
        SourceSnapshot = message.SourceSnapshot,
        Labels = message.Labels ?? ObjectLabels.None,
        SnapshotCount = message.SnapshotCount,
        Attachment = message.Attachment?.ToModel(),
        Damage = message.Damage,
        MovedPercent = message.MovedPercent,
    };

    /// <summary>Writes a snapshot.</summary>
    public static SnapshotMessage ToMessage(this Snapshot snapshot) => new()
    {
        Volume = snapshot.Volume,
        Name = snapshot.Name,
        OpenstackSID = snapshot.ExternalId,
        SizeBytes = snapshot.Size,
        AllocatedBytes = snapshot.Allocated,
        CreatedAt = snapshot.CreatedAt,
        Frequency = snapshot.Frequency?.ToString(),
        Labels = ToMessage(snapshot.Labels),
    };

    /// <summary>Reads a snapshot.</summary>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Protocol"/>: a member that must be there is not.</exception>
    public static Snapshot ToModel(this SnapshotMessage message) => new()
    {
        Volume = Required(message.Volume, "snapshot.volume"),
        Name = Required(message.Name, "snapshot.name"),
        ExternalId = message.OpenstackSID,
        Size = Size(message.SizeBytes, "snapshot.sizeBytes"),
        Allocated = Size(message.AllocatedBytes, "snapshot.allocatedBytes"),
        CreatedAt = message.CreatedAt,
        Frequency = AttributeTable.TryParseWord<SnapshotFrequency>(message.Frequency, out var frequency) ? frequency : null,
        Labels = message.Labels ?? ObjectLabels.None,
    };

    /// <summary>Writes a policy.</summary>
    public static PolicyMessage ToMessage(this Policy policy) => new()
    {
        Name = policy.Name,
        Description = policy.Description,
        Requested = policy.Requested.ToMessage(),
        Effective = policy.Effective.ToMessage(),
        SnapshotSchedule = policy.SnapshotSchedule.IsEmpty ? null : policy.SnapshotSchedule.ToMessage(),
        Labels = ToMessage(policy.Labels),
        VolumeCount = policy.VolumeCount,
    };

    /// <summary>Reads a policy.</summary>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Protocol"/>: a member that must be there is not.</exception>
    public static Policy ToModel(this PolicyMessage message) => new()
    {
        Name = Required(message.Name, "policy.name"),
        Description = message.Description ?? string.Empty,
        Requested = message.Requested.ToModel(),
        Effective = message.Effective.ToModel(),
        SnapshotSchedule = message.SnapshotSchedule.ToModel(),
        Labels = message.Labels ?? ObjectLabels.None,
        VolumeCount = message.VolumeCount,
    };

    /// <summary>Writes a snapshot schedule.</summary>
    public static SnapshotScheduleMessage ToMessage(this SnapshotSchedule schedule) =>
        new(schedule.Hourly, schedule.Daily, schedule.Weekly);

    /// <summary>Reads a snapshot schedule.</summary>
    public static SnapshotSchedule ToModel(this SnapshotScheduleMessage? message) => message is null
        ? SnapshotSchedule.None
        : new SnapshotSchedule { Hourly = message.Hourly ?? 0, Daily = message.Daily ?? 0, Weekly = message.Weekly ?? 0 };

    /// <summary>Writes an attachment.</summary>
    public static AttachmentMessage ToMessage(this Attachment attachment) => new()
    {
        Volume = attachment.Volume,
        Host = attachment.Host,
        HostId = attachment.HostId,
        BootId = attachment.BootId,
        Process = attachment.Process,
        Mode = attachment.Mode.ToString(),
        Generation = attachment.Generation,
        AttachedAt = attachment.AttachedAt,
        RenewedAt = attachment.RenewedAt,
        ExpiresAt = attachment.ExpiresAt,
    };

    /// <summary>Reads an attachment.</summary>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Protocol"/>: a member that must be there is not.</exception>
    public static Attachment ToModel(this AttachmentMessage message) => new()
    {
        Volume = Required(message.Volume, "attachment.volume"),
        Host = Required(message.Host, "attachment.host"),
        HostId = message.HostId,
        BootId = message.BootId ?? string.Empty,
        Process = message.Process,
        Mode = AttributeTable.TryParseWord<AccessMode>(message.Mode, out var mode)
            ? mode
            : throw Unreadable("attachment.mode", message.Mode),
        Generation = message.Generation,
        AttachedAt = message.AttachedAt,
        RenewedAt = message.RenewedAt,
        ExpiresAt = message.ExpiresAt,
    };

    /// <summary>Reads capabilities.</summary>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Protocol"/>: a member that must be there is not.</exception>
    public static ClusterCapabilities ToModel(this CapabilitiesResult message) => new()
    {
        Engine = Required(message.Engine, "engine"),
        Version = message.Version,
        Extension = true,
        VolumeTypes = (message.VolumeTypes ?? []).Select(ToVolumeType).OfType<VolumeType>().ToArray(),
        HonouredAttributes = message.HonouredAttributes ?? [],
        FixedPlacementTypes = (message.FixedPlacementTypes ?? []).Select(ToVolumeType).OfType<VolumeType>().ToArray(),
        PlacementChecks = message.PlacementChecks,
        Labels = message.Labels,
        SnapshotSchedules = message.SnapshotSchedules,
        VolumeBatches = message.VolumeBatches,
        SharesData = message.SharesData,
        OwnMachineOnly = message.OwnMachineOnly,
        MinimumVolumeSize = Size(message.MinimumVolumeBytes, "minimumVolumeBytes"),
        MaximumVolumeSize = Size(message.MaximumVolumeBytes, "maximumVolumeBytes"),
    };

    // Most objects have none, and a listing may have a thousand of them.
    internal static IReadOnlyDictionary<string, string>? ToMessage(IReadOnlyDictionary<string, string> labels) =>
        labels.Count == 0 ? null : labels;

    internal static string Required(string? value, string member) => string.IsNullOrEmpty(value) ? throw Unreadable(member, value) : value!;

    private static long Size(long bytes, string member) =>
        bytes < 0 ? throw Unreadable(member, bytes.ToString(System.Globalization.CultureInfo.InvariantCulture)) : bytes;

    internal static ClusterException Unreadable(string member, string? value) =>
        new(
            ErrorCode.Protocol,
            value is null
                ? $"The cluster's answer lacks '{member}'."
                : $"The cluster's answer has '{ObjectName.Printable(value)}' for '{member}', which is not a valid value of it.");
}
