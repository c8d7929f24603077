using HedvigStorage.Docker;
using static HedvigStorage.Planning.OrdinalComparison;

namespace HedvigStorage.Planning;

/// <summary>
/// Keeps the engine from copying what the image has at a mount into volumes that ask for an owner or a mode: with the content of the
/// image's folder the engine copies the folder's owner and mode too, over those of the volume. Source: moby, daemon/create_unix.go, and
/// continuity's copy of a directory.
/// </summary>
internal sealed class OwnedMounts(ICluster cluster, string driver)
{
    /// <summary>Gives a specification whose mounts of such volumes copy nothing.</summary>
    /// <param name="specification">The specification of a container that is about to be made: the volumes are there.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<ContainerSpecification> WithoutCopyAsync(ContainerSpecification specification, CancellationToken cancellationToken)
    {
        var mounts = new List<ContainerMount>();
        foreach (var mount in specification.Mounts)
        {
            mounts.Add(await IsOwnedAsync(mount, cancellationToken).ConfigureAwait(false) ? mount with { NoCopy = true } : mount);
        }

        return mounts.SequenceEqual(specification.Mounts) ? specification : specification with { Mounts = mounts };
    }

    private async Task<bool> IsOwnedAsync(ContainerMount mount, CancellationToken cancellationToken) =>
        !mount.NoCopy && Same(mount.Type, "volume") && Same(mount.Driver, driver)
        && await cluster.FindVolumeAsync(mount.Source, cancellationToken).ConfigureAwait(false) is { } volume
        && (volume.Uid is not null || volume.Gid is not null || volume.Mode is not null);
}
