using HedvigStorage.Docker;

namespace HedvigStorage.Documents;

/// <summary>
/// Tells a container as a document describes it, with all that it was made with, what its image sets included. What may be secret is left
/// out: the environment and the options of its logging. So is what says how steps are carried out, which is not part of the container's
/// state.
/// </summary>
public static class ContainerDescription
{
    /// <summary>Tells a container as it is put out.</summary>
    /// <param name="container">The container.</param>
    /// <param name="drivers">The names of the volume drivers that are plugin hosts of this product.</param>
    /// <param name="dockerHost">The address of its engine.</param>
    public static DockerContainer Show(Container container, IReadOnlyCollection<string> drivers, Uri dockerHost) => new()
    {
        Name = container.Name,
        Id = container.Id,
        Image = container.Specification.Image,
        State = container.State,
        Health = container.Health?.Status,
        CreatedAt = container.CreatedAt,
        Mounts = container.Specification.Mounts.Where(
            mount => mount.Driver is { } driver && drivers.Contains(driver, StringComparer.Ordinal)).ToArray(),
        Document = ObjectLabels.OwnerOf(container.Specification.Labels),
        Configuration = Of(container),
        DockerHost = dockerHost,
    };

    /// <summary>Describes a container by the members of a document, in the order of the schema.</summary>
    /// <param name="container">The container.</param>
    public static IReadOnlyDictionary<string, object> Of(Container container)
    {
        var specification = container.Specification;
        var labels = DockerLabels.Others(specification.Labels);
        return ContainerTable.Container.Write(new ConfiguredContainer
        {
            Name = container.Name,
            Image = specification.Image,
            State = container.State is "running" or "restarting" or "paused" ? ContainerState.Running : ContainerState.Stopped,
            Command = specification.Command,
            EntryPoint = specification.EntryPoint,
            User = specification.User is { Length: > 0 } user ? user : null,
            WorkingDirectory = specification.WorkingDirectory is { Length: > 0 } folder ? folder : null,
            HostName = specification.HostName,

            // An engine tells no driver of volumes that were there before, and of binds none at all.
            Mounts = specification.Mounts
                .Select(mount => mount with { Driver = mount.Type is "bind" ? null : mount.Driver ?? string.Empty })
                .ToArray(),
            Ports = specification.Ports,
            Network = specification.NetworkMode,
            Restart = specification.Restart,
            Health = specification.Health,
            StopTimeout = specification.StopTimeout,
            Labels = labels.Count > 0 ? labels : null,
            Settings = ContainerSettings.All
                .Where(setting => !setting.Hidden && specification.Settings.TryGetValue(setting.Name, out var value) && value.Count > 0)
                .ToDictionary(setting => setting.Name, setting => specification.Settings[setting.Name], StringComparer.Ordinal),
        });
    }
}
