using System.Threading;
using System.Threading.Tasks;

namespace HedvigStorage.Hosting;

/// <summary>Puts the compiled plugin host beside a Docker Engine, and takes it away. All throw <see cref="ClusterException"/>.</summary>
public interface IDockerPluginInstaller
{
    /// <summary>Tells what is installed and running.</summary>
    /// <param name="name">The driver's name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<DockerPluginStatus> GetStatusAsync(string name, CancellationToken cancellationToken);

    /// <summary>Tells why the plugin cannot be installed here, or <see langword="null"/> if it can.</summary>
    string? WhyNot();

    /// <summary>Starts the plugin host with these settings, or finds that it runs with them; with other settings it is started anew, which interrupts no container.</summary>
    Task<DockerPluginStatus> InstallAsync(DockerPluginSettings settings, CancellationToken cancellationToken);

    /// <summary>Stops the plugin host and removes its socket. Refused with <see cref="ErrorCode.Busy"/> while volumes are mounted, naming them.</summary>
    /// <param name="name">The driver's name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task UninstallAsync(string name, CancellationToken cancellationToken);
}

/// <summary>How a plugin host is to run.</summary>
public sealed record DockerPluginSettings
{
    /// <summary>Gets the driver's name, which is the socket's.</summary>
    public string Name { get; init; } = "hedvig";

    /// <summary>Gets the cluster's address.</summary>
    public required string Cluster { get; init; }

    /// <summary>Gets the file with the credential for the cluster.</summary>
    public required string CredentialFile { get; init; }

    /// <summary>Gets whether the plugin host accepts a certificate of the cluster that cannot be verified.</summary>
    public bool SkipCertificateCheck { get; init; }

    /// <summary>Gets the host's name in attachments; <see langword="null"/> is the machine's.</summary>
    public string? Host { get; init; }

    /// <summary>Gets the folder for the plugin host's state; <see langword="null"/> is the default for the name.</summary>
    public string? StateDirectory { get; init; }

    /// <summary>Gets the folder under which volumes are mounted; <see langword="null"/> is the default for the name.</summary>
    public string? MountRoot { get; init; }

    /// <summary>Gets the unix socket; <see langword="null"/> is <c>/run/docker/plugins/NAME.sock</c>.</summary>
    public string? Socket { get; init; }
}

/// <summary>A plugin host as it is.</summary>
public sealed record DockerPluginStatus
{
    /// <summary>Gets the driver's name.</summary>
    public required string Name { get; init; }

    /// <summary>Gets whether it answers.</summary>
    public bool Running { get; init; }

    /// <summary>Gets the process, or <see langword="null"/> if it does not run.</summary>
    public int? ProcessId { get; init; }

    /// <summary>Gets the version that runs, or <see langword="null"/>.</summary>
    public string? Version { get; init; }

    /// <summary>Gets the cluster that it serves, or <see langword="null"/> if it does not run.</summary>
    public string? Cluster { get; init; }

    /// <summary>Gets the host's name in attachments, or <see langword="null"/> if it does not run.</summary>
    public string? Host { get; init; }

    /// <summary>Gets the unix socket.</summary>
    public string? Socket { get; init; }

    /// <summary>Gets the folder for its state.</summary>
    public string? StateDirectory { get; init; }

    /// <summary>Gets the folder under which volumes are mounted.</summary>
    public string? MountRoot { get; init; }

    /// <summary>Gets the number of mounted volumes.</summary>
    public int MountedVolumes { get; init; }
}
