using HedvigStorage.Docker;
using HedvigStorage.Hosting;

namespace HedvigStorage.Planning;

/// <summary>What a configuration is compared with and applied to.</summary>
public sealed class PlanTargets
{
    /// <summary>Names the targets.</summary>
    /// <param name="cluster">The cluster.</param>
    public PlanTargets(ICluster cluster) => Cluster = cluster ?? throw new ArgumentNullException(nameof(cluster));

    /// <summary>Gets the cluster.</summary>
    public ICluster Cluster { get; }

    /// <summary>Gets the Docker Engine, needed for the Docker part only.</summary>
    public IDockerEngine? Docker { get; init; }

    /// <summary>Gets the installer of the plugin host, needed for the plugin only.</summary>
    public IDockerPluginInstaller? PluginInstaller { get; init; }

    /// <summary>Gets where the secrets are that the document names, needed for these only.</summary>
    public ISecretSource? Secrets { get; init; }

    /// <summary>Gets how a plugin host is to run; name and host are taken from the document.</summary>
    public DockerPluginSettings? PluginSettings { get; init; }
}
