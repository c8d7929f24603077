namespace HedvigStorage.Hosting;

/// <summary>How a plugin host is run.</summary>
public enum DockerPluginMode
{
    /// <summary>As a plain process, which a restart of the machine ends.</summary>
    Process,

    /// <summary>As a service of systemd, with its socket held by systemd so that an upgrade interrupts nothing.</summary>
    Service,

    /// <summary>As a managed plugin, which the Docker Engine itself keeps and starts; on a remote engine too.</summary>
    Managed,
}
