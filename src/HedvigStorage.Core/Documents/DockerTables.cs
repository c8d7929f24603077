using HedvigStorage.Hosting;

namespace HedvigStorage.Documents;

/// <summary>The kinds of objects of a Docker Engine that documents describe; containers have a table of their own.</summary>
internal static class DockerTables
{
    private static readonly string[] Scalars = ["string", "number", "boolean"];

    public static DocumentTable<ConfiguredPlugin> Plugin { get; } = new(
        new ConfiguredPlugin(),
        new DocumentMember<ConfiguredPlugin>(
            "ensure",
            [DocumentSchema.Keyword("enum", new[] { nameof(Ensure.Present), nameof(Ensure.Absent) })],
            node => DockerValues.ReadPluginEnsure(node),
            (plugin, value) => plugin with { Ensure = (Ensure)value },
            plugin => plugin.Ensure == Ensure.Present ? null : plugin.Ensure.ToString())
            .Described(null, nameof(Ensure.Present)),
        new DocumentMember<ConfiguredPlugin>(
            "name",
            DocumentSchema.Reference("name"),
            node => node.ReadName("plugin"),
            (plugin, value) => plugin with { Name = (string)value },
            plugin => string.Equals(plugin.Name, ConfiguredPlugin.DefaultName, StringComparison.Ordinal) ? null : plugin.Name)
            .Described("The volume driver's name.", ConfiguredPlugin.DefaultName),
        DocumentMembers.Of<ConfiguredPlugin>(
            "mode",
            WordForm<DockerPluginMode>.Instance,
            plugin => plugin.Mode,
            (plugin, value) => plugin with { Mode = (DockerPluginMode)value })
            .Described("How it is run. Fixed: another mode is a replacement."),
        DocumentMembers.OfText<ConfiguredPlugin>("version", plugin => plugin.Version, (plugin, value) => plugin with { Version = value })
            .Described("The version that should run: that of the product that applies the document."),
        new DocumentMember<ConfiguredPlugin>(
            "host",
            DocumentSchema.Reference("name"),
            node => node.ReadName("host"),
            (plugin, value) => plugin with { Host = (string)value },
            plugin => plugin.Host)
            .Described("This host's name in attachments. Default: the machine's."),
        DocumentMembers.OfPath<ConfiguredPlugin>(
            "stateDirectory", plugin => plugin.StateDirectory, (plugin, value) => plugin with { StateDirectory = value })
            .Described("The folder for its state."),
        DocumentMembers.OfPath<ConfiguredPlugin>(
            "mountRoot", plugin => plugin.MountRoot, (plugin, value) => plugin with { MountRoot = value })
            .Described("The folder under which volumes are mounted. A managed plugin has none to choose."),
        DocumentMembers.OfPath<ConfiguredPlugin>(
            "dataDirectory", plugin => plugin.DataDirectory, (plugin, value) => plugin with { DataDirectory = value })
            .Described("For a managed plugin: the folder of the volumes of a cluster on the engine's own machine."),
        DocumentMembers.Of<ConfiguredPlugin>(
            "onlineGrowth", FlagForm.Instance, plugin => plugin.OnlineGrowth, (plugin, value) => plugin with { OnlineGrowth = (bool)value })
            .Described(
                "For a managed plugin: whether it asks the engine for CAP_SYS_RESOURCE, without which a mounted ext4 grows at its next "
                    + "mount only."));

    public static DocumentTable<ConfiguredNetwork> Network { get; } = new(
        new ConfiguredNetwork { Name = string.Empty },
        DocumentMembers.OfName<ConfiguredNetwork>(
            "name", "network", network => network.Name, (network, name) => network with { Name = name }),
        DocumentMembers.OfEnsure<ConfiguredNetwork>(network => network.Ensure, (network, ensure) => network with { Ensure = ensure }),
        DocumentMembers.OfText<ConfiguredNetwork>("driver", network => network.Driver, (network, value) => network with { Driver = value })
            .Described("Fixed: another driver is a replacement. Default for a new network: bridge."),
        DocumentMembers.Of<ConfiguredNetwork>(
            "internal", FlagForm.Instance, network => network.Internal, (network, value) => network with { Internal = (bool)value })
            .Described("Leads to its own containers only. Fixed: another value is a replacement."),
        DocumentMembers.OfLabels<ConfiguredNetwork>(network => network.Labels, (network, labels) => network with { Labels = labels }));

    /// <summary>Gets the members of a volume of the engine; the driver is empty for that of the document's plugin.</summary>
    public static DocumentTable<ConfiguredDockerVolume> Volume { get; } = new(
        new ConfiguredDockerVolume { Name = string.Empty, Driver = string.Empty },
        DocumentMembers.OfName<ConfiguredDockerVolume>(
            "name", "volume", volume => volume.Name, (volume, name) => volume with { Name = name }),
        DocumentMembers.OfEnsure<ConfiguredDockerVolume>(volume => volume.Ensure, (volume, ensure) => volume with { Ensure = ensure }),
        DocumentMembers.OfText<ConfiguredDockerVolume>(
            "driver", volume => volume.Driver.Length == 0 ? null : volume.Driver, (volume, value) => volume with { Driver = value })
            .Described("Default: the plugin's driver. Fixed: another driver is a replacement, which loses what is on the volume."),
        new DocumentMember<ConfiguredDockerVolume>(
            "options",
            DocumentSchema.Map(DocumentSchema.Type(Scalars)),
            node => node.ReadMap(),
            (volume, value) => volume with { Options = (IReadOnlyDictionary<string, string>)value },
            volume => DocumentMembers.WriteMap(volume.Options))
            .Described("The driver's options. Fixed. Not for a volume that 'volumes' of the document describes."),
        DocumentMembers.OfLabels<ConfiguredDockerVolume>(volume => volume.Labels, (volume, labels) => volume with { Labels = labels }));

    public static DocumentTable<DockerConfiguration> Docker { get; } = new(
        new DockerConfiguration(),
        new DocumentMember<DockerConfiguration>(
            "optional",
            FlagForm.Instance.Schema,
            node => node.ReadFlag(),
            (docker, value) => docker with { Optional = (bool)value },
            docker => docker.Optional ? true : null)
            .Described("Leave this part out, and say so, where no Docker Engine answers or the plugin host cannot run.", false),
        new DocumentMember<DockerConfiguration>(
            "plugin",
            DocumentSchema.Reference("plugin"),
            node => Plugin.Read(node),
            (docker, value) => docker with { Plugin = (ConfiguredPlugin)value },
            docker => docker.Plugin is { } plugin ? Plugin.Write(plugin) : null),
        DocumentMembers.OfList<DockerConfiguration, ConfiguredNetwork>(
            "networks", "network", Network, docker => docker.Networks, (docker, networks) => docker with { Networks = networks })
            .Described("Networks that are to be more than a bridge with defaults, which every network is that a container only names."),
        DocumentMembers.OfList<DockerConfiguration, ConfiguredDockerVolume>(
            "volumes", "dockerVolume", Volume, docker => docker.Volumes, (docker, volumes) => docker with { Volumes = volumes })
            .Described("Volumes as the Docker Engine knows them, of whatever driver."),
        DocumentMembers.OfList<DockerConfiguration, ConfiguredContainer>(
            "containers",
            "container",
            ContainerTable.Container,
            docker => docker.Containers,
            (docker, containers) => docker with { Containers = containers }))
    {
        Finish = (_, docker) => VolumeDrivers.Resolve(docker),
    };
}
