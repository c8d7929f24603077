using System.IO.Enumeration;
using HedvigStorage.Docker;
using HedvigStorage.Documents;
using HedvigStorage.Hosting;
using HedvigStorage.Planning;

namespace HedvigStorage.Cli.Dsc;

/// <summary>The plugin host on this machine.</summary>
internal sealed class DockerPluginResource : DscResource
{
    public override string Name => "DockerPlugin";

    public override string Schema => InstanceSchema.OfDefinition("plugin", this);

    public override bool MayBeEmpty => true;

    public override async Task<DscState> GetAsync(
        PlanTargets targets, DscInput input, Configuration configuration, CancellationToken cancellationToken) =>
        await StateAsync(targets, configuration.Docker!.Plugin!.Name, cancellationToken);

    public override async Task<IReadOnlyList<DscState>> ExportAsync(
        PlanTargets targets, string? pattern, CancellationToken cancellationToken)
    {
        var state = await StateAsync(targets, pattern ?? ConfiguredPlugin.DefaultName, cancellationToken);
        return state.Members["_exist"] is true ? [state] : [];
    }

    protected override object Wrap(Dictionary<string, object?> members, DscInput input) =>
        new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["docker"] = new Dictionary<string, object?>(StringComparer.Ordinal) { ["plugin"] = members },
        };

    private static async Task<DscState> StateAsync(PlanTargets targets, string name, CancellationToken cancellationToken)
    {
        DockerPluginStatus status = await targets.PluginInstaller!.GetStatusAsync(name, cancellationToken);
        return status.Running
            ? ObjectStates.Of(status).With("_exist", value: true)
            : new DscState().With("name", name).With("_exist", value: false);
    }
}

/// <summary>A container of the Docker Engine.</summary>
internal sealed class ContainerResource : DscResource
{
    public override string Name => "Container";

    public override string Schema => InstanceSchema.OfDefinition("container", this);

    public override IReadOnlyList<string> Controls => ["allowReplace", "driver"];

    public override async Task<DscState> GetAsync(
        PlanTargets targets, DscInput input, Configuration configuration, CancellationToken cancellationToken) =>
        await targets.Docker!.FindContainerAsync(configuration.Docker!.Containers[0].Name, cancellationToken) is { } found
            ? ObjectStates.Of(found).With("_exist", value: true)
            : DscState.Missing(KeysOf(input.Members));

    public override async Task<IReadOnlyList<DscState>> ExportAsync(
        PlanTargets targets, string? pattern, CancellationToken cancellationToken)
    {
        var states = new List<DscState>();
        foreach (var summary in await targets.Docker!.ListContainersAsync(labels: null, volume: null, cancellationToken))
        {
            // One that ended while this went on is left out.
            if ((pattern is null || FileSystemName.MatchesSimpleExpression(pattern, summary.Name))
                && await targets.Docker.FindContainerAsync(summary.Id, cancellationToken) is Container found)
            {
                states.Add(ObjectStates.Of(found).With("_exist", value: true));
            }
        }

        return states;
    }

    // The driver is named without the plugin being managed.
    protected override object Wrap(Dictionary<string, object?> members, DscInput input)
    {
        var docker = new Dictionary<string, object?>(StringComparer.Ordinal) { ["containers"] = new[] { members } };
        if (input.Driver is not null)
        {
            docker["plugin"] = new Dictionary<string, object?>(StringComparer.Ordinal) { ["name"] = input.Driver };
        }

        return new Dictionary<string, object?>(StringComparer.Ordinal) { ["docker"] = docker };
    }

    public override Configuration Describe(DscInput input)
    {
        var configuration = base.Describe(input);
        return configuration with { Docker = configuration.Docker! with { Plugin = null } };
    }
}
