using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
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
        return plugin.Host is { Length: > 0 } host ? state.With("host", host) : state;
    }

    /// <summary>Tells a container. Its environment may hold secrets and is not told.</summary>
    public static DscState Of(Container container)
    {
        var specification = container.Specification;
        var state = new DscState()
            .With("name", container.Name)
            .With("image", specification.Image)
            .With("state", (container.State is "running" or "restarting" or "paused" ? ContainerState.Running : ContainerState.Stopped).ToString())
            .With("mounts", specification.Mounts.Select(Of).ToArray())
            .With("ports", specification.Ports.Select(port => port.ToString()).ToArray())
            .With("restart", specification.Restart.ToString());
        AddUnlessNull("command", specification.Command);
        AddUnlessNull("entrypoint", specification.EntryPoint);
        AddUnlessNull("user", specification.User is { Length: > 0 } user ? user : null);
        AddUnlessNull("network", specification.NetworkMode);
        return state;

        void AddUnlessNull(string name, object? value) => _ = value is null ? state : state.With(name, value);
    }

    private static OrderedDictionary<string, object?> Of(ContainerMount mount)
    {
        var members = new OrderedDictionary<string, object?>(StringComparer.Ordinal)
        {
            [mount.Type is "bind" ? "source" : "volume"] = mount.Source,
            ["target"] = mount.Target,
        };
        if (mount.ReadOnly)
        {
            members["readOnly"] = true;
        }

        return members;
    }

    private static DscState First(string member, Configuration configuration) =>
        DscState.Of(((IEnumerable)ConfigurationWriter.Write(configuration)[member]).Cast<IReadOnlyDictionary<string, object>>().First());
}
