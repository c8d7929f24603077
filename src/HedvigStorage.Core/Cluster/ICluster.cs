namespace HedvigStorage;

/// <summary>
/// A cluster, whatever it is. Every operation is idempotent: creating what is there and the same succeeds, deleting what is gone succeeds.
/// All throw <see cref="ClusterException"/>, and nothing else but <see cref="OperationCanceledException"/>.
/// </summary>
public interface ICluster : IDisposable
{
    /// <summary>Gets the address of the node that is spoken to.</summary>
    Uri Address { get; }

    /// <summary>Gets the user that is logged in.</summary>
    string UserName { get; }

    /// <summary>Gets the users, audit events and health of the cluster.</summary>
    IClusterAdministration Administration { get; }

    /// <summary>Gets the targets, and how volumes are reached through them.</summary>
    IClusterAccess Access { get; }

    /// <summary>Logs in, so that a wrong address or credential shows now rather than at the first operation.</summary>
    Task ConnectAsync(CancellationToken cancellationToken);

    /// <summary>Asks what the cluster and its engine can do. Asked once, then remembered.</summary>
    Task<ClusterCapabilities> GetCapabilitiesAsync(CancellationToken cancellationToken);

    /// <summary>Asks for capacity, nodes and health.</summary>
    Task<ClusterInformation> GetInformationAsync(CancellationToken cancellationToken);

    /// <summary>Lists volumes in the order of their names (ordinal).</summary>
    Task<Page<Volume>> ListVolumesAsync(VolumeQuery query, CancellationToken cancellationToken);

    /// <summary>Finds a volume; <see langword="null"/> only if the cluster says that there is none.</summary>
    Task<Volume?> FindVolumeAsync(string name, CancellationToken cancellationToken);

    /// <summary>
    /// Makes a volume, or finds the same one. Another size, type, file system or source under that name is a
    /// <see cref="ErrorCode.Conflict"/>.
    /// </summary>
    Task<Volume> CreateVolumeAsync(VolumeSpecification specification, CancellationToken cancellationToken);

    /// <summary>
    /// Makes many volumes, or finds the same ones, each as <see cref="CreateVolumeAsync"/> does: one that fails keeps none of the others
    /// from being made. A cluster whose capabilities say so makes blank volumes many at a time, which is far quicker than one after the
    /// other.
    /// </summary>
    /// <param name="specifications">The volumes, each of a name of its own.</param>
    /// <param name="cancellationToken">Ends the wait; what has been asked for by then may still be made.</param>
    /// <returns>What became of each, in the order of the specifications.</returns>
    Task<IReadOnlyList<VolumeCreation>> CreateVolumesAsync(
        IReadOnlyList<VolumeSpecification> specifications, CancellationToken cancellationToken);

    /// <summary>Changes a volume in place. What is <see langword="null"/> stays.</summary>
    Task<Volume> UpdateVolumeAsync(string name, VolumeChange change, CancellationToken cancellationToken);

    /// <summary>
    /// Grows a volume to a size. The same size succeeds; a smaller one is a <see cref="ErrorCode.Refused"/> that names both.
    /// </summary>
    Task<Volume> ResizeVolumeAsync(string name, ByteSize size, CancellationToken cancellationToken);

    /// <summary>Removes a volume and its snapshots. A protected or attached one is refused.</summary>
    Task DeleteVolumeAsync(string name, CancellationToken cancellationToken);

    /// <summary>Puts a volume's content back to that of a snapshot. A protected or attached volume is refused.</summary>
    Task<Volume> RevertVolumeAsync(string name, string snapshot, CancellationToken cancellationToken);

    /// <summary>Lists all policies in the order of their names.</summary>
    Task<IReadOnlyList<Policy>> ListPoliciesAsync(CancellationToken cancellationToken);

    /// <summary>Makes a policy, or finds the same one; other attributes under that name are a <see cref="ErrorCode.Conflict"/>.</summary>
    Task<Policy> CreatePolicyAsync(PolicySpecification specification, CancellationToken cancellationToken);

    /// <summary>Changes those attributes of a policy that are specified, and so of all its volumes.</summary>
    Task<Policy> UpdatePolicyAsync(string name, PolicyChange change, CancellationToken cancellationToken);

    /// <summary>Removes a policy; one that volumes have is refused, naming them.</summary>
    Task DeletePolicyAsync(string name, CancellationToken cancellationToken);

    /// <summary>
    /// Asks whether the cluster can place volumes that ask for these attributes; nothing is made or changed. Ask only a cluster whose
    /// <see cref="ClusterCapabilities.PlacementChecks"/> is set. What it cannot give is <see cref="ErrorCode.Refused"/> or
    /// <see cref="ErrorCode.InvalidArgument"/>, with a message that says what there is.
    /// </summary>
    Task CheckPlacementAsync(VolumeAttributes requested, CancellationToken cancellationToken);

    /// <summary>Lists snapshots in the order of volume and name (ordinal).</summary>
    Task<Page<Snapshot>> ListSnapshotsAsync(SnapshotQuery query, CancellationToken cancellationToken);

    /// <summary>Makes a snapshot, or finds the one of that name; without a name the cluster chooses one.</summary>
    Task<Snapshot> CreateSnapshotAsync(
        string volume, string? name, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken);

    /// <summary>Removes a snapshot.</summary>
    Task DeleteSnapshotAsync(string volume, string name, CancellationToken cancellationToken);

    /// <summary>
    /// Sets labels of an object, and takes those away whose value is <see langword="null"/>; the others stay. An object that is not there
    /// is a <see cref="ErrorCode.NotFound"/>.
    /// </summary>
    Task SetLabelsAsync(LabelledObject item, IReadOnlyDictionary<string, string?> labels, CancellationToken cancellationToken);

    /// <summary>
    /// Takes the lease to write (or read) a volume, or finds that this host has it. The refusal (<see cref="ErrorCode.Busy"/>) names the
    /// holder.
    /// </summary>
    Task<AttachedVolume> AttachAsync(AttachmentRequest request, CancellationToken cancellationToken);

    /// <summary>Renews leases of one host; those that are lost are left out of the answer.</summary>
    /// <param name="holder">The host, and the process of it that holds them from now on.</param>
    /// <param name="volumes">The volumes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<Attachment>> RenewAttachmentsAsync(
        AttachmentHolder holder, IReadOnlyCollection<string> volumes, CancellationToken cancellationToken);

    /// <summary>
    /// Ends the lease of a volume in the place of its holder, once the engine has made sure that the holder cannot write the volume any
    /// longer; its generation is never given again. Without a lease nothing changes. It is <see cref="ErrorCode.Refused"/>, saying why, if
    /// the engine cannot be sure.
    /// </summary>
    /// <returns>The lease that was ended, or <see langword="null"/> if there was none.</returns>
    Task<Attachment?> FenceAttachmentAsync(string volume, CancellationToken cancellationToken);

    /// <summary>Gives a lease back. One that is not there succeeds; one of another host is a <see cref="ErrorCode.Busy"/>.</summary>
    Task DetachAsync(string volume, AttachmentHolder holder, long generation, CancellationToken cancellationToken);

    /// <summary>Lists attachments in the order of volumes, of one host or of all.</summary>
    Task<IReadOnlyList<Attachment>> ListAttachmentsAsync(string? host, CancellationToken cancellationToken);
}
