namespace HedvigStorage.Documents;

/// <summary>The volume drivers that a document leaves out: that of its plugin, and for a mount that of its volume.</summary>
internal static class VolumeDrivers
{
    /// <summary>Fills them in.</summary>
    public static DockerConfiguration Resolve(DockerConfiguration docker)
    {
        var volumes = docker.Volumes.Select(volume => volume.Driver.Length == 0 ? volume with { Driver = docker.DriverName } : volume)
            .ToArray();
        var drivers = volumes.GroupBy(volume => volume.Name, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.First().Driver, StringComparer.Ordinal);
        string DriverOf(string volume) => drivers.TryGetValue(volume, out var driver) ? driver : docker.DriverName;
        return docker with
        {
            Volumes = volumes,
            Containers = docker.Containers.Select(container => Resolve(container, DriverOf)).ToArray(),
        };
    }

    /// <summary>Leaves those of volumes out that go without saying.</summary>
    public static DockerConfiguration Leave(DockerConfiguration docker) => docker with
    {
        Volumes = docker.Volumes
            .Select(
                volume =>
                    string.Equals(volume.Driver, docker.DriverName, StringComparison.Ordinal)
                        ? volume with { Driver = string.Empty }
                        : volume)
            .ToArray(),
    };

    private static ConfiguredContainer Resolve(ConfiguredContainer container, Func<string, string> driverOf) =>
        container.Mounts is null ? container : container with
    {
        Mounts = container.Mounts.Select(mount => mount.Type is "volume" ? mount with { Driver = driverOf(mount.Source) } : mount)
            .ToArray(),
    };
}
