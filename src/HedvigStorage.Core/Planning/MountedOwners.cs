using HedvigStorage.Docker;
using HedvigStorage.Documents;
using static HedvigStorage.Planning.OrdinalComparison;

namespace HedvigStorage.Planning;

/// <summary>
/// Compares whose the root of a volume is, as a container has it mounted, with what the document asks for: an engine that copied an image's
/// folder into it, or a container, may have changed it.
/// </summary>
internal sealed class MountedOwners(IDockerEngine engine, ICluster cluster, IReadOnlyList<ConfiguredVolume> volumes, string driver)
{
    /// <summary>Finds where they differ.</summary>
    /// <param name="container">The container.</param>
    /// <param name="mounts">Its mounts.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<PropertyChange>> FindAsync(
        string container, IEnumerable<ContainerMount> mounts, CancellationToken cancellationToken)
    {
        var changes = new List<PropertyChange>();
        foreach (var (mount, owner, wanted) in await LookAsync(container, mounts, cancellationToken).ConfigureAwait(false))
        {
            changes.Add(new PropertyChange($"owner of {mount.Target}", owner.ToString(), wanted.ToString()));
        }

        return changes;
    }

    /// <summary>Gives them the owner that the document asks for.</summary>
    /// <param name="container">The container, which does not run.</param>
    /// <param name="mounts">Its mounts.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task CorrectAsync(string container, IEnumerable<ContainerMount> mounts, CancellationToken cancellationToken)
    {
        foreach (var (mount, _, wanted) in await LookAsync(container, mounts, cancellationToken).ConfigureAwait(false))
        {
            try
            {
                await engine.SetFolderOwnerAsync(container, mount.Target, wanted, cancellationToken).ConfigureAwait(false);
            }
            catch (ClusterException exception)
            {
                throw new ClusterException(
                    exception.Code,
                    $"The owner of the volume '{mount.Source}' at {mount.Target} of the container '{container}' could not be set to "
                        + $"{wanted}. {exception.Message}",
                    exception);
            }
        }
    }

    /// <summary>Refuses a container that has changed them since.</summary>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Conflict"/>: what it has set, and what to do.</exception>
    public async Task CheckAsync(string container, IEnumerable<ContainerMount> mounts, CancellationToken cancellationToken)
    {
        foreach (var (mount, owner, wanted) in await LookAsync(container, mounts, cancellationToken).ConfigureAwait(false))
        {
            throw new ClusterException(
                ErrorCode.Conflict,
                $"The container '{container}' sets the owner of {mount.Target} itself, to {owner}, "
                    + $"where the document asks for {wanted} on the volume '{mount.Source}'. It runs; take 'uid', "
                    + "'gid' and 'mode' that it sets out of the document.");
        }
    }

    private async Task<IReadOnlyList<(ContainerMount Mount, FolderOwner Owner, FolderOwner Wanted)>> LookAsync(
        string container, IEnumerable<ContainerMount> mounts, CancellationToken cancellationToken)
    {
        var found = new List<(ContainerMount Mount, FolderOwner Owner, FolderOwner Wanted)>();
        foreach (var mount in mounts.Where(
            mount => Same(mount.Type, "volume") && Same(mount.Driver, driver) && mount is { ReadOnly: false, SubPath: null }))
        {
            if (volumes.FirstOrDefault(volume => Same(volume.Name, mount.Source)) is { Ensure: Ensure.Present } volume
                && (volume.Uid ?? volume.Gid ?? volume.Mode) is not null
                && await IsMadeSoAsync(volume, cancellationToken).ConfigureAwait(false)
                && await engine.FindFolderOwnerAsync(container, mount.Target, cancellationToken).ConfigureAwait(false) is { } owner
                && owner with
                {
                    Uid = volume.Uid ?? owner.Uid, Gid = volume.Gid ?? owner.Gid, Mode = volume.Mode ?? owner.Mode,
                } is var wanted
                && wanted != owner)
            {
                found.Add((mount, owner, wanted));
            }
        }

        return found;
    }

    // One that was made with another owner is to be replaced, and the container's volume with it.
    private async Task<bool> IsMadeSoAsync(ConfiguredVolume wanted, CancellationToken cancellationToken) =>
        await cluster.FindVolumeAsync(wanted.Name, cancellationToken).ConfigureAwait(false) is { } volume
        && (wanted.Uid ?? volume.Uid) == volume.Uid && (wanted.Gid ?? volume.Gid) == volume.Gid
        && (wanted.Mode ?? volume.Mode) == volume.Mode;
}
