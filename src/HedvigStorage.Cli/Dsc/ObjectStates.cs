using HedvigStorage.Docker;
using HedvigStorage.Documents;
using HedvigStorage.Hosting;

namespace HedvigStorage.Cli.Dsc;

/// <summary>Tells objects as a document describes them, with all that is known of them.</summary>
internal static class ObjectStates
{
    public static DscState Of(Policy policy) => DscState.Of(ObjectDescription.Of(policy));

    public static DscState Of(Volume volume) => DscState.Of(ObjectDescription.Of(volume));

    public static DscState Of(Snapshot snapshot) => DscState.Of(ObjectDescription.Of(snapshot));

    public static DscState Of(AccessRule rule) => DscState.Of(ObjectDescription.Of(rule));

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
        var state = new DscState().With("name", container.Name).With("image", container.Specification.Image)
            .With("state", nameof(ContainerState.Running));
        foreach (var (name, value) in ContainerDescription.Of(container))
        {
            _ = state.With(name, value);
        }

        return state;
    }
}
