#if NET8_0_OR_GREATER
using HedvigStorage.Client.Compatibility;
#endif
using HedvigStorage.Client.Docker;

namespace HedvigStorage.Hosting;

/// <summary>Installs plugin hosts in one of several modes, and finds them whatever their mode.</summary>
public sealed class DockerPluginInstaller : IDockerPluginInstaller
{
    private readonly string? _engineAddress;
    private readonly bool _onAnotherMachine;
    private readonly IReadOnlyList<IPluginMode> _modes;

    /// <summary>Makes an installer.</summary>
    /// <param name="hostsDirectory">The folder that holds the executables, or <see langword="null"/> to look for them.</param>
    /// <param name="registryDirectory">The folder for the records and logs of installed plugin hosts; <see langword="null"/> is the
    /// machine's own.</param>
    /// <param name="engineAddress">The Docker Engine, as <see cref="DockerEngineClient"/> takes it. One that is reached over the network
    /// can have managed plugins only.</param>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.InvalidArgument"/>: there is no such address.</exception>
    public DockerPluginInstaller(string? hostsDirectory, string? registryDirectory = null, string? engineAddress = null)
    {
        _engineAddress = engineAddress;
        _onAnotherMachine = engineAddress is not null
            && DockerEndpoint.Parse(engineAddress, Environment.GetEnvironmentVariable).Path is null;
        var managed = new ManagedPlugins(hostsDirectory, engineAddress);
        var process = new ProcessPlugins(hostsDirectory, engineAddress, registryDirectory ?? Path.Combine(PluginPaths.DataRoot, "plugins"));
        _modes = _onAnotherMachine ? [managed] : [process, managed];
#if NET8_0_OR_GREATER
        if (Platform.IsLinux && !_onAnotherMachine)
        {
            // The first one is taken where nobody has said which.
            var paths = new ServicePaths();
            var service = new ServicePlugins(hostsDirectory, engineAddress, paths);
            _modes = paths.HasSystemd ? [service, process, managed] : [process, service, managed];
        }
#endif
    }

    /// <inheritdoc/>
    public async Task<DockerPluginStatus> GetStatusAsync(string name, CancellationToken cancellationToken)
    {
        _ = ObjectName.Check("plugin", name);
        if (await FindAsync(name, cancellationToken).ConfigureAwait(false) is (_, { } status))
        {
            return status;
        }

        if (_onAnotherMachine)
        {
            return new DockerPluginStatus { Name = name };
        }

        // One that somebody else has started.
        var running = await PluginStatusQuery.AskAsync(PluginPaths.Socket(name), cancellationToken).ConfigureAwait(false);
        return ProcessPlugins.ToStatus(name, PluginPaths.Socket(name), record: null, running);
    }

    /// <inheritdoc/>
    public string? WhyNot(DockerPluginMode? mode = null) => Of(mode ?? DefaultMode).WhyNot();

    /// <inheritdoc/>
    public async Task<DockerPluginStatus> InstallAsync(DockerPluginSettings settings, CancellationToken cancellationToken)
    {
        _ = ObjectName.Check("plugin", settings.Name);
        var found = await FindAsync(settings.Name, cancellationToken).ConfigureAwait(false);
        var mode = settings.Mode is { } wanted ? Of(wanted) : found?.Mode ?? Of(DefaultMode);
        if (found is { Mode: var present } && present != mode)
        {
            throw new ClusterException(
                ErrorCode.Conflict,
                $"The plugin '{settings.Name}' is installed in the mode {present.Mode}, not {mode.Mode}. Uninstall it first, "
                    + "or choose another name.");
        }

        return mode.WhyNot() is { } reason
            ? throw new ClusterException(ErrorCode.Unsupported, reason)
            : await mode.InstallAsync(settings, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<DockerPluginStatus> UpdateAsync(string name, CancellationToken cancellationToken)
    {
        _ = ObjectName.Check("plugin", name);
        var (mode, _) = await FindAsync(name, cancellationToken).ConfigureAwait(false)
            ?? throw new ClusterException(ErrorCode.NotFound, $"The plugin '{name}' is not installed. Install it first.");
        return await mode.UpdateAsync(name, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task UninstallAsync(string name, CancellationToken cancellationToken)
    {
        _ = ObjectName.Check("plugin", name);
        if (await FindAsync(name, cancellationToken).ConfigureAwait(false) is ({ } mode, _))
        {
            await mode.UninstallAsync(name, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<DockerPluginCheck>> TestAsync(string name, CancellationToken cancellationToken)
    {
        var status = await GetStatusAsync(name, cancellationToken).ConfigureAwait(false);
        return await PluginChecks.RunAsync(status, _engineAddress, cancellationToken).ConfigureAwait(false);
    }

    private DockerPluginMode DefaultMode => _modes[0].Mode;

    private IPluginMode Of(DockerPluginMode mode) => _modes.FirstOrDefault(candidate => candidate.Mode == mode)
        ?? throw new ClusterException(ErrorCode.Unsupported, _onAnotherMachine
            ? $"The Docker Engine at {_engineAddress} is reached over the network, so a plugin host cannot be put beside it in the mode "
                + $"{mode}. Install it as a managed plugin, or on that machine."
            : $"A plugin host cannot be run in the mode {mode} from here.");

    private async Task<(IPluginMode Mode, DockerPluginStatus Status)?> FindAsync(string name, CancellationToken cancellationToken)
    {
        foreach (var mode in _modes)
        {
            if (await mode.FindAsync(name, cancellationToken).ConfigureAwait(false) is { } status)
            {
                return (mode, status);
            }
        }

        return null;
    }
}
