using System;
using System.Threading;
using System.Threading.Tasks;
using HedvigStorage.Documents;

namespace HedvigStorage.Planning;

/// <summary>Describes what is there as a configuration. A plan of it, made at once, has nothing to do.</summary>
public sealed class ConfigurationExporter
{
    private readonly PlanTargets _targets;

    /// <summary>Makes an exporter.</summary>
    /// <param name="targets">What to describe.</param>
    public ConfigurationExporter(PlanTargets targets) => _targets = targets ?? throw new ArgumentNullException(nameof(targets));

    /// <summary>Describes what is there. Nothing is changed.</summary>
    /// <param name="options">What to describe.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ClusterException">Something cannot be reached.</exception>
    public Task<Configuration> ExportAsync(ExportOptions options, CancellationToken cancellationToken) =>
        throw new ClusterException(ErrorCode.Unsupported, $"There is no export yet of {_targets.Cluster.Address}.");
}
