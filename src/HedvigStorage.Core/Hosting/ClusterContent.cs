namespace HedvigStorage.Hosting;

/// <summary>What an embedded cluster holds, seen by somebody who wants to remove it.</summary>
public sealed record ClusterContent
{
    /// <summary>Gets the number of volumes.</summary>
    public int Volumes { get; init; }

    /// <summary>Gets the number of snapshots.</summary>
    public int Snapshots { get; init; }

    /// <summary>Gets the names of the protected volumes.</summary>
    public IReadOnlyList<string> Protected { get; init; } = [];

    /// <summary>Gets the attached volumes, each with its host, such as <c>pgdata (by web1)</c>.</summary>
    public IReadOnlyList<string> Attached { get; init; } = [];

    /// <summary>Gets the volumes that this machine has in use, each with its device, such as <c>pgdata (loop3)</c>.</summary>
    public IReadOnlyList<string> InUse { get; init; } = [];

    /// <summary>Refuses to have this removed, where that would take away what somebody protects or uses.</summary>
    /// <param name="endLeases">Whether attachments that no device of this machine stands behind are ignored.</param>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Refused"/>: a volume is protected; with <see cref="ErrorCode.Busy"/>:
    /// one is attached or in use. The message names them.</exception>
    public void RefuseRemoval(bool endLeases)
    {
        if (Protected.Count > 0)
        {
            throw new ClusterException(
                ErrorCode.Refused,
                $"The cluster has protected volumes: {string.Join(", ", Protected)}. Nothing is removed. To remove them, "
                    + "end their protection first.");
        }

        if (InUse.Count > 0)
        {
            throw new ClusterException(
                ErrorCode.Busy,
                $"This machine has volumes in use: {string.Join(", ", InUse)}. Nothing is removed. Stop the containers that use them, "
                    + "or unmount them.");
        }

        if (Attached.Count > 0 && !endLeases)
        {
            throw new ClusterException(
                ErrorCode.Busy,
                $"Volumes are attached: {string.Join(", ", Attached)}. Nothing is removed. Unmount them there, "
                    + "or end their attachments by force.");
        }
    }
}
