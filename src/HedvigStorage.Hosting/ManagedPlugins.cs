using HedvigStorage.Client.Compatibility;
using HedvigStorage.Client.Docker;
using HedvigStorage.Client.Documents;
using HedvigStorage.Docker;

namespace HedvigStorage.Hosting;

/// <summary>
/// Runs plugin hosts as managed plugins of a Docker Engine, which keeps and starts them itself. Their settings are in the engine, and
/// nowhere else. The engine lets settings and program of a plugin be changed only while it is stopped, so either recreates it; the state is
/// outside of it and stays.
/// </summary>
internal sealed class ManagedPlugins : IPluginMode
{
    // The engine's own default is less than what it gives a Create or a Mount.
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromMinutes(3);

    private readonly string? _hostsDirectory;
    private readonly string? _engineAddress;

    public ManagedPlugins(string? hostsDirectory, string? engineAddress)
    {
        _hostsDirectory = hostsDirectory;
        _engineAddress = engineAddress;
    }

    /// <inheritdoc/>
    public DockerPluginMode Mode => DockerPluginMode.Managed;

    /// <inheritdoc/>
    public async Task<DockerPluginStatus?> FindAsync(string name, CancellationToken cancellationToken)
    {
        using var engine = new DockerEngineClient(_engineAddress);
        try
        {
            return await FindAnyAsync(engine, name, cancellationToken).ConfigureAwait(false) is { } plugin
                && ManagedPluginSettings.Read(plugin) is { } settings
                ? await DescribeAsync(engine, plugin, settings, cancellationToken).ConfigureAwait(false)
                : null;
        }
        catch (ClusterException exception) when (exception.Code is ErrorCode.Unreachable or ErrorCode.Unsupported && _engineAddress is null)
        {
            // Nobody named an engine, and there is none that a plugin could be in.
            return null;
        }
    }

    /// <inheritdoc/>
    public string? WhyNot()
    {
        if (!Platform.IsLinux)
        {
            return "A managed plugin is made of the programs of a Linux machine, so it is installed from one.";
        }

        try
        {
            _ = HostExecutables.Find(HostExecutables.PluginHost, _hostsDirectory);
            return PluginTools.WhyNot();
        }
        catch (ClusterException exception)
        {
            return exception.Message;
        }
    }

    /// <inheritdoc/>
    public async Task<DockerPluginStatus> InstallAsync(DockerPluginSettings settings, CancellationToken cancellationToken)
    {
        using var engine = new DockerEngineClient(_engineAddress);
        var plugin = await FindAnyAsync(engine, settings.Name, cancellationToken).ConfigureAwait(false);
        var present = plugin is null ? null : ManagedPluginSettings.Read(plugin)
            ?? throw new ClusterException(
                ErrorCode.Conflict, $"The Docker Engine has another managed plugin with the name '{settings.Name}'. Choose another name.");
        var wanted = ManagedPluginSettings.Resolve(settings, present);
        Prepare(engine, wanted);
        if (present != wanted)
        {
            await MakeAsync(engine, plugin, wanted, cancellationToken).ConfigureAwait(false);
        }
        else if (!plugin!.Enabled)
        {
            await EnableAsync(engine, wanted, cancellationToken).ConfigureAwait(false);
        }

        return (await FindAsync(settings.Name, cancellationToken).ConfigureAwait(false))!;
    }

    /// <inheritdoc/>
    public async Task<DockerPluginStatus> UpdateAsync(string name, CancellationToken cancellationToken)
    {
        using var engine = new DockerEngineClient(_engineAddress);
        var plugin = await FindOwnAsync(engine, name, cancellationToken).ConfigureAwait(false)
            ?? throw new ClusterException(ErrorCode.NotFound, $"The plugin '{name}' is not installed.");
        await MakeAsync(engine, plugin, ManagedPluginSettings.Read(plugin)!, cancellationToken).ConfigureAwait(false);
        return (await FindAsync(name, cancellationToken).ConfigureAwait(false))!;
    }

    /// <inheritdoc/>
    public async Task UninstallAsync(string name, CancellationToken cancellationToken)
    {
        using var engine = new DockerEngineClient(_engineAddress);
        if (await FindOwnAsync(engine, name, cancellationToken).ConfigureAwait(false) is { } plugin)
        {
            await RefuseInUseAsync(engine, plugin, $"The plugin '{name}' cannot be stopped", cancellationToken).ConfigureAwait(false);
            await RemoveAsync(engine, plugin, cancellationToken).ConfigureAwait(false);
        }
    }

    private static bool IsLocal(DockerEngineClient engine) => string.Equals(engine.Address.Scheme, "unix", StringComparison.Ordinal);

    // The engine has a folder for the sockets of its managed plugins, and in it one for each, named by its id. It does not tell where that
    // folder is: it is looked for at its usual place.
    private static string? SocketOf(DockerEngineClient engine, EnginePlugin plugin) =>
        IsLocal(engine) && Path.Combine("/run/docker/plugins", plugin.Id, ManagedPluginConfiguration.Socket) is var socket
            && File.Exists(socket)
            ? socket
            : null;

    private static async Task<EnginePlugin?> FindOwnAsync(DockerEngineClient engine, string name, CancellationToken cancellationToken) =>
        await FindAnyAsync(engine, name, cancellationToken).ConfigureAwait(false) is { } plugin
            && ManagedPluginSettings.Read(plugin) is not null
            ? plugin
            : null;

    // The engine also takes the beginning of an id for a name.
    private static async Task<EnginePlugin?> FindAnyAsync(DockerEngineClient engine, string name, CancellationToken cancellationToken) =>
        await engine.FindPluginAsync(name, cancellationToken).ConfigureAwait(false) is { } plugin
            && string.Equals(plugin.Name, name, StringComparison.Ordinal)
            ? plugin
            : null;

    private static async Task<PluginStatusMessage?> AskAsync(
        DockerEngineClient engine, EnginePlugin plugin, CancellationToken cancellationToken) =>
        SocketOf(engine, plugin) is { } socket ? await PluginStatusQuery.AskAsync(socket, cancellationToken).ConfigureAwait(false) : null;

    private static async Task<DockerPluginStatus> DescribeAsync(
        DockerEngineClient engine, EnginePlugin plugin, ManagedPluginSettings settings, CancellationToken cancellationToken)
    {
        var socket = SocketOf(engine, plugin);
        var running = await AskAsync(engine, plugin, cancellationToken).ConfigureAwait(false);
        // Where the plugin itself cannot be asked, as on another machine, what its engine knows must do.
        var volumes = running is not null
            ? ProcessPlugins.Mounted(running)
            : (await VolumeUsers.FindAsync(engine, settings.Name, cancellationToken).ConfigureAwait(false)).Volumes;
        return new DockerPluginStatus
        {
            Name = settings.Name,
            Mode = DockerPluginMode.Managed,
            Running = running is not null || (plugin.Enabled && socket is null),
            ProcessId = running?.ProcessId,
            Version = running?.Version
                ?? (plugin.Environment.TryGetValue(ManagedPluginConfiguration.VersionVariable, out var version) ? version : null),
            Cluster = settings.Cluster,
            Host = running?.Host ?? settings.Host,
            Socket = socket,
            StateDirectory = settings.StateDirectory,
            DataDirectory = settings.DataDirectory,
            OnlineGrowth = settings.OnlineGrowth,
            Volumes = volumes.ToArray(),
        };
    }

    // What is wrong is said before anything is changed. On another machine only the engine can find it out.
    private static void Prepare(DockerEngineClient engine, ManagedPluginSettings wanted)
    {
        if (!IsLocal(engine))
        {
            return;
        }

        _ = CredentialFile.Read(wanted.CredentialFile);
        if (wanted.DataDirectory is { } data && !Directory.Exists(data))
        {
            throw new ClusterException(ErrorCode.InvalidArgument, $"The folder '{data}' of the cluster's volumes does not exist.");
        }

        try
        {
            _ = Directory.CreateDirectory(wanted.StateDirectory);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ClusterException(
                ErrorCode.InvalidArgument,
                $"The folder '{wanted.StateDirectory}' for the plugin's state cannot be made: {exception.Message}",
                exception);
        }
    }

    private static async Task RefuseInUseAsync(
        DockerEngineClient engine, EnginePlugin plugin, string what, CancellationToken cancellationToken)
    {
        var mounted = ProcessPlugins.Mounted(await AskAsync(engine, plugin, cancellationToken).ConfigureAwait(false));
        (await VolumeUsers.FindAsync(engine, plugin.Name, cancellationToken).ConfigureAwait(false)).Refuse(what, mounted);
    }

    // The engine takes each volume that it knows for a use, even if nothing has it mounted; whether one is mounted has been found out
    // before.
    private static async Task RemoveAsync(DockerEngineClient engine, EnginePlugin plugin, CancellationToken cancellationToken)
    {
        if (plugin.Enabled)
        {
            await engine.DisablePluginAsync(plugin.Name, force: true, cancellationToken).ConfigureAwait(false);
        }

        await engine.RemovePluginAsync(plugin.Name, force: true, cancellationToken).ConfigureAwait(false);
    }

    private static async Task EnableAsync(DockerEngineClient engine, ManagedPluginSettings wanted, CancellationToken cancellationToken)
    {
        try
        {
            await engine.EnablePluginAsync(wanted.Name, AnswerLimit, cancellationToken).ConfigureAwait(false);
        }
        catch (ClusterException exception) when (exception.Code is ErrorCode.Internal)
        {
            throw new ClusterException(
                exception.Code,
                $"The Docker Engine cannot start the plugin '{wanted.Name}'. The credential file and the folders that it is given must be "
                    + "on the engine's machine; what hv-plugin itself says is in the engine's log. "
                + (wanted.OnlineGrowth ? "It asks for CAP_SYS_RESOURCE, to grow volumes while they are mounted: "
                + "a machine that withholds that from its containers starts it without only. " : string.Empty)
                + exception.Message,
                exception);
        }
    }

    private async Task MakeAsync(
        DockerEngineClient engine, EnginePlugin? present, ManagedPluginSettings wanted, CancellationToken cancellationToken)
    {
        // All that can go wrong with its making goes wrong before the plugin that is there is touched.
        using var archive = await WriteArchiveAsync(wanted, cancellationToken).ConfigureAwait(false);
        if (present is not null)
        {
            await RefuseInUseAsync(
                engine,
                present,
                $"The plugin '{wanted.Name}' is a managed plugin, which the Docker Engine does not replace",
                cancellationToken).ConfigureAwait(false);
            await RemoveAsync(engine, present, cancellationToken).ConfigureAwait(false);
        }

        var former = present is null ? null : ManagedPluginSettings.Read(present);
        await engine.CreatePluginAsync(wanted.Name, archive, cancellationToken).ConfigureAwait(false);
        try
        {
            await EnableAsync(engine, wanted, cancellationToken).ConfigureAwait(false);
        }
        catch (ClusterException) when (former != wanted)
        {
            await engine.RemovePluginAsync(wanted.Name, force: true, cancellationToken).ConfigureAwait(false);
            if (former is not null)
            {
                await RestoreAsync(engine, former, cancellationToken).ConfigureAwait(false);
            }

            throw;
        }
    }

    // Settings that do not work leave the plugin with those that it had.
    private async Task RestoreAsync(DockerEngineClient engine, ManagedPluginSettings former, CancellationToken cancellationToken)
    {
        using var archive = await WriteArchiveAsync(former, cancellationToken).ConfigureAwait(false);
        await engine.CreatePluginAsync(former.Name, archive, cancellationToken).ConfigureAwait(false);
        await EnableAsync(engine, former, cancellationToken).ConfigureAwait(false);
    }

    private async Task<FileStream> WriteArchiveAsync(ManagedPluginSettings settings, CancellationToken cancellationToken)
    {
        var archive = new FileStream(
            Path.GetTempFileName(), FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        try
        {
            var executable = HostExecutables.Find(HostExecutables.PluginHost, _hostsDirectory);
            await Task.Run(() => PluginArchive.Write(archive, settings.ToConfiguration(), executable), cancellationToken)
                .ConfigureAwait(false);
            archive.Position = 0;
            return archive;
        }
        catch
        {
            archive.Dispose();
            throw;
        }
    }
}
