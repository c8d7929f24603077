namespace HedvigStorage.PluginHost.Attachers;

/// <summary>
/// Makes the data of an attached volume a directory, in three steps (inspect, format where it is blank, mount), and undoes it. The caller
/// takes one step after the other, and notes between them what a crash must not forget. Every call blocks; calls for one volume never
/// overlap.
/// </summary>
internal interface IAttacher
{
    /// <summary>Finds the data of a volume, by the one name that the other calls take.</summary>
    /// <param name="path">The path that the cluster gave.</param>
    /// <exception cref="ClusterException">It is not on this machine.</exception>
    string Resolve(string path);

    /// <summary>
    /// Looks at a volume's data and changes nothing. What is found is valid, and kept from other plugin hosts, until it is disposed.
    /// </summary>
    /// <param name="request">What to mount where.</param>
    /// <exception cref="ClusterException">It cannot be mounted; the message says why.</exception>
    InspectedImage Inspect(MountRequest request);

    /// <summary>Makes data blank in which we began to make a file system that nobody has been given.</summary>
    /// <param name="image">The data; it is blank afterwards.</param>
    /// <exception cref="ClusterException">It cannot be done.</exception>
    void Clear(InspectedImage image);

    /// <summary>Makes a file system in blank data. If it throws, what is there is half made.</summary>
    /// <param name="image">The data; it is ready to be mounted afterwards.</param>
    /// <param name="id">The identity of the file system, noted on disk before the first byte is written.</param>
    /// <exception cref="ClusterException">It cannot be done; the message says why.</exception>
    void Format(InspectedImage image, Guid id);

    /// <summary>Mounts data that is ready; if it throws, nothing of what it did is left.</summary>
    /// <param name="image">The data.</param>
    /// <exception cref="ClusterException">It cannot be done; the message says why.</exception>
    void Mount(InspectedImage image);

    /// <summary>Tells whether a volume's data really is what is mounted at its mountpoint.</summary>
    /// <param name="image">The data's path.</param>
    /// <param name="mountpoint">The mountpoint.</param>
    bool IsMounted(string image, string mountpoint);

    /// <summary>Tells whether anything on this machine still uses the data, whether mounted where we see it or not.</summary>
    /// <param name="image">The data's path.</param>
    bool IsInUse(string image);

    /// <summary>
    /// Brings a mounted volume up to the length of its data, while it is used: the device, then the file system. A few system calls if
    /// there is nothing to do, so that it may be called as often as one likes; repeated after a failure or a crash, it goes on where it
    /// stopped.
    /// </summary>
    /// <param name="image">The data's path.</param>
    /// <param name="mountpoint">Where it is mounted.</param>
    /// <returns>Whether anything has grown.</returns>
    /// <exception cref="ClusterException">It is not mounted there, or cannot be grown while it is mounted; the volume goes on as it
    /// is.</exception>
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
