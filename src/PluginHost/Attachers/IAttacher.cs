namespace HedvigStorage.PluginHost.Attachers;

/// <summary>Makes the data of an attached volume a directory, and undoes it. Every call blocks; calls for one volume never overlap.</summary>
internal interface IAttacher
{
    /// <summary>Finds the data of a volume, by the one name that the other calls take.</summary>
    /// <param name="path">The path that the cluster gave.</param>
    /// <exception cref="ClusterException">It is not on this machine.</exception>
    string Resolve(string path);

    /// <summary>Mounts a volume; if it throws, nothing of what it did is left.</summary>
    /// <param name="request">What to mount where.</param>
    /// <exception cref="ClusterException">It cannot be done; the message says why.</exception>
    void Mount(MountRequest request);

    /// <summary>Tells whether a volume's data really is what is mounted at its mountpoint.</summary>
    /// <param name="image">The data's path.</param>
    /// <param name="mountpoint">The mountpoint.</param>
    bool IsMounted(string image, string mountpoint);

    /// <summary>Tells whether anything on this machine still uses the data, whether mounted where we see it or not.</summary>
    /// <param name="image">The data's path.</param>
    bool IsInUse(string image);

    /// <summary>
    /// Brings a mounted volume up to the length of its data, while it is used: the device, then the file system. A few system calls if there is
    /// nothing to do, so that it may be called as often as one likes; repeated after a failure or a crash, it goes on where it stopped.
    /// </summary>
    /// <param name="image">The data's path.</param>
    /// <param name="mountpoint">Where it is mounted.</param>
    /// <returns>Whether anything has grown.</returns>
    /// <exception cref="ClusterException">It is not mounted there, or cannot be grown while it is mounted; the volume goes on as it is.</exception>
    /// <exception cref="System.IO.IOException">The device does not answer.</exception>
    bool Grow(string image, string mountpoint);

    /// <summary>Makes an image blank, in which we began to make a file system that nobody has been given.</summary>
    /// <param name="image">The data's path.</param>
    void Clear(string image);

    /// <summary>Unmounts a volume and waits until its data is written and its device free.</summary>
    /// <param name="image">The data's path.</param>
    /// <param name="mountpoint">The mountpoint; it is removed.</param>
    /// <param name="limit">How long to go on trying while it is busy.</param>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Busy"/>: it stayed in use; it is still mounted.</exception>
    void Unmount(string image, string mountpoint, TimeSpan limit);
}

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

    /// <summary>Gets the note of a file system that was begun under this lease or the one before and perhaps not finished, or <see langword="null"/>.</summary>
    public FormattingMark? Mark { get; init; }

    /// <summary>Gets what to call when the image is known to be blank, with the identity of the file system to come, before the first byte is written; when it returns, the note of it is on disk.</summary>
    public required Action<Guid> BeforeFormatting { get; init; }

    /// <summary>Gets what to call when the image has been made blank again after a failure, so that the note of <see cref="BeforeFormatting"/> is void.</summary>
    public required Action Cleared { get; init; }

    /// <summary>Gets what to call at each step, with its name.</summary>
    public Action<string> Progress { get; init; } = _ => { };

    /// <summary>Gets what to call with a problem that does not keep the volume from being used.</summary>
    public Action<string> Warn { get; init; } = _ => { };
}

/// <summary>
/// The note that a file system was begun in a blank image. The content may be cleared if the lease has never ended since (nobody else can have written),
/// or if the content is a file system of the noted identity and the lease is the next one, so that nobody has been given it. Anything else found then may be data (the volume may
/// have been reverted to a snapshot meanwhile) and is left alone.
/// </summary>
/// <param name="FileSystemId">The identity of the file system.</param>
/// <param name="SameLease">Whether the lease is still that under which the note was written.</param>
internal sealed record FormattingMark(Guid FileSystemId, bool SameLease);
