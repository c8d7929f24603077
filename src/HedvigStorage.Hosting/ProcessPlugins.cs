using HedvigStorage.Client.Compatibility;
using HedvigStorage.Client.Documents;

namespace HedvigStorage.Hosting;

/// <summary>Runs plugin hosts as plain processes of this machine and keeps a record of each.</summary>
internal sealed class ProcessPlugins : IPluginMode
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);

    private readonly string? _hostsDirectory;
    private readonly string? _engineAddress;
    private readonly PluginRegistry _registry;

    public ProcessPlugins(string? hostsDirectory, string? engineAddress, string registryDirectory)
    {
        _hostsDirectory = hostsDirectory;
        _engineAddress = engineAddress;
        _registry = new PluginRegistry(registryDirectory);
    }

    /// <inheritdoc/>
    public DockerPluginMode Mode => DockerPluginMode.Process;

    /// <inheritdoc/>
    public async Task<DockerPluginStatus?> FindAsync(string name, CancellationToken cancellationToken) => _registry.Read(name) is { } record
        ? ToStatus(name, record.Socket, record, await PluginStatusQuery.AskAsync(record.Socket, cancellationToken).ConfigureAwait(false))
        : null;

    /// <inheritdoc/>
    public string? WhyNot()
    {
        if (!Platform.IsLinux)
        {
            return "The plugin host runs on Linux only, beside the Docker Engine.";
        }

        if (!HostProcess.IsRoot)
        {
            return "The plugin host mounts file systems, so installing it needs root.";
        }

        try
        {
            _ = HostExecutables.Find(HostExecutables.PluginHost, _hostsDirectory);
            return null;
        }
        catch (ClusterException exception)
        {
            return exception.Message;
        }
    }

    /// <inheritdoc/>
    public async Task<DockerPluginStatus> InstallAsync(DockerPluginSettings settings, CancellationToken cancellationToken)
    {
        var wanted = Resolve(settings);
        _ = CredentialFile.Read(wanted.CredentialFile);
        var record = _registry.Read(wanted.Name);
        var running = await PluginStatusQuery.AskAsync(wanted.Socket, cancellationToken).ConfigureAwait(false);
        if (record is null && running is not null)
        {
            return IsSame(wanted, running)
                ? ToStatus(wanted.Name, wanted.Socket, null, running)
                : throw new ClusterException(
                    ErrorCode.Conflict,
                    $"Another plugin host (process {running.ProcessId}) answers at {wanted.Socket}, with other settings, "
                        + "and was not installed by this command. Stop it first.");
        }

        if (record is not null && running is not null && record with { ProcessId = 0 } == wanted)
        {
            return ToStatus(wanted.Name, wanted.Socket, record, running);
        }

        if (record is not null)
        {
            await StopAsync(record, running, cancellationToken).ConfigureAwait(false);
        }

        return await StartAsync(wanted, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task UninstallAsync(string name, CancellationToken cancellationToken)
    {
        if (_registry.Read(name) is not { } record)
        {
            return;
        }

        var running = await PluginStatusQuery.AskAsync(record.Socket, cancellationToken).ConfigureAwait(false);
        // A plugin host that is stuck or gone leaves its mounts; the kernel knows them.
        var mounted = Mounted(running).Concat(KernelMounts.Under(record.MountRoot)).ToArray();
        if (mounted.Length > 0)
        {
            (await VolumeUsers.TryFindAsync(_engineAddress, name, cancellationToken).ConfigureAwait(false))
                .Refuse($"The plugin '{name}' cannot be stopped", mounted);
        }

        await StopAsync(record, running, cancellationToken).ConfigureAwait(false);
        File.Delete(record.Socket);
        _registry.Remove(name);
    }

    /// <inheritdoc/>
    public async Task<DockerPluginStatus> UpdateAsync(string name, CancellationToken cancellationToken)
    {
        var record = _registry.Read(name)!;
        await StopAsync(record, await PluginStatusQuery.AskAsync(record.Socket, cancellationToken).ConfigureAwait(false), cancellationToken)
            .ConfigureAwait(false);
        return await StartAsync(record with { ProcessId = 0 }, cancellationToken).ConfigureAwait(false);
    }

    private static PluginRecord Resolve(DockerPluginSettings settings)
    {
        var name = ObjectName.Check("plugin", settings.Name);
        return new PluginRecord(
            name,
            settings.Cluster,
            Path.GetFullPath(settings.CredentialFile),
            ObjectName.Check("host", settings.Host ?? Environment.MachineName),
            Path.GetFullPath(settings.StateDirectory ?? PluginPaths.State(name)),
            Path.GetFullPath(settings.MountRoot ?? PluginPaths.Mounts(name)),
            Path.GetFullPath(settings.Socket ?? PluginPaths.Socket(name)),
            0,
            settings.SkipCertificateCheck);
    }

    private static bool IsSame(PluginRecord wanted, PluginStatusMessage running) =>
        string.Equals(wanted.Cluster.TrimEnd('/'), running.Cluster?.TrimEnd('/'), StringComparison.OrdinalIgnoreCase)
        && string.Equals(wanted.Host, running.Host, StringComparison.Ordinal)
        && string.Equals(wanted.StateDirectory, running.StateDirectory, StringComparison.Ordinal)
        && string.Equals(wanted.MountRoot, running.MountRoot, StringComparison.Ordinal);

    /// <summary>Names the volumes that a plugin host has mounted; none if it does not answer.</summary>
    public static IEnumerable<string> Mounted(PluginStatusMessage? running) =>
        (running?.Volumes ?? []).Where(volume => volume.Mounts > 0 || !string.IsNullOrEmpty(volume.Mountpoint))
            .Select(volume => volume.Name ?? string.Empty);

    public static DockerPluginStatus ToStatus(string name, string socket, PluginRecord? record, PluginStatusMessage? running) => new()
    {
        Name = name,
        Mode = record is null ? null : DockerPluginMode.Process,
        Running = running is not null,
        ProcessId = running?.ProcessId,
        Version = running?.Version,
        Cluster = running?.Cluster,
        Host = running?.Host,
        Socket = socket,
        StateDirectory = running?.StateDirectory ?? record?.StateDirectory,
        MountRoot = running?.MountRoot ?? record?.MountRoot,
        Volumes = [.. Mounted(running)],
    };

    private static async Task StopAsync(PluginRecord record, PluginStatusMessage? running, CancellationToken cancellationToken)
    {
        // Mounts stay: the plugin host that comes next takes them over.
        foreach (var processId in new[] { running?.ProcessId ?? 0, record.ProcessId }.Distinct())
        {
            if (!await HostProcess.StopAsync(
                processId, HostExecutables.PluginHost, record.Socket, StopLimit, cancellationToken).ConfigureAwait(false))
            {
                throw new ClusterException(
                    ErrorCode.Busy,
                    $"hv-plugin (process {processId}) was asked to end and has not within {StopLimit.TotalSeconds} seconds.");
            }
        }
    }

    private async Task<DockerPluginStatus> StartAsync(PluginRecord wanted, CancellationToken cancellationToken)
    {
        try
        {
            _ = Directory.CreateDirectory(Path.GetDirectoryName(wanted.Socket)!);
            _registry.Write(wanted);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ClusterException(
                ErrorCode.Internal, $"The plugin '{wanted.Name}' cannot be installed: {exception.Message}", exception);
        }

        using var process = DetachedProcess.Start(
            HostExecutables.Find(HostExecutables.PluginHost, _hostsDirectory),
            [
                "--cluster", wanted.Cluster, "--credential-file", wanted.CredentialFile, "--socket", wanted.Socket,
                "--state", wanted.StateDirectory, "--mount-root", wanted.MountRoot, "--host", wanted.Host,
                .. wanted.SkipCertificateCheck ? ["--skip-certificate-check"] : Array.Empty<string>(),
            ],
            _registry.LogFile(wanted.Name));
        var started = wanted with { ProcessId = process.Id };
        _registry.Write(started);
        var answer = await process.WaitUntilAsync<PluginStatusMessage>(
            token => PluginStatusQuery.AskAsync(wanted.Socket, token), StartLimit, cancellationToken).ConfigureAwait(false);
        return ToStatus(wanted.Name, wanted.Socket, started, answer);
    }
}
