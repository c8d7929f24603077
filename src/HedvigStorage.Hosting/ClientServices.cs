using HedvigStorage.Client.Cluster;
using HedvigStorage.Client.Docker;
using HedvigStorage.Client.Documents;
using HedvigStorage.Client.Plans;
using HedvigStorage.Docker;
using HedvigStorage.Planning;
using HedvigStorage.Services;

namespace HedvigStorage.Hosting;

/// <summary>The door to this assembly.</summary>
public sealed class ClientServices : IClientServices
{
    /// <inheritdoc/>
    public ICluster CreateCluster(ClusterConnection connection) => new HedvigCluster(connection);

    /// <inheritdoc/>
    public IDockerEngine CreateDockerEngine(string? address) => new DockerEngineClient(address);

    /// <inheritdoc/>
    public IDockerPluginInstaller CreatePluginInstaller(string? hostsDirectory, string? engineAddress) =>
        new DockerPluginInstaller(hostsDirectory, registryDirectory: null, engineAddress);

    /// <inheritdoc/>
    public IClusterHost CreateClusterHost(string dataDirectory, string? hostsDirectory) =>
        new EmbeddedCluster(dataDirectory, hostsDirectory);

    /// <inheritdoc/>
    public ISecretSource CreateSecretSource() => FolderSecrets.Find(Environment.GetEnvironmentVariable);

    /// <inheritdoc/>
    public object? ReadJson(string text, string source) => JsonTree.Read(text, source);

    /// <inheritdoc/>
    public string WritePlan(Plan plan) => SavedPlan.Write(plan, TimeProvider.System.GetUtcNow());

    /// <inheritdoc/>
    public ISavedPlan ReadPlan(string text, string path) => SavedPlan.Read(text, path);

    /// <inheritdoc/>
    public Credential ReadCredential(string path) => CredentialFile.Read(path);
}
