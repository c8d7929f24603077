using HedvigStorage.Hosting;

namespace HedvigStorage.Tests.Fakes;

/// <summary>An installer of plugin hosts that only remembers.</summary>
internal sealed class FakePluginInstaller : IDockerPluginInstaller
{
    public const string ThisVersion = "0.1.0";

    public DockerPluginStatus Status { get; set; } = new() { Name = "hedvig" };

    public List<string> Changes { get; } = [];

    /// <summary>Gets the plugin hosts besides, by their names.</summary>
    public Dictionary<string, DockerPluginStatus> Others { get; } = new(StringComparer.Ordinal);

    public Task<DockerPluginStatus> GetStatusAsync(string name, CancellationToken cancellationToken) =>
        Task.FromResult(Others.GetValueOrDefault(name) ?? Status);

    public string? WhyNot(DockerPluginMode? mode = null) => null;

    public Task<DockerPluginStatus> InstallAsync(DockerPluginSettings settings, CancellationToken cancellationToken)
    {
        Changes.Add($"install {settings.Mode?.ToString() ?? "default"}");
        Status = Status with
        {
            Mode = settings.Mode ?? Status.Mode ?? DockerPluginMode.Process,
            Running = true,
            Service = settings.Mode == DockerPluginMode.Service ? "active (running), enabled" : null,
            Version = Status.Version ?? ThisVersion,
            Cluster = settings.Cluster,
            Host = settings.Host ?? "machine",
            StateDirectory = settings.StateDirectory ?? "/state",
            MountRoot = settings.MountRoot ?? "/mounts",
            DataDirectory = settings.DataDirectory,
            OnlineGrowth = settings.OnlineGrowth,
        };
        return Task.FromResult(Status);
    }

    public Task<DockerPluginStatus> UpdateAsync(string name, CancellationToken cancellationToken)
    {
        Changes.Add("update");
        Status = Status with { Version = ThisVersion };
        return Task.FromResult(Status);
    }

    public Task UninstallAsync(string name, CancellationToken cancellationToken)
    {
        if (Status.MountedVolumes > 0)
        {
            throw new ClusterException(
                ErrorCode.Busy, "The plugin 'hedvig' cannot be removed: the volume 'data' is used by the container 'db'.");
        }

        Changes.Add("uninstall");
        Status = new DockerPluginStatus { Name = name };
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<DockerPluginCheck>> TestAsync(string name, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
