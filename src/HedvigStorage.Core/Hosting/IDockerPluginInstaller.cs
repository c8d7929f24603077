namespace HedvigStorage.Hosting;

/// <summary>Puts the compiled plugin host beside a Docker Engine, and takes it away. All throw <see cref="ClusterException"/>.</summary>
public interface IDockerPluginInstaller
{
    /// <summary>Tells what is installed and running, whatever its mode.</summary>
    /// <param name="name">The driver's name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<DockerPluginStatus> GetStatusAsync(string name, CancellationToken cancellationToken);

    /// <summary>Tells why the plugin cannot be installed here, or <see langword="null"/> if it can.</summary>
    /// <param name="mode">The mode; <see langword="null"/> is the default of <see cref="DockerPluginSettings.Mode"/>.</param>
    string? WhyNot(DockerPluginMode? mode = null);

    /// <summary>
    /// Installs and starts the plugin host with these settings, or finds that it runs with them; with other settings it is restarted, which
    /// interrupts no container.
    /// </summary>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Conflict"/>: a plugin of that name is installed in another
    /// mode.</exception>
    Task<DockerPluginStatus> InstallAsync(DockerPluginSettings settings, CancellationToken cancellationToken);

    /// <summary>
    /// Puts the present version of the plugin host in the place of the one that is installed, with the settings that it has. Containers
    /// keep their volumes.
    /// </summary>
    /// <param name="name">The driver's name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.NotFound"/>: it is not installed.</exception>
    Task<DockerPluginStatus> UpdateAsync(string name, CancellationToken cancellationToken);

    /// <summary>
    /// Stops the plugin host and removes what was installed. Refused with <see cref="ErrorCode.Busy"/> while volumes are mounted, naming
    /// them and the containers that use them.
    /// </summary>
    /// <param name="name">The driver's name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task UninstallAsync(string name, CancellationToken cancellationToken);

    /// <summary>
    /// Checks that the plugin host works, from the program that is installed to an answer of the cluster; nothing is changed.
    /// </summary>
    /// <param name="name">The driver's name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<DockerPluginCheck>> TestAsync(string name, CancellationToken cancellationToken);
}
