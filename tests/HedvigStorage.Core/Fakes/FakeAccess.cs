namespace HedvigStorage.Tests.Fakes;

/// <summary>The targets, mappings and access rules of a cluster in memory.</summary>
internal sealed class FakeAccess(FakeCluster cluster) : IClusterAccess
{
    public List<AccessRule> Rules { get; } = [];

    /// <summary>
    /// Gets or sets whether a rule is refused where its volume is not mapped, as it is by Hedvig's own clusters; a cluster host takes it.
    /// </summary>
    public bool RulesNeedMapping { get; set; } = true;

    public HashSet<(string Volume, string Target)> Luns { get; } = [];

    public HashSet<(string Volume, string Target)> Exports { get; } = [];

    public void Forget(string volume) => Rules.RemoveAll(rule => rule.Volume == volume);

    public void RefuseMapped(string volume)
    {
        if (Luns.Concat(Exports).Any(mapping => mapping.Volume == volume))
        {
            throw new ClusterException(ErrorCode.Busy, $"The volume '{volume}' is mapped or exported.");
        }
    }

    public void Relabel(LabelledObject item, Func<IReadOnlyDictionary<string, string>, IReadOnlyDictionary<string, string>> labels)
    {
        var index = Rules.FindIndex(rule => rule.Volume == item.Volume && rule.Target == item.Target && rule.Address == item.Name);
        Rules[index] = Rules[index] with { Labels = labels(Rules[index].Labels) };
    }

    public Task<AccessList> ListAllAsync(CancellationToken cancellationToken) => Task.FromResult(new AccessList
    {
        Luns = [.. Luns.Select(lun => new Lun { Volume = lun.Volume, Target = lun.Target })],
        Exports = [.. Exports.Select(export => new Export { Volume = export.Volume, Target = export.Target })],
        Rules = [.. Rules],
    });

    public Task<Lun> AddLunAsync(
        string volume,
        string target,
        bool readOnly,
        CancellationToken cancellationToken) => cluster.ChangeAsync($"map {volume} on {target}", () =>
    {
        _ = cluster.Volumes[volume].Type == VolumeType.Block
            ? Luns.Add((volume, target))
            : throw new ClusterException(ErrorCode.InvalidArgument, "A LUN is of a block volume.");
        return new Lun { Volume = volume, Target = target };
    });

    public Task RemoveLunAsync(string volume, string target, CancellationToken cancellationToken) =>
        cluster.ChangeAsync($"unmap {volume} from {target}", () => Luns.Remove((volume, target)));

    public Task<Export> AddExportAsync(
        string volume, string target, CancellationToken cancellationToken) => cluster.ChangeAsync($"export {volume} on {target}", () =>
    {
        _ = cluster.Volumes[volume].Type == VolumeType.File
            ? Exports.Add((volume, target))
            : throw new ClusterException(ErrorCode.InvalidArgument, "An export is of a file volume.");
        return new Export { Volume = volume, Target = target };
    });

    public Task RemoveExportAsync(string volume, string target, CancellationToken cancellationToken) =>
        cluster.ChangeAsync($"end export of {volume} on {target}", () => Exports.Remove((volume, target)));

    public Task<IReadOnlyList<AccessRule>> ListRulesAsync(string volume, CancellationToken cancellationToken) =>
        cluster.ReadAsync<IReadOnlyList<AccessRule>>(() => [.. Rules.Where(rule => rule.Volume == volume)]);

    public Task AddRuleAsync(AccessRule rule, CancellationToken cancellationToken) => cluster.ChangeAsync($"allow {rule}", () =>
    {
        if (RulesNeedMapping && !Luns.Contains((rule.Volume, rule.Target)) && !Exports.Contains((rule.Volume, rule.Target)))
        {
            throw new ClusterException(ErrorCode.NotFound, $"The volume '{rule.Volume}' is not mapped on '{rule.Target}'.");
        }

        if (!Rules.Any(other => other.Volume == rule.Volume && other.Target == rule.Target && other.Address == rule.Address))
        {
            Rules.Add(rule);
        }

        return true;
    });

    public Task RemoveRuleAsync(string volume, string target, string address, CancellationToken cancellationToken) =>
        cluster.ChangeAsync(
            $"refuse {address}", () => Rules.RemoveAll(rule => rule.Volume == volume && rule.Target == target && rule.Address == address));

    /// <summary>Gets or sets the targets that are configured; where nobody says, the cluster does not tell.</summary>
    public IReadOnlyList<Target>? Targets { get; set; }

    public Task<IReadOnlyList<Target>> ListTargetsAsync(string? computeHost, CancellationToken cancellationToken) =>
        Task.FromResult(Targets ?? throw new ClusterException(ErrorCode.Unsupported, "The cluster does not list its targets."));

    public Task<Target> CreateTargetAsync(Target target, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Target> UpdateTargetAsync(string name, IReadOnlyCollection<string> computeHosts, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task DeleteTargetAsync(string name, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<Lun>> ListLunsAsync(string volume, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Lun?> FindLunAsync(string volume, string target, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<Export>> ListExportsAsync(string volume, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<HostInitiator>> ListInitiatorsAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<HostInitiator?> FindInitiatorAsync(string host, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<HostInitiator> RegisterInitiatorAsync(HostInitiator initiator, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task UnregisterInitiatorAsync(string host, CancellationToken cancellationToken) => throw new NotSupportedException();
}
