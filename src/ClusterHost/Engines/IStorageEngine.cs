namespace HedvigStorage.ClusterHost.Engines;

/// <summary>
/// Where a cluster host stores volumes. An engine knows ids and bytes; names, leases and rules are the catalog's. The caller calls one
/// operation a volume at a time, never within a transaction of the catalog, and has recorded what it begins: docs/crash-order.md.
/// Engines do their work on threads of their own and may take as long as a network does. Nothing is cancelled half-way, since calls of
/// storage libraries cannot be: an engine gives each of them a limit and then throws. Whether such a call has had its effect is unknown,
/// and may show only later. The caller takes it back, now and at its next start.
/// A task ends when the result is durable, however long that takes. Every operation can be repeated. After a crash the caller calls it
/// again, or takes it back with <see cref="DeleteVolumeAsync"/> or <see cref="DeleteSnapshotAsync"/>, which succeed whatever is there.
/// What is not a task is answered from memory or by a system call, without waiting for a network. All throw <see cref="ClusterException"/>.
/// </summary>
internal interface IStorageEngine : IAsyncDisposable
{
    EngineCapabilities Capabilities { get; }

    /// <summary>Tells what a new volume would be given for attributes that are asked for; only those are answered.</summary>
    VolumeAttributes Effective(VolumeAttributes requested);

    /// <summary>Tells what a volume is given where it lies now, for attributes that are asked for; only those are answered.</summary>
    VolumeAttributes Effective(string volumeId, VolumeAttributes requested);

    /// <summary>Refuses attributes that cannot be given and are not merely told as not effective.</summary>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Refused"/> or <see cref="ErrorCode.InvalidArgument"/>: what was asked
    /// for, and what is there.</exception>
    Task CheckAsync(VolumeAttributes requested);

    /// <summary>Does, durably, what can be done for blank volumes before their sizes are known; nothing, if that is nothing.</summary>
    Task PrepareVolumesAsync(IReadOnlyCollection<string> volumeIds);

    /// <summary>
    /// Makes prepared ids blank volumes, or makes sure that they are. A crash may lose a size, and only that, until somebody flushes the
    /// volume; <see cref="RestoreSizesAsync"/> brings it back.
    /// </summary>
    /// <returns>Why some could not be made, by id; one that cannot keeps none of the others from it.</returns>
    Task<IReadOnlyDictionary<string, ClusterException>> CreateVolumesAsync(IReadOnlyCollection<NewVolume> volumes);

    /// <summary>Tells whether anybody has written to a volume; nobody has to one that is not there.</summary>
    Task<bool> HoldsDataAsync(string volumeId);

    /// <summary>Gives volumes that have less than their size the rest, as zeros, and tells which.</summary>
    Task<IReadOnlyList<string>> RestoreSizesAsync(IReadOnlyCollection<(string VolumeId, long Size)> volumes);

    /// <summary>Makes durable what <see cref="CreateVolumesAsync"/> may lose: what is short after this has lost something.</summary>
    Task FlushVolumeAsync(string volumeId);

    /// <summary>
    /// Tells what is known at once to be wrong with what is stored of a volume, as a sentence that begins with what it is, or
    /// <see langword="null"/>.
    /// </summary>
    /// <param name="volumeId">The volume.</param>
    /// <param name="size">The bytes that it has at least.</param>
    string? FindDamage(string volumeId, long size);

    /// <summary>As <see cref="FindDamage"/>, and compares the content with a seal.</summary>
    /// <param name="volumeId">The volume.</param>
    /// <param name="size">The bytes that it has at least.</param>
    /// <param name="seal">What <see cref="SealVolumeAsync"/> told and nobody has written since, or <see langword="null"/>.</param>
    Task<string?> FindDamageAsync(string volumeId, long size, string? seal);

    /// <inheritdoc cref="FindDamageAsync"/>
    Task<string?> FindSnapshotDamageAsync(string volumeId, string snapshotId, long size, string? seal);

    /// <summary>
    /// Describes what is stored of a volume that nobody writes, so that a loss can be told later; durable before it returns.
    /// </summary>
    /// <returns>The seal, or <see langword="null"/> if somebody may be writing.</returns>
    Task<string?> SealVolumeAsync(string volumeId);

    /// <inheritdoc cref="SealVolumeAsync"/>
    Task<string?> SealSnapshotAsync(string snapshotId);

    /// <summary>Grows a volume, also while it is attached. A volume that has the size stays as it is.</summary>
    Task GrowVolumeAsync(string volumeId, long size);

    /// <summary>Removes a volume and what an unfinished create, clone or revert has left of it.</summary>
    Task DeleteVolumeAsync(string volumeId);

    /// <summary>Makes a consistent image of a volume, also while it is mounted.</summary>
    /// <returns>The bytes that the snapshot takes up or may keep from being freed.</returns>
    Task<long> CreateSnapshotAsync(string volumeId, string snapshotId);

    /// <summary>Removes a snapshot and what an unfinished one has left.</summary>
    Task DeleteSnapshotAsync(string volumeId, string snapshotId);

    /// <summary>Makes a volume from a volume, or from one of its snapshots, and extends it to its size.</summary>
    Task CloneAsync(string sourceVolumeId, string? snapshotId, NewVolume volume);

    /// <summary>
    /// Puts a volume's content back to that of a snapshot, extended to a size. Where <see cref="EngineCapabilities.RevertsAtOnce"/> is set
    /// a failure has changed nothing; elsewhere the content is neither until <see cref="ResumeRevertAsync"/> has succeeded.
    /// </summary>
    Task RevertVolumeAsync(string volumeId, string snapshotId, long size);

    /// <summary>Ends a revert that was begun: the volume has its old content or the snapshot's, whole.</summary>
    Task ResumeRevertAsync(string volumeId, string snapshotId, long size);

    /// <summary>Tells, from memory, whether a volume lies elsewhere than its attributes ask for and can be moved there.</summary>
    bool IsMisplaced(string volumeId, VolumeAttributes requested);

    /// <summary>Moves a volume that nobody uses to where its attributes ask for, or ends a move that was begun; all or nothing.</summary>
    /// <param name="volumeId">The volume.</param>
    /// <param name="requested">Its attributes.</param>
    /// <param name="progress">Is told the part that is done, from 0 to 1.</param>
    Task MoveVolumeAsync(string volumeId, VolumeAttributes requested, IProgress<double> progress);

    /// <summary>Takes back whatever an unfinished snapshot or clone of this volume has left in it, such as a frozen file system.</summary>
    Task ReleaseVolumeAsync(string volumeId);

    /// <summary>Tells who uses a volume beyond what leases say, in words, or <see langword="null"/>.</summary>
    Task<string?> FindUserAsync(string volumeId);

    /// <summary>Makes sure that the holder of a lease cannot write the volume any longer, whatever it still does.</summary>
    /// <returns><see langword="null"/> when that is sure, or else the reason why it is not, as a sentence. What cannot be known counts as
    /// able to write.</returns>
    Task<string?> FenceAsync(string volumeId, Attachment holder);

    /// <summary>Makes the removals so far durable; until then the catalog keeps them as begun.</summary>
    Task FlushRemovalsAsync();

    /// <summary>Tells where a host finds a volume's data, which never changes while the volume is not moved.</summary>
    Task<EngineDevice> LocateAsync(string volumeId);

    /// <summary>
    /// Tells the bytes that a volume takes up, as far as is known at once; 0 if it is not there, <see langword="null"/> if that is not
    /// known yet.
    /// </summary>
    long? GetAllocated(string volumeId);

    /// <summary>Tells the free bytes, as far as is known at once.</summary>
    long GetFree();

    /// <summary>Tells what is wrong with the storage as a whole, as far as is known at once, a sentence each.</summary>
    IReadOnlyList<string> FindProblems();

    /// <summary>Adds up what the engine's volumes and snapshots take up.</summary>
    Task<EngineUsage> MeasureAsync(CancellationToken cancellationToken);

    /// <summary>Compares what is stored with what the catalog knows.</summary>
    Task<EngineInventory> TakeInventoryAsync(IReadOnlyCollection<string> volumeIds, IReadOnlyCollection<string> snapshotIds);
}
