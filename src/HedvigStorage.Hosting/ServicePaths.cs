#if NET8_0_OR_GREATER

namespace HedvigStorage.Hosting;

/// <summary>
/// Where a machine that systemd runs has what belongs to a service. The folders are those of systemd.unit(5) and file-hierarchy(7).
/// </summary>
internal sealed record ServicePaths
{
    /// <summary>Gets the folder of the units that were added to the machine.</summary>
    public string Units { get; init; } = "/etc/systemd/system";

    /// <summary>Gets the folder of the settings.</summary>
    public string Settings { get; init; } = "/etc/hedvigstorage";

    /// <summary>Gets the folder of the programs, which stay when what they were copied from goes.</summary>
    public string Programs { get; init; } = "/opt/hedvigstorage";

    /// <summary>Gets the folder in which the Docker Engine looks for sockets.</summary>
    public string Sockets { get; init; } = "/run/docker/plugins";

    /// <summary>Gets the folder that is there if systemd runs the machine: sd_booted(3).</summary>
    public string Mark { get; init; } = "/run/systemd/system";

    /// <summary>Gets the program that asks systemd.</summary>
    public string Systemctl { get; init; } = "systemctl";

    /// <summary>Gets the program that shows what services have said.</summary>
    public string Journalctl { get; init; } = "journalctl";

    /// <summary>Gets whether systemd runs this machine.</summary>
    public bool HasSystemd => Directory.Exists(Mark);

    public string ServiceFile(string name) => Path.Combine(Units, ServiceUnits.Service(name));

    public string SocketFile(string name) => Path.Combine(Units, ServiceUnits.Socket(name));

    public string SettingsFile(string name) => Path.Combine(Settings, ServiceUnits.Suffixed("plugin", name) + ".env");

    /// <summary>Each driver has a copy of its own, so that nobody else's is changed or removed with it.</summary>
    public string Program(string name) => Path.Combine(Programs, ServiceUnits.Unit(name), HostExecutables.PluginHost);

    public string Socket(string name) => Path.Combine(Sockets, name + ".sock");
}
#endif
