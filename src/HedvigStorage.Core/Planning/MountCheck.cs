using HedvigStorage.Docker;
using static HedvigStorage.Planning.OrdinalComparison;

namespace HedvigStorage.Planning;

/// <summary>
/// Looks at what an engine mounts in a container that was just made, not at what it was asked for: Podman's Docker API makes a volume of
/// its own, of the driver <c>local</c>, where a mount names another driver and the volume is not known to it.
/// </summary>
internal static class MountCheck
{
    /// <summary>Refuses a container whose volumes are not those that were asked for.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="name">The container.</param>
    /// <param name="asked">The mounts that were asked for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Conflict"/>: what is mounted instead, and what to do.</exception>
    public static async Task RunAsync(
        IDockerEngine engine, string name, IReadOnlyList<ContainerMount>? asked, CancellationToken cancellationToken)
    {
        var volumes = (asked ?? []).Where(mount => Same(mount.Type, "volume")).ToArray();
        if (volumes.Length == 0
            || (await engine.FindContainerAsync(name, cancellationToken).ConfigureAwait(false))?.Mounted is not { } mounted)
        {
            return;
        }

        foreach (var mount in volumes)
        {
            if (WhatElse(mount, mounted) is { } instead)
            {
                throw new ClusterException(
                    ErrorCode.Conflict,
                    $"The engine mounts {instead} at '{mount.Target}' of the container '{name}', "
                        + "and not the volume "
                        + $"'{mount.Source}'{(mount.Driver is null ? string.Empty : $" of the driver '{mount.Driver}'")}, "
                        + "so nothing that is written there would be on that volume. "
                    + "Where the engine has a volume of that name and another driver, remove it there; "
                    + "Podman takes no driver with a mount: describe the volume in docker.volumes with \"driver\": "
                    + $"\"{mount.Driver ?? "local"}\", so that it is known before the container is made.");
            }
        }
    }

    private static string? WhatElse(ContainerMount asked, IReadOnlyList<ContainerMount> mounted)
    {
        var actual = mounted.FirstOrDefault(mount => Same(mount.Target, asked.Target));
        return actual is null ? "nothing"
            : !Same(actual.Type, "volume") ? $"a {actual.Type} of '{actual.Source}'"
            : !Same(actual.Source, asked.Source)
            || (asked.Driver is not null && actual.Driver is not null && !Same(actual.Driver, asked.Driver))
                ? $"the volume '{actual.Source}' of the driver '{actual.Driver}'"
            : null;
    }
}
