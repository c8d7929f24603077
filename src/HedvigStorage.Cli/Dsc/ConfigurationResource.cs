using HedvigStorage.Documents;
using HedvigStorage.Planning;

namespace HedvigStorage.Cli.Dsc;

/// <summary>A whole document.</summary>
internal sealed class ConfigurationResource : DscResource
{
    public override string Name => "Configuration";

    public override string Schema => InstanceSchema.OfConfiguration(this);

    public override IReadOnlyList<string> Keys => [];

    public override IReadOnlyList<string> Controls => ["allowReplace", "allowRemove"];

    public override bool HasExist => false;

    public override bool MayBeEmpty => true;

    public override Configuration Identify(DscInput input) => Describe(input);

    public override async Task<DscState> GetAsync(
        PlanTargets targets, DscInput input, Configuration configuration, CancellationToken cancellationToken)
    {
        if (input.IsEmpty)
        {
            return (await ExportAsync(targets, pattern: null, cancellationToken))[0];
        }

        var state = new DscState();
        if (configuration.Name is { } name)
        {
            _ = state.With("name", name);
        }

        await AddCatalogAsync(targets.Cluster, configuration, state, cancellationToken);
        if (configuration.Docker is { } docker)
        {
            _ = state.With("docker", await DockerAsync(targets, docker, cancellationToken));
        }

        return state;
    }

    public override async Task<IReadOnlyList<DscState>> ExportAsync(
        PlanTargets targets, string? pattern, CancellationToken cancellationToken)
    {
        var configuration = await new ConfigurationExporter(targets).ExportAsync(new ExportOptions(), cancellationToken);
        return [DscState.Of(ConfigurationWriter.Write(configuration))];
    }

    public override IReadOnlyList<string> Differences(Plan plan) => plan.Changes
        .Select(step => step.Kind switch
        {
            ResourceKind.Policy => "policies",
            ResourceKind.Volume => "volumes",
            ResourceKind.Snapshot => "snapshots",
            ResourceKind.Access => "access",
            _ => "docker",
        })
        .Distinct(StringComparer.Ordinal)
        .ToArray();

    public override DscState Project(DscState actual, DscInput input) => new DscState().With(input.Members);

    protected override object Wrap(Dictionary<string, object?> members, DscInput input) => members;

    protected override object Document(DscInput input) => input.Members;

    private static async Task AddCatalogAsync(
        ICluster cluster, Configuration configuration, DscState state, CancellationToken cancellationToken)
    {
        if (configuration.Policies.Count > 0)
        {
            var policies = (await cluster.ListPoliciesAsync(cancellationToken))
                .ToDictionary(policy => policy.Name, ObjectStates.Of, StringComparer.Ordinal);
            _ = state.With("policies", configuration.Policies.Select(policy => Or(policies, policy.Name, ("name", policy.Name))).ToArray());
        }

        if (configuration.Volumes.Count > 0)
        {
            var query = new VolumeQuery { Names = configuration.Volumes.Select(volume => volume.Name).ToArray() };
            var volumes = (await cluster.ListAllVolumesAsync(query, cancellationToken))
                .ToDictionary(volume => volume.Name, ObjectStates.Of, StringComparer.Ordinal);
            _ = state.With("volumes", configuration.Volumes.Select(volume => Or(volumes, volume.Name, ("name", volume.Name))).ToArray());
        }

        if (configuration.Snapshots.Count > 0)
        {
            var snapshots = (await cluster.ListAllSnapshotsAsync(new SnapshotQuery(), cancellationToken))
                .ToDictionary(snapshot => $"{snapshot.Volume}@{snapshot.Name}", ObjectStates.Of, StringComparer.Ordinal);
            _ = state.With(
                "snapshots",
                configuration.Snapshots.Select(snapshot => Or(
                    snapshots, $"{snapshot.Volume}@{snapshot.Name}", ("volume", snapshot.Volume), ("name", snapshot.Name))).ToArray());
        }

        if (configuration.Access.Count > 0)
        {
            var rules = (await cluster.Access.ListAllAsync(cancellationToken)).Rules.ToDictionary(
                rule => $"{rule.Volume}/{rule.Target}/{rule.Address}", ObjectStates.Of, StringComparer.Ordinal);
            _ = state.With("access", configuration.Access.Select(rule => Or(
                rules,
                rule.Id,
                ("volume", rule.Volume),
                ("target", rule.Target),
                ("type", rule.Type.ToString()),
                ("address", rule.Address))).ToArray());
        }
    }

    private static async Task<object> DockerAsync(PlanTargets targets, DockerConfiguration docker, CancellationToken cancellationToken)
    {
        var members = new OrderedDictionary<string, object?>(StringComparer.Ordinal);
        if (docker.Plugin is { } plugin)
        {
            var status = await targets.PluginInstaller!.GetStatusAsync(plugin.Name, cancellationToken);
            members["plugin"] = status.Running ? ObjectStates.Of(status).Members : Absent(("name", plugin.Name));
        }

        if (docker.Containers.Count > 0)
        {
            var containers = new List<object?>();
            foreach (var container in docker.Containers)
            {
                containers.Add(await FindAsync(targets, docker, container.Name, cancellationToken) ?? Absent(("name", container.Name)));
            }

            members["containers"] = containers;
        }

        return members;
    }

    private static async Task<object?> FindAsync(
        PlanTargets targets, DockerConfiguration docker, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await targets.Docker!.FindContainerAsync(name, cancellationToken) is { } found ? ObjectStates.Of(found).Members : null;
        }
        catch (ClusterException e) when (docker.Optional && e.Code == ErrorCode.Unreachable)
        {
            return null;
        }
    }

    private static object Or(Dictionary<string, DscState> found, string key, params (string Name, object? Value)[] keys) =>
        found.TryGetValue(key, out var state) ? state.Members : Absent(keys);

    private static OrderedDictionary<string, object?> Absent(params (string Name, object? Value)[] keys)
    {
        var members = new OrderedDictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, value) in keys)
        {
            members[name] = value;
        }

        members["ensure"] = nameof(Ensure.Absent);
        return members;
    }
}
