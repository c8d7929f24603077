using HedvigStorage.Documents;
using HedvigStorage.Properties;

namespace HedvigStorage.Planning;

/// <summary>Describes what is there as a configuration. A plan of it, made at once and without a name, has nothing to do.</summary>
public sealed class ConfigurationExporter
{
    private readonly PlanTargets _targets;

    /// <summary>Makes an exporter.</summary>
    /// <param name="targets">What to describe.</param>
    public ConfigurationExporter(PlanTargets targets) => _targets = targets ?? throw new ArgumentNullException(nameof(targets));

    /// <summary>Describes what is there. Nothing is changed.</summary>
    /// <param name="options">What to describe.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ClusterException">Something cannot be reached, or does not let itself be listed.</exception>
    public async Task<Configuration> ExportAsync(ExportOptions options, CancellationToken cancellationToken)
    {
        var cluster = _targets.Cluster;
        var capabilities = await cluster.GetCapabilitiesAsync(cancellationToken).ConfigureAwait(false);
        if (!capabilities.Extension)
        {
            throw new ClusterException(
                ErrorCode.Unsupported,
                "An export lists all objects, which needs the HedvigStorage extension of the protocol; "
                    + $"the cluster at {cluster.Address} does not know it. Only a cluster host answers it.");
        }

        var policies = await cluster.ListPoliciesAsync(cancellationToken).ConfigureAwait(false);
        var volumes = await cluster.ListAllVolumesAsync(new VolumeQuery(), cancellationToken).ConfigureAwait(false);
        var snapshots = await cluster.ListAllSnapshotsAsync(new SnapshotQuery(), cancellationToken).ConfigureAwait(false);
        var access = await cluster.Access.ListAllAsync(cancellationToken).ConfigureAwait(false);
        var byName = policies.ToDictionary(policy => policy.Name, StringComparer.Ordinal);
        var names = volumes.Where(volume => ObjectName.IsValid(volume.Name)).ToDictionary(volume => volume.Name, StringComparer.Ordinal);
        var mapped = new HashSet<(string Volume, string Target)>(
            access.Luns.Select(lun => (lun.Volume, lun.Target)).Concat(access.Exports.Select(export => (export.Volume, export.Target))));
        var omissions = mapped.Except(access.Rules.Select(rule => (rule.Volume, rule.Target)))
            .OrderBy(mapping => mapping.Volume, StringComparer.Ordinal).ThenBy(mapping => mapping.Target, StringComparer.Ordinal)
            .Select(
                mapping =>
                    $"The volume '{mapping.Volume}' is reached through the target '{mapping.Target}' without an access rule, "
                        + "which no document says.")
            .ToList();
        var docker = options.Docker
            ? await DockerExporter.ExportAsync(_targets, options, omissions, cancellationToken).ConfigureAwait(false)
            : null;
        return new Configuration
        {
            Source = cluster.Address.ToString(),
            Name = options.Name,
            Policies = policies.Where(policy => ObjectName.IsValid(policy.Name)).Select(Describe).ToArray(),
            Volumes = names.Values.Select(volume => Describe(volume, byName, names)).ToArray(),

            // What a schedule has taken comes and goes with the schedule.
            Snapshots = snapshots.Where(
                snapshot => snapshot.Frequency is null && names.ContainsKey(snapshot.Volume) && ObjectName.IsValid(snapshot.Name))
                .Select(snapshot => new ConfiguredSnapshot { Volume = snapshot.Volume, Name = snapshot.Name })
                .ToArray(),
            Access = access.Rules.Where(rule => names.ContainsKey(rule.Volume)).OrderBy(ClusterState.NameOf, StringComparer.Ordinal)
                .Select(rule => Describe(rule, mapped.Contains((rule.Volume, rule.Target)))).ToArray(),
            Docker = docker,
            Omissions = omissions,
        };
    }

    private static ConfiguredPolicy Describe(Policy policy) =>
        (ConfiguredPolicy)ActualProperties.Specify(PolicyProperties.All, policy, new ConfiguredPolicy { Name = policy.Name }, IsExported);

    private static ConfiguredVolume Describe(Volume volume, Dictionary<string, Policy> policies, Dictionary<string, Volume> names)
    {
        var policy = volume.Policy is { } name && ObjectName.IsValid(name) && policies.TryGetValue(name, out var found)
            ? found.Requested
            : VolumeAttributes.None;

        // A source that is gone, or has become another, could not be cloned again: the document would be of no use where the volume is not
        // there.
        var source = volume.SourceVolume is { } from && names.TryGetValue(from, out var origin) && origin.Type == volume.Type
            && origin.FileSystem == volume.FileSystem && origin.Size <= volume.Size
            ? volume.SourceVolume
            : null;
        var described = (ConfiguredVolume)ActualProperties.Specify(
            VolumeProperties.All, volume, new ConfiguredVolume { Name = volume.Name }, IsExported) with
        {
            Attributes = AttributeComparison.Beyond(volume.Requested, policy),
            SourceVolume = source,
            SourceSnapshot = null,
        };

        // A clone has what its source has.
        return source is null ? described : described with { FileSystem = null, Uid = null, Gid = null, Mode = null };
    }

    private static ConfiguredAccess Describe(AccessRule rule, bool mapped) =>
        new() { Volume = rule.Volume, Target = rule.Target, Type = rule.Type, Address = rule.Address, Mapped = mapped };

    // What no document may have, such as a description that could move a terminal's cursor, is left to those who wrote it.
    private static bool IsExported<TSpecification, TActual, TChange>(
        ObjectProperty<TSpecification, TActual, TChange> property, object value) =>
        !(property.IsExportedOnlyIfSet && AttributeTable.SameValue(value, property.Default))
        && (value is not string text || property.Form.Parse(text, out _) is not null);
}
