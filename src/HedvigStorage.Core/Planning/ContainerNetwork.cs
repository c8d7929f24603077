using HedvigStorage.Docker;
using HedvigStorage.Documents;
using static HedvigStorage.Planning.OrdinalComparison;

namespace HedvigStorage.Planning;

/// <summary>Compares the network of a container with the desired one.</summary>
internal static class ContainerNetwork
{
    // An engine keeps by its id the network that a container was connected to: where another one has the name now, the container cannot be
    // started.
    public static PropertyChange? FindDifference(ContainerFacts facts, Container actual)
    {
        if (facts.Desired.Network is not { } network)
        {
            return facts.NetworkIsRemade
                ? new PropertyChange("network", $"{actual.Specification.NetworkMode} (recreated)", "default")
                : null;
        }

        var mode = facts.SharedWith is { } other ? "container:" + other : actual.Specification.NetworkMode;
        if (!ConfiguredNetwork.IsMade(network))
        {
            return Same(Normal(network), Normal(mode)) ? null : new PropertyChange("network", mode, network);
        }

        if (facts.Network is { } made && (Same(mode, network) || Same(mode, made.Id)))
        {
            return facts.NetworkIsRemade || !actual.Networks.TryGetValue(made.Name, out var id) || (id.Length > 0 && !Same(id, made.Id))
                ? new PropertyChange("network", $"{network} (another one)", network)
                : null;
        }

        return new PropertyChange("network", Same(mode, network) ? $"{network} (gone)" : mode, network);
    }

    // The engine's default network goes by several names.
    private static string Normal(string? mode) => mode is null or "default" ? "bridge" : mode;
}
