namespace HedvigStorage.Linux;

/// <summary>A mount, as the kernel's list tells it.</summary>
internal sealed record MountEntry
{
    /// <summary>Gets the number of the mount.</summary>
    public required int Id { get; init; }

    /// <summary>Gets the number of the mount that it lies in.</summary>
    public required int ParentId { get; init; }

    /// <summary>Gets where it is.</summary>
    public required string Mountpoint { get; init; }

    /// <summary>Gets the device's major number.</summary>
    public required uint Major { get; init; }

    /// <summary>Gets the device's minor number.</summary>
    public required uint Minor { get; init; }

    /// <summary>Gets the device as the kernel's lists name it, such as <c>7:3</c>.</summary>
    public string Device => string.Create(CultureInfo.InvariantCulture, $"{Major}:{Minor}");

    /// <summary>Gets what is mounted, such as <c>/dev/loop0</c>.</summary>
    public required string Source { get; init; }

    /// <summary>Gets the group of mounts that what is mounted in one of them comes to all of, or <see langword="null"/>.</summary>
    public string? SharedWith { get; init; }

    /// <summary>Gets the group of mounts that what is mounted in one of them comes to this one from, or <see langword="null"/>.</summary>
    public string? SlaveOf { get; init; }
}
