using System.Collections;
using HedvigStorage.Docker;
using HedvigStorage.Documents;
using HedvigStorage.Hosting;

namespace HedvigStorage.Cli.Dsc;

/// <summary>Tells objects as a document describes them, with all that is known of them.</summary>
internal static class ObjectStates
{
    public static DscState Of(Policy policy) => First("policies", new Configuration
    {
        Source = string.Empty,
        Policies = [new ConfiguredPolicy { Name = policy.Name, Description = policy.Description, Attributes = policy.Requested, SnapshotSchedule = policy.SnapshotSchedule }],
    });

    public static DscState Of(Volume volume) => First("volumes", new Configuration
    {
        Source = string.Empty,
        Volumes =
        [
            new ConfiguredVolume
            {
                Name = volume.Name,
                Size = volume.Size,
                Type = volume.Type,
                Policy = volume.Policy,
                Attributes = volume.Requested,
                FileSystem = volume.FileSystem,
                Uid = volume.Uid,
                Gid = volume.Gid,
                Mode = volume.Mode,
                Protect = volume.Protected,
                Takeover = volume.Takeover,
                Description = volume.Description,
                From = volume.SourceVolume,
                Snapshot = volume.SourceSnapshot,
            },
        ],
    });

    public static DscState Of(Snapshot snapshot) => First("snapshots", new Configuration
    {
        Source = string.Empty,
        Snapshots = [new ConfiguredSnapshot { Volume = snapshot.Volume, Name = snapshot.Name }],
    });

    public static DscState Of(AccessRule rule) => First("access", new Configuration
    {
        Source = string.Empty,
        Access = [new ConfiguredAccess { Volume = rule.Volume, Target = rule.Target, Type = rule.Type, Address = rule.Address }],
    });

    public static DscState Of(DockerPluginStatus plugin)
    {
        var state = new DscState().With("name", plugin.Name);
        AddUnlessEmpty("mode", plugin.Mode?.ToString());
        AddUnlessEmpty("version", plugin.Version);
        AddUnlessEmpty("host", plugin.Host);
        AddUnlessEmpty("stateDirectory", plugin.StateDirectory);
        AddUnlessEmpty("mountRoot", plugin.MountRoot);
        AddUnlessEmpty("dataDirectory", plugin.DataDirectory);
        return plugin.OnlineGrowth is { } growth ? state.With("onlineGrowth", growth) : state;

        void AddUnlessEmpty(string name, string? value) => _ = string.IsNullOrEmpty(value) ? state : state.With(name, value);
    }

    /// <summary>Tells a container. Its environment may hold secrets and is not told.</summary>
    public static DscState Of(Container container)
    {
        // A document leaves out the state that goes without saying.
        var state = new DscState().With("name", container.Name).With("image", container.Specification.Image).With("state", nameof(ContainerState.Running));
        foreach (var (name, value) in ContainerDescription.Of(container))
        {
            _ = state.With(name, value);
        }

        return state;
    }

    private static DscState First(string member, Configuration configuration) =>
        DscState.Of(((IEnumerable)ConfigurationWriter.Write(configuration)[member]).Cast<IReadOnlyDictionary<string, object>>().First());
}
