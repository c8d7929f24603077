using System.IO.Enumeration;
using HedvigStorage.Documents;
using HedvigStorage.Planning;

namespace HedvigStorage.Cli.Dsc;

/// <summary>A policy.</summary>
internal sealed class PolicyResource : DscResource
{
    public override string Name => "Policy";

    public override string Schema => InstanceSchema.OfDefinition("policy", this);

    public override async Task<DscState> GetAsync(
        PlanTargets targets, DscInput input, Configuration configuration, CancellationToken cancellationToken)
    {
        var policies = await targets.Cluster.ListPoliciesAsync(cancellationToken);
        return policies.FirstOrDefault(
            policy => string.Equals(policy.Name, configuration.Policies[0].Name, StringComparison.Ordinal)) is { } found
            ? ObjectStates.Of(found).With("_exist", value: true)
            : DscState.Missing(KeysOf(input.Members));
    }

    public override async Task<IReadOnlyList<DscState>> ExportAsync(
        PlanTargets targets, string? pattern, CancellationToken cancellationToken) =>
        (await targets.Cluster.ListPoliciesAsync(cancellationToken))
            .Where(policy => pattern is null || FileSystemName.MatchesSimpleExpression(pattern, policy.Name))
            .Select(policy => ObjectStates.Of(policy).With("_exist", value: true))
            .ToArray();

    protected override object Wrap(Dictionary<string, object?> members, DscInput input) => Lists.Document("policies", members);
}

/// <summary>A volume.</summary>
internal sealed class VolumeResource : DscResource
{
    public override string Name => "Volume";

    public override string Schema => InstanceSchema.OfDefinition("volume", this);

    public override IReadOnlyList<string> Controls => ["allowReplace"];

    public override async Task<DscState> GetAsync(
        PlanTargets targets, DscInput input, Configuration configuration, CancellationToken cancellationToken) =>
        await targets.Cluster.FindVolumeAsync(configuration.Volumes[0].Name, cancellationToken) is { } found
            ? ObjectStates.Of(found).With("_exist", value: true)
            : DscState.Missing(KeysOf(input.Members));

    public override async Task<IReadOnlyList<DscState>> ExportAsync(
        PlanTargets targets, string? pattern, CancellationToken cancellationToken) =>
        (await targets.Cluster.ListAllVolumesAsync(new VolumeQuery { Pattern = pattern }, cancellationToken))
            .Select(volume => ObjectStates.Of(volume).With("_exist", value: true))
            .ToArray();

    protected override object Wrap(Dictionary<string, object?> members, DscInput input) => Lists.Document("volumes", members);
}

/// <summary>Many volumes at once: DSC starts a process an instance, and one is enough for a thousand volumes.</summary>
internal sealed class VolumeListResource : DscResource
{
    public override string Name => "VolumeList";

    public override string Schema => InstanceSchema.OfVolumeList(this);

    public override IReadOnlyList<string> Keys => ["volumes"];

    public override IReadOnlyList<string> Controls => ["allowReplace"];

    public override bool HasExist => false;

    public override Configuration Identify(DscInput input) => ConfigurationReader.Read(
        Lists.Document("volumes", Items(input).Select(item => VolumeKeys(item.Members)).ToArray()), "The input");

    public override async Task<DscState> GetAsync(
        PlanTargets targets, DscInput input, Configuration configuration, CancellationToken cancellationToken)
    {
        var names = configuration.Volumes.Select(volume => volume.Name).ToArray();
        var found = names.Length == 0
            ? []
            : (await targets.Cluster.ListAllVolumesAsync(new VolumeQuery { Names = names }, cancellationToken))
                .ToDictionary(volume => volume.Name, StringComparer.Ordinal);
        return State(names.Select(name => found.TryGetValue(name, out var volume)
            ? ObjectStates.Of(volume).With("_exist", value: true)
            : new DscState().With("name", name).With("_exist", value: false)));
    }

    public override async Task<IReadOnlyList<DscState>> ExportAsync(
        PlanTargets targets, string? pattern, CancellationToken cancellationToken) =>
        [State(
            (await targets.Cluster.ListAllVolumesAsync(new VolumeQuery { Pattern = pattern }, cancellationToken))
                .Select(volume => ObjectStates.Of(volume).With("_exist", value: true)))];

    public override IReadOnlyList<string> Differences(Plan plan) => plan.HasChanges ? ["volumes"] : [];

    public override DscState Project(DscState actual, DscInput input)
    {
        var before = ((IEnumerable<object?>)actual.Members["volumes"]!).Cast<IReadOnlyDictionary<string, object?>>()
            .ToDictionary(volume => (string)volume["name"]!, StringComparer.Ordinal);
        return State(Items(input).Select(item =>
        {
            var state = new DscState()
                .With(
                    item.Exist && item.Members.TryGetValue("name", out var name) && before.TryGetValue((string)name!, out var known)
                        ? known
                        : []);
            return item.Exist ? state.With(item.Members).With("_exist", value: true) : DscState.Missing(VolumeKeys(item.Members));
        }));
    }

    protected override object Document(DscInput input) =>
        Lists.Document("volumes", Items(input).Select(item => item.Exist ? item.Members : VolumeKeys(item.Members)).ToArray());

    protected override object Wrap(Dictionary<string, object?> members, DscInput input) => Lists.Document("volumes", members);

    private static Dictionary<string, object?> VolumeKeys(Dictionary<string, object?> members)
    {
        var keys = members.Where(member => member.Key is "name").ToDictionary(StringComparer.Ordinal);
        keys["ensure"] = nameof(Ensure.Absent);
        return keys;
    }

    private static DscState State(IEnumerable<DscState> volumes) =>
        new DscState().With("volumes", volumes.Select(volume => (object?)volume.Members).ToArray());

    private static (Dictionary<string, object?> Members, bool Exist)[] Items(DscInput input)
    {
        if (input.Members.Keys.FirstOrDefault(name => name is not "volumes") is { } unknown)
        {
            throw new ClusterException(
                ErrorCode.InvalidArgument, $"A list of volumes has no '{ObjectName.Printable(unknown)}'; it has 'volumes'.");
        }

        return input.Members.TryGetValue("volumes", out var list) && list is IEnumerable<object?> items
            ? items.Select(DscInput.ReadItem).ToArray()
            : throw new ClusterException(ErrorCode.InvalidArgument, "A list of volumes has 'volumes', an array.");
    }
}

/// <summary>A snapshot.</summary>
internal sealed class SnapshotResource : DscResource
{
    public override string Name => "Snapshot";

    public override string Schema => InstanceSchema.OfDefinition("snapshot", this);

    public override IReadOnlyList<string> Keys => ["volume", "name"];

    public override async Task<DscState> GetAsync(
        PlanTargets targets, DscInput input, Configuration configuration, CancellationToken cancellationToken)
    {
        var wanted = configuration.Snapshots[0];
        var snapshots = await targets.Cluster.FindVolumeAsync(wanted.Volume, cancellationToken) is null
            ? []
            : await targets.Cluster.ListAllSnapshotsAsync(new SnapshotQuery { Volume = wanted.Volume }, cancellationToken);
        return snapshots.FirstOrDefault(snapshot => string.Equals(snapshot.Name, wanted.Name, StringComparison.Ordinal)) is { } found
            ? ObjectStates.Of(found).With("_exist", value: true)
            : DscState.Missing(KeysOf(input.Members));
    }

    public override async Task<IReadOnlyList<DscState>> ExportAsync(
        PlanTargets targets, string? pattern, CancellationToken cancellationToken) =>
        (await targets.Cluster.ListAllSnapshotsAsync(new SnapshotQuery { Pattern = pattern }, cancellationToken))
            .Select(snapshot => ObjectStates.Of(snapshot).With("_exist", value: true))
            .ToArray();

    protected override object Wrap(Dictionary<string, object?> members, DscInput input) => Lists.Document("snapshots", members);
}

/// <summary>Puts objects into documents.</summary>
internal static class Lists
{
    public static object Document(string list, params Dictionary<string, object?>[] items) =>
        new Dictionary<string, object?>(StringComparer.Ordinal) { [list] = items };
}
