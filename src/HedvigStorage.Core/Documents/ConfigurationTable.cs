namespace HedvigStorage.Documents;

/// <summary>A whole document.</summary>
internal static class ConfigurationTable
{
    public static DocumentTable<Configuration> Configuration { get; } = new(
        new Configuration { Source = string.Empty },
        new DocumentMember<Configuration>(
            "name",
            DocumentSchema.Reference("name"),
            node => node.ReadName("document"),
            (configuration, value) => configuration with { Name = (string)value },
            configuration => configuration.Name)
            .Described("The document's own name. With it the document knows what it has made; without it owns nothing."),
        DocumentMembers.OfList<Configuration, ConfiguredPolicy>(
            "policies",
            "policy",
            CatalogTables.Policy,
            configuration => configuration.Policies,
            (configuration, policies) => configuration with { Policies = policies }),
        DocumentMembers.OfList<Configuration, ConfiguredVolume>(
            "volumes",
            "volume",
            CatalogTables.Volume,
            configuration => configuration.Volumes,
            (configuration, volumes) => configuration with { Volumes = volumes }),
        DocumentMembers.OfList<Configuration, ConfiguredSnapshot>(
            "snapshots",
            "snapshot",
            CatalogTables.Snapshot,
            configuration => configuration.Snapshots,
            (configuration, snapshots) => configuration with { Snapshots = snapshots }),
        DocumentMembers.OfList<Configuration, ConfiguredAccess>(
            "access",
            "access",
            CatalogTables.Access,
            configuration => configuration.Access,
            (configuration, access) => configuration with { Access = access }),
        new DocumentMember<Configuration>(
            "docker",
            DocumentSchema.Reference("docker"),
            DockerTables.Docker.Read,
            (configuration, value) => configuration with { Docker = (DockerConfiguration)value },
            configuration => configuration.Docker is { } docker ? DockerTables.Docker.Write(VolumeDrivers.Leave(docker)) : null));
}
