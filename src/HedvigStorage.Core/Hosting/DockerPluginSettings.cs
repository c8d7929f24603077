namespace HedvigStorage.Hosting;

/// <summary>How a plugin host is to run.</summary>
public sealed record DockerPluginSettings
{
    /// <summary>Gets the driver's name, which is the socket's.</summary>
    public string Name { get; init; } = "hedvig";

    /// <summary>Gets how it is run; <see langword="null"/> is a service where systemd runs the machine, and a process elsewhere.</summary>
    public DockerPluginMode? Mode { get; init; }

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

    /// <summary>
    /// Gets the folder of the volumes of a cluster on the engine's own machine, which a managed plugin must be given to see them;
    /// <see langword="null"/> for none. Other modes see all folders.
    /// </summary>
    public string? DataDirectory { get; init; }

    /// <summary>
    /// Gets whether a managed plugin asks the engine for <c>CAP_SYS_RESOURCE</c>, without which the kernel does not grow a mounted ext4;
    /// <see langword="null"/> is as it is installed, else no. Other modes have what their process has.
    /// </summary>
    public bool? OnlineGrowth { get; init; }
}
