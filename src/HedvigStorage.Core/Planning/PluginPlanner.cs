using System.Reflection;
using HedvigStorage.Docker;
using HedvigStorage.Documents;
using HedvigStorage.Hosting;
using static HedvigStorage.Planning.OrdinalComparison;

namespace HedvigStorage.Planning;

/// <summary>Plans the plugin host.</summary>
internal sealed class PluginPlanner(PlanTargets targets, ConfiguredPlugin plugin)
{
    private const string HostProperty = "host";
    private const string HealthyService = "active (running), enabled";

    private static string ThisVersion { get; } =
        typeof(PluginPlanner).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
            ?? string.Empty;

    public async Task<PlanStep> PlanAsync(CancellationToken cancellationToken)
    {
        var installer = targets.PluginInstaller
            ?? throw new ClusterException(ErrorCode.Unsupported, "The plugin host cannot be installed from here.");
        var status = await installer.GetStatusAsync(plugin.Name, cancellationToken).ConfigureAwait(false);
        return plugin.Ensure == Ensure.Absent ? PlanAbsent(installer, status) : PlanPresent(installer, status);
    }

    private PlanStep PlanAbsent(IDockerPluginInstaller installer, DockerPluginStatus status)
    {
        if (status is { Running: true, Mode: null })
        {
            throw new ClusterException(
                ErrorCode.Refused,
                $"The plugin host '{plugin.Name}'{(status.ProcessId is { } process ? $" (process {process})" : string.Empty)} was not "
                    + "installed by this product, so it is not removed. Stop it where it was started.");
        }

        return status.Mode is null
            ? new PlanStep(ResourceKind.Plugin, plugin.Name, StepAction.None) { Reason = "It is not there, as desired." }
            : new PlanStep(ResourceKind.Plugin, plugin.Name, StepAction.Remove)
            {
                Reason = "The document makes it absent.",
                Cost = "No volume can be mounted any more; it is refused while one is.",
                Execute = (_, token) => installer.UninstallAsync(plugin.Name, token),
            };
    }

    private PlanStep PlanPresent(IDockerPluginInstaller installer, DockerPluginStatus status)
    {
        if (plugin.Version is { } version && !Same(version, ThisVersion))
        {
            throw new ClusterException(
                ErrorCode.Unsupported,
                $"The document wants version {version} of the plugin host, and this product is version {ThisVersion}. "
                    + $"Apply it with version {version}, or change 'version'.");
        }

        var settings = Settings();
        var changes = Differences(settings, status).ToArray();
        if (status.Running && changes.Length == 0)
        {
            return new PlanStep(ResourceKind.Plugin, plugin.Name, StepAction.None) { Reason = "It runs." };
        }

        if (status.Running && status.MountedVolumes > 0 && !SameAddress(status.Cluster ?? string.Empty, settings.Cluster))
        {
            throw new ClusterException(
                ErrorCode.Refused,
                $"The plugin host '{plugin.Name}' serves the cluster {status.Cluster} and has {status.MountedVolumes} of its volumes "
                    + $"mounted, so it is not turned to {settings.Cluster}. Stop their containers first, or give the plugin another name.");
        }

        if (installer.WhyNot(settings.Mode ?? status.Mode) is { } reason)
        {
            throw new ClusterException(ErrorCode.Unsupported, reason);
        }

        var otherMode = settings.Mode is not null && status.Mode is not null && settings.Mode != status.Mode;
        var present = status.Running || status.Mode is not null;
        return new PlanStep(
            ResourceKind.Plugin, plugin.Name, otherMode ? StepAction.Replace : present ? StepAction.Update : StepAction.Create)
        {
            Reason = otherMode ? $"It is installed in the mode {status.Mode}, which cannot be changed in place."
                : status.Running ? ReasonOf(changes, status)
                : status.Mode is { } mode ? $"It is installed in the mode {mode} and does not run." : "It is not there.",
            Cost = CostOf(status, changes, otherMode),
            Needs = otherMode ? Consent.Replace : Consent.None,
            Cause = status.Mode is not null && !status.Running ? ChangeCause.Drift : ChangeCause.Unknown,
            Changes = changes,
            Execute = (_, token) => InstallAsync(installer, settings, otherMode, token),
        };
    }

    private DockerPluginSettings Settings()
    {
        var settings = (
            targets.PluginSettings ?? throw new ClusterException(ErrorCode.Unsupported, "No settings for the plugin host were "
                + "given.")) with { Name = plugin.Name };
        return settings with
        {
            Mode = plugin.Mode ?? settings.Mode,
            Host = plugin.Host ?? settings.Host,
            StateDirectory = plugin.StateDirectory ?? settings.StateDirectory,
            MountRoot = plugin.MountRoot ?? settings.MountRoot,
            DataDirectory = plugin.DataDirectory ?? settings.DataDirectory,
            OnlineGrowth = plugin.OnlineGrowth ?? settings.OnlineGrowth,
        };
    }

    private async Task InstallAsync(
        IDockerPluginInstaller installer, DockerPluginSettings settings, bool otherMode, CancellationToken cancellationToken)
    {
        if (otherMode)
        {
            await installer.UninstallAsync(plugin.Name, cancellationToken).ConfigureAwait(false);
        }

        var status = await installer.InstallAsync(settings, cancellationToken).ConfigureAwait(false);
        if (plugin.Version is not null && status.Version is { Length: > 0 } version && !Same(version, ThisVersion))
        {
            _ = await installer.UpdateAsync(plugin.Name, cancellationToken).ConfigureAwait(false);
        }
    }

    private static string ReasonOf(PropertyChange[] changes, DockerPluginStatus status)
    {
        var reason = changes is [{ Property: "version" }]
            ? $"It runs version {status.Version}, this is {ThisVersion}."
            : "It runs with other settings.";
        reason += status.Mode == DockerPluginMode.Managed ? " It is recreated." : " It is restarted; containers keep their volumes.";
        return status.Mode != DockerPluginMode.Managed && changes.Any(change => Same(change.Property, HostProperty))
            ? reason + " The new name takes effect at the first start with no mounted volumes."
            : reason;
    }

    // An engine does not change a managed plugin but by making another one.
    private static string CostOf(DockerPluginStatus status, PropertyChange[] changes, bool otherMode) =>
        otherMode ? "No volume can be mounted while it is removed and installed; it is refused while one is."
        : status.Mode == DockerPluginMode.Managed && changes.Any(change => !Same(change.Property, "state"))
            ? "No volume can be mounted while it is recreated; it is refused while one is."
        : string.Empty;

    private IEnumerable<PropertyChange> Differences(DockerPluginSettings settings, DockerPluginStatus status)
    {
        // Of one that is stopped only what is known is compared: that it does not run is difference enough.
        var stopped = status is { Running: false, Mode: not null };
        if (status.Cluster is { } cluster ? !SameAddress(cluster, settings.Cluster) : !stopped)
        {
            yield return new PropertyChange("cluster", status.Cluster, settings.Cluster);
        }

        if (stopped)
        {
            yield return new PropertyChange("state", status.Service ?? "stopped", "Running");
        }
        else if (status is { Mode: DockerPluginMode.Service, Service: { } service } && !Same(service, HealthyService))
        {
            yield return new PropertyChange("state", service, HealthyService);
        }

        if (settings.Mode is { } mode && status.Mode is { } installed && mode != installed)
        {
            yield return new PropertyChange("mode", installed.ToString(), mode.ToString());
        }

        if (plugin.Version is not null && status is { Running: true, Version: { Length: > 0 } version } && !Same(version, ThisVersion))
        {
            yield return new PropertyChange("version", version, ThisVersion);
        }

        if (plugin.OnlineGrowth is { } growth && (settings.Mode ?? status.Mode) == DockerPluginMode.Managed
            && status.Mode == DockerPluginMode.Managed && growth != (status.OnlineGrowth ?? false))
        {
            yield return new PropertyChange(
                "onlineGrowth", AttributeTable.Format(status.OnlineGrowth ?? false), AttributeTable.Format(growth));
        }

        var texts = new (string Property, string? Desired, string? Actual)[]
        {
            (HostProperty, settings.Host, status.Host),
            ("stateDirectory", plugin.StateDirectory, status.StateDirectory),
            ("mountRoot", plugin.MountRoot, status.MountRoot),
            ("dataDirectory", plugin.DataDirectory, status.DataDirectory),
        };
        foreach (var text in texts.Where(
            text =>
                text.Desired is not null && !(stopped && text.Actual is null)
                    && !Same(ContainerPath.Clean(text.Desired!), text.Actual is null ? null : ContainerPath.Clean(text.Actual))))
        {
            // Only a managed plugin is given a folder; the others see all of them.
            if (!Same(text.Property, "dataDirectory") || (settings.Mode ?? status.Mode) == DockerPluginMode.Managed)
            {
                yield return new PropertyChange(text.Property, text.Actual, text.Desired);
            }
        }
    }

    public static bool SameAddress(string left, string right) =>
        string.Equals(left.TrimEnd('/'), right.TrimEnd('/'), StringComparison.OrdinalIgnoreCase);
}
