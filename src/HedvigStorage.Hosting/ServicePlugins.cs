#if NET8_0_OR_GREATER
using System.Runtime.Versioning;
using HedvigStorage.Client.Documents;

namespace HedvigStorage.Hosting;

/// <summary>
/// Runs plugin hosts as services of systemd, which starts them before the Docker Engine and holds their sockets: a request that comes
/// during a restart waits there. What is installed is told by the units; a file without the mark of this command is somebody else's and is
/// never touched.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class ServicePlugins(string? hostsDirectory, string? engineAddress, ServicePaths paths) : IPluginMode
{
    private const string Healthy = "active (running), enabled";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Readable = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Executable = Readable | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly ServiceControl _control = new(paths);

    /// <inheritdoc/>
    public DockerPluginMode Mode => DockerPluginMode.Service;

    /// <inheritdoc/>
    public async Task<DockerPluginStatus?> FindAsync(string name, CancellationToken cancellationToken)
    {
        if (!IsInstalled(name))
        {
            return null;
        }

        var settings = ReadSettings(name);
        var running = await PluginStatusQuery.AskAsync(paths.Socket(name), cancellationToken).ConfigureAwait(false);
        var service = await _control.DescribeAsync(ServiceUnits.Service(name), cancellationToken).ConfigureAwait(false);
        return ProcessPlugins.ToStatus(name, paths.Socket(name), record: null, running) with
        {
            Mode = DockerPluginMode.Service,
            Service = IsChanged(name, settings, running) ? service + ", changed by hand" : service,
            Cluster = running?.Cluster ?? settings?.Cluster,
            StateDirectory = running?.StateDirectory ?? settings?.StateDirectory,
            MountRoot = running?.MountRoot ?? settings?.MountRoot,
        };
    }

    /// <inheritdoc/>
    public string? WhyNot()
    {
        if (!paths.HasSystemd)
        {
            return $"systemd does not run this machine ({paths.Mark} is not there), so there can be no service. "
                + "Install the plugin as a process or as a managed plugin.";
        }

        if (!HostProcess.IsRoot)
        {
            return "Installing a service needs root.";
        }

        try
        {
            _ = HostExecutables.Find(HostExecutables.PluginHost, hostsDirectory);
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
        var wanted = ServiceSettings.Resolve(settings, paths.Socket(settings.Name));
        _ = CredentialFile.Read(wanted.CredentialFile);
        RefuseForeignFiles(wanted.Name);
        var present = await FindAsync(wanted.Name, cancellationToken).ConfigureAwait(false);
        if (present is null
            && await PluginStatusQuery.AskAsync(paths.Socket(wanted.Name), cancellationToken).ConfigureAwait(false) is { } other)
        {
            throw new ClusterException(
                ErrorCode.Conflict,
                $"Another plugin host (process {other.ProcessId}) answers at {paths.Socket(wanted.Name)} and was not installed by this "
                    + "command. Stop it first.");
        }

        var files = MakeFiles(wanted);
        return present is { Running: true, Service: Healthy } && files.All(file => file.IsPresent())
            ? present
            : await StartAsync(wanted.Name, files, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<DockerPluginStatus> UpdateAsync(string name, CancellationToken cancellationToken)
    {
        RefuseForeignFiles(name);
        var settings = ReadSettings(name)
            ?? throw new ClusterException(
                ErrorCode.Internal,
                $"The settings of the plugin '{name}', '{paths.SettingsFile(name)}', cannot be read. Install it again.");
        return StartAsync(name, MakeFiles(settings), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task UninstallAsync(string name, CancellationToken cancellationToken)
    {
        if (!IsInstalled(name))
        {
            return;
        }

        var running = await PluginStatusQuery.AskAsync(paths.Socket(name), cancellationToken).ConfigureAwait(false);
        var mountRoot = ReadSettings(name)?.MountRoot ?? PluginPaths.Mounts(name);
        var mounted = ProcessPlugins.Mounted(running).Concat(KernelMounts.Under(mountRoot)).ToArray();
        if (mounted.Length > 0)
        {
            (await VolumeUsers.TryFindAsync(engineAddress, name, cancellationToken).ConfigureAwait(false))
                .Refuse($"The plugin '{name}' cannot be stopped", mounted);
        }

        _ = await _control.RunAsync(["disable", "--now", ServiceUnits.Service(name), ServiceUnits.Socket(name)], cancellationToken)
            .ConfigureAwait(false);
        RemoveFiles(name);
        await ForgetAsync(name).ConfigureAwait(false);
    }

    private bool IsInstalled(string name) => IsOwn(paths.ServiceFile(name));

    private static bool IsOwn(string file) =>
        File.Exists(file) && string.Equals(File.ReadLines(file).FirstOrDefault(), ServiceUnits.Mark, StringComparison.Ordinal);

    private void RefuseForeignFiles(string name)
    {
        if (Written(name).FirstOrDefault(file => File.Exists(file) && !IsOwn(file)) is { } foreign)
        {
            throw new ClusterException(
                ErrorCode.Conflict, $"'{foreign}' is there and was not written by this command. Move it away, or choose another name.");
        }
    }

    // The service's unit comes last, for with it the service is installed: what a crash leaves is written or removed once more.
    private string[] Written(string name) => [paths.SettingsFile(name), paths.SocketFile(name), paths.ServiceFile(name)];

    // What somebody has changed in the files takes effect at the next start. The units of another release differ by right.
    private bool IsChanged(string name, ServiceSettings? settings, PluginStatusMessage? running)
    {
        if (running is null || !string.Equals(running.Version, ManagedPluginSettings.Version, StringComparison.Ordinal))
        {
            return false;
        }

        try
        {
            // Nobody but root may read the settings.
            return settings is null
                ? HostProcess.IsRoot
                : !Same(settings.Cluster.Replace(" ", string.Empty, StringComparison.Ordinal), running.Cluster)
                || !Same(settings.Host, running.Host)
                    || !Same(settings.StateDirectory, running.StateDirectory) || !Same(settings.MountRoot, running.MountRoot)
                    || MakeUnits(name, HostExecutables.Find(HostExecutables.PluginHost, hostsDirectory)).Any(unit => !unit.IsPresent());
        }
        catch (ClusterException)
        {
            // There is no release here to compare with.
            return false;
        }

        static bool Same(string left, string? right) => string.Equals(left.TrimEnd('/'), right?.TrimEnd('/'), StringComparison.Ordinal);
    }

    private List<ServiceFile> MakeFiles(ServiceSettings settings)
    {
        var executable = HostExecutables.Find(HostExecutables.PluginHost, hostsDirectory);
        var isBuild = IsBuild(executable);
        var files =
            new List<ServiceFile> { FileOf(
                paths.SettingsFile(settings.Name), OwnerOnly, settings.ToText(isBuild ? RuntimeRoot.Find() : null)) };
        files.AddRange(MakeUnits(settings.Name, executable));
        if (!isBuild)
        {
            files.Insert(0, new ServiceFile(paths.Program(settings.Name), Executable, () => File.OpenRead(executable)));
        }

        return files;
    }

    private ServiceFile[] MakeUnits(string name, string executable)
    {
        var shipped = Path.GetDirectoryName(executable)!;
        return
        [
            FileOf(paths.SocketFile(name), Readable, ServiceUnits.MakeSocket(shipped, paths.Socket(name))),
            FileOf(
                paths.ServiceFile(name),
                Readable,
                ServiceUnits.MakeService(shipped, name, IsBuild(executable) ? executable : paths.Program(name), paths.SettingsFile(name))),
        ];
    }

    // A build has its libraries beside it and is of use only where it is.
    private static bool IsBuild(string executable) => File.Exists(executable + ".dll");

    private static ServiceFile FileOf(string path, UnixFileMode mode, string text) =>
        new(path, mode, () => new MemoryStream(Encoding.UTF8.GetBytes(text)));

    private async Task<DockerPluginStatus> StartAsync(string name, List<ServiceFile> files, CancellationToken cancellationToken)
    {
        var isNew = !IsInstalled(name);
        try
        {
            files.ForEach(file => file.Write());
            _ = await _control.RunAsync(["daemon-reload"], cancellationToken).ConfigureAwait(false);
            // It enables the socket too: Also= in the unit.
            _ = await _control.RunAsync(["enable", ServiceUnits.Service(name)], cancellationToken).ConfigureAwait(false);
            // One that was started too often is not started again without this.
            await TryAsync("reset-failed", ServiceUnits.Service(name)).ConfigureAwait(false);
            await _control.RestartAsync(ServiceUnits.Service(name), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
            when (exception is ClusterException or IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            await TakeBackAsync(name, files, isNew).ConfigureAwait(false);
            if (exception is ClusterException or OperationCanceledException)
            {
                throw;
            }

            throw new ClusterException(ErrorCode.Internal, $"The plugin '{name}' cannot be installed: {exception.Message}", exception);
        }

        files.ForEach(file => file.Keep());
        return (await FindAsync(name, cancellationToken).ConfigureAwait(false))!;
    }

    private async Task TakeBackAsync(string name, List<ServiceFile> files, bool isNew)
    {
        if (isNew)
        {
            await TryAsync("disable", "--now", ServiceUnits.Service(name), ServiceUnits.Socket(name)).ConfigureAwait(false);
            RemoveFiles(name);
            await ForgetAsync(name).ConfigureAwait(false);
            return;
        }

        files.ForEach(file => file.TakeBack());
        await TryAsync("daemon-reload").ConfigureAwait(false);
        await TryAsync("restart", ServiceUnits.Service(name)).ConfigureAwait(false);
    }

    private void RemoveFiles(string name)
    {
        foreach (var file in Written(name).Prepend(paths.Program(name)))
        {
            ServiceFile.Remove(file);
        }

        var folder = Path.GetDirectoryName(paths.Program(name))!;
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder);
        }
    }

    private async Task ForgetAsync(string name)
    {
        await TryAsync("daemon-reload").ConfigureAwait(false);
        await TryAsync("reset-failed", ServiceUnits.Service(name), ServiceUnits.Socket(name)).ConfigureAwait(false);
    }

    // What it does is good to have, and the error that led here, if one did, is the one to tell.
    private async Task TryAsync(params string[] arguments)
    {
        try
        {
            _ = await _control.RunAsync(arguments, CancellationToken.None).ConfigureAwait(false);
        }
        catch (ClusterException)
        {
            // As said.
        }
    }

    private ServiceSettings? ReadSettings(string name)
    {
        try
        {
            return ServiceSettings.Parse(name, File.ReadAllText(paths.SettingsFile(name)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ClusterException)
        {
            return null;
        }
    }
}
#endif
