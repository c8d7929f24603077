using HedvigStorage.Documents;

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
            throw new ClusterException(ErrorCode.Unsupported, $"An export lists all objects, which needs the HedvigStorage extension of the protocol; the cluster at {cluster.Address} does not know it. Only a cluster host answers it.");
        }

        var policies = await cluster.ListPoliciesAsync(cancellationToken).ConfigureAwait(false);
        var volumes = await cluster.ListAllVolumesAsync(new VolumeQuery(), cancellationToken).ConfigureAwait(false);
        var snapshots = await cluster.ListAllSnapshotsAsync(new SnapshotQuery(), cancellationToken).ConfigureAwait(false);
        var access = await cluster.Access.ListAllAsync(cancellationToken).ConfigureAwait(false);
        var byName = policies.ToDictionary(policy => policy.Name, StringComparer.Ordinal);
        var names = volumes.Where(volume => ObjectName.IsValid(volume.Name)).ToDictionary(volume => volume.Name, StringComparer.Ordinal);
        var mapped = new HashSet<(string Volume, string Target)>(access.Luns.Select(lun => (lun.Volume, lun.Target)).Concat(access.Exports.Select(export => (export.Volume, export.Target))));
        var omissions = mapped.Except(access.Rules.Select(rule => (rule.Volume, rule.Target))).OrderBy(mapping => mapping.Volume, StringComparer.Ordinal).ThenBy(mapping => mapping.Target, StringComparer.Ordinal)
            .Select(mapping => $"The volume '{mapping.Volume}' is reached through the target '{mapping.Target}' without an access rule, which no document says.")
            .ToList();
        var docker = options.Docker ? await DockerExporter.ExportAsync(_targets, options, omissions, cancellationToken).ConfigureAwait(false) : null;
        return new Configuration
        {
            Source = cluster.Address.ToString(),
            Name = options.Name,
            Policies = policies.Where(policy => ObjectName.IsValid(policy.Name)).Select(Describe).ToArray(),
            Volumes = names.Values.Select(volume => Describe(volume, byName, names)).ToArray(),

            // What a schedule has taken comes and goes with the schedule.
            Snapshots = snapshots.Where(snapshot => snapshot.Frequency is null && names.ContainsKey(snapshot.Volume) && ObjectName.IsValid(snapshot.Name))
                .Select(snapshot => new ConfiguredSnapshot { Volume = snapshot.Volume, Name = snapshot.Name })
                .ToArray(),
            Access = access.Rules.Where(rule => names.ContainsKey(rule.Volume)).OrderBy(ClusterState.NameOf, StringComparer.Ordinal).Select(rule => Describe(rule, mapped.Contains((rule.Volume, rule.Target)))).ToArray(),
            Docker = docker,
            Omissions = omissions,
        };
    }

    private static ConfiguredPolicy Describe(Policy policy) => new()
    {
        Name = policy.Name,
        Description = DescriptionOf(policy.Description),
        Attributes = policy.Requested,
        SnapshotSchedule = policy.SnapshotSchedule.IsEmpty ? null : policy.SnapshotSchedule,
    };

    private static ConfiguredVolume Describe(Volume volume, Dictionary<string, Policy> policies, Dictionary<string, Volume> names)
    {
        var policy = volume.Policy is { } name && ObjectName.IsValid(name) && policies.TryGetValue(name, out var found) ? found.Requested : VolumeAttributes.None;

        // A source that is gone, or has become another, could not be cloned again: the document would be of no use where the volume is not there.
        var source = volume.SourceVolume is { } from && names.TryGetValue(from, out var origin) && origin.Type == volume.Type && origin.FileSystem == volume.FileSystem && origin.Size <= volume.Size ? volume.SourceVolume : null;
        return new ConfiguredVolume
        {
            Name = volume.Name,
            Size = volume.Size,
            Type = volume.Type,
            Policy = ObjectName.IsValid(volume.Policy) ? volume.Policy : null,
            Attributes = AttributeComparison.Beyond(volume.Requested, policy),
            FileSystem = source is null ? volume.FileSystem : null,
            Uid = source is null ? volume.Uid : null,
            Gid = source is null ? volume.Gid : null,
            Mode = source is null ? volume.Mode : null,
            Protect = volume.Protected ? true : null,
            Takeover = volume.Takeover == TakeoverPolicy.Never ? null : volume.Takeover,
            Description = DescriptionOf(volume.Description),
            From = source,
        };
    }

    private static ConfiguredAccess Describe(AccessRule rule, bool mapped) => new() { Volume = rule.Volume, Target = rule.Target, Type = rule.Type, Address = rule.Address, Mapped = mapped };

    // One that no document may have, for it could move a terminal's cursor, is left to those who wrote it.
    private static string? DescriptionOf(string description) => description.Length == 0 || PrintableText.WhatIsWrong("description", description) is not null ? null : description;
}
