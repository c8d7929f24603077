using HedvigStorage.Docker;
using HedvigStorage.Documents;
using HedvigStorage.Hosting;
using static HedvigStorage.Planning.OrdinalComparison;

namespace HedvigStorage.Planning;

/// <summary>
/// Which of an engine's volume drivers are plugin hosts of the cluster: that which was named, and others that containers use.
/// </summary>
internal sealed class OwnDrivers
{
    private const string LocalDriver = "local";

    private readonly HashSet<string> _names;

    private OwnDrivers(IEnumerable<string> names, ConfiguredPlugin? plugin)
    {
        _names = new HashSet<string>(names, StringComparer.Ordinal);
        Plugin = plugin;
    }

    /// <summary>
    /// Gets the plugin host to describe: that which was named where it runs, else the only other one; <see langword="null"/> if there is
    /// none.
    /// </summary>
    public ConfiguredPlugin? Plugin { get; }

    /// <summary>Finds them.</summary>
    public static async Task<OwnDrivers> FindAsync(
        PlanTargets targets, IReadOnlyList<ContainerSummary> containers, CancellationToken cancellationToken)
    {
        var named = targets.PluginSettings?.Name ?? ConfiguredPlugin.DefaultName;
        if (targets.PluginInstaller is not { } installer)
        {
            return new OwnDrivers([named], plugin: null);
        }

        var first = await installer.GetStatusAsync(named, cancellationToken).ConfigureAwait(false);
        var others = new List<DockerPluginStatus>();
        foreach (var driver in containers.SelectMany(container => container.VolumeDrivers).Where(
            driver => driver is not LocalDriver && !Same(driver, named) && ObjectName.IsValid(driver)).Distinct(StringComparer.Ordinal))
        {
            if (await installer.GetStatusAsync(driver, cancellationToken).ConfigureAwait(false) is { Running: true } other
                && Same(other.Name, driver) && Serves(other, targets))
            {
                others.Add(other);
            }
        }

        var plugin = first.Running ? first : others.Count == 1 ? others[0] : null;
        return new OwnDrivers(
            others.Select(other => other.Name).Append(named),
            plugin is null ? null : new ConfiguredPlugin { Name = plugin.Name, Mode = plugin.Mode, Host = plugin.Host });
    }

    /// <summary>Tells whether a driver is one of them.</summary>
    public bool Contains(string driver) => _names.Contains(driver);

    private static bool Serves(DockerPluginStatus status, PlanTargets targets) =>
        status.Cluster is not { } cluster
            || PluginPlanner.SameAddress(cluster, targets.PluginSettings?.Cluster ?? targets.Cluster.Address.ToString());
}
