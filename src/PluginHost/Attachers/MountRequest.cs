namespace HedvigStorage.PluginHost.Attachers;

/// <summary>A mount to make.</summary>
internal sealed record MountRequest
{
    /// <summary>Gets the volume.</summary>
    public required Volume Volume { get; init; }

    /// <summary>Gets where its data is.</summary>
    public required string Image { get; init; }

    /// <summary>Gets where to mount it.</summary>
    public required string Mountpoint { get; init; }

    /// <summary>Gets whether our mount table says that a device that already has the image is ours.</summary>
    public bool DeviceIsOurs { get; init; }

    /// <summary>
    /// Gets the note of a file system that was begun under this lease or the one before and perhaps not finished, or
    /// <see langword="null"/>.
    /// </summary>
    public FormattingMark? Mark { get; init; }

    /// <summary>Gets where the steps and the problems of the mount are noted.</summary>
    public MountReport Report { get; init; } = new();
}
