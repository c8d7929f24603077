using HedvigStorage.Docker;
using HedvigStorage.Documents;

namespace HedvigStorage.Planning;

/// <summary>All properties of networks, in the order in which they are shown; digests rest on it. None is changed in place.</summary>
internal static class NetworkProperties
{
    public static IReadOnlyList<NetworkProperty> All { get; } =
    [
        Text("driver", network => network.Driver, network => network.Driver, ConfiguredNetwork.DefaultDriver),
        Text("internal", network => Word(network.Internal), network => Word(network.Internal)),
        new(
            "labels",
            network => (network.Labels ?? new Dictionary<string, string>(StringComparer.Ordinal))
                .Select(label => new PropertyChange($"labels.{label.Key}", null, label.Value)),
            (network, actual) => MapComparison.Compare("labels", network.Labels, DockerLabels.Others(actual.Labels))),
    ];

    // Where the document says nothing, a new network has the default and one that is there stays.
    private static NetworkProperty Text(
        string name, Func<ConfiguredNetwork, string?> desired, Func<EngineNetwork, string?> actual, string? ofNew = null) => new(
        name,
        network => (desired(network) ?? ofNew) is { } value ? [new PropertyChange(name, null, value)] : [],
        (network, there) => desired(network) is { } wanted && !OrdinalComparison.Same(wanted, actual(there))
            ? [new PropertyChange(name, actual(there), wanted)]
            : []);

    private static string? Word(bool? flag) => flag switch { true => "true", false => "false", null => null };
}
