using HedvigStorage.Connections;

namespace HedvigStorage.Completers;

/// <summary>
/// Completes addresses of nodes: those of the connection, those of <c>HV_CLUSTER</c>, and where a cluster host of this machine listens by
/// default.
/// </summary>
internal sealed class NodeCompleter : NameCompleter
{
    private const string Usual = "http://127.0.0.1:7080";

    private protected override IReadOnlyList<Candidate> Find(CompletionRequest request)
    {
        var connected = CompletionConnection.Find(request) is { } cluster
            ? cluster.Nodes.Select(node => new Candidate(Address(node), $"of the connection {cluster}"))
            : [];
        return connected.Concat(Configured()).Append(new Candidate(Usual, "a cluster host of this machine")).ToArray();
    }

    private static IEnumerable<Candidate> Configured()
    {
        try
        {
            return ConnectionEnvironment.Nodes().Select(node => new Candidate(Address(node), "of HV_CLUSTER"));
        }
        catch (ClusterException)
        {
            return [];
        }
    }

    private static string Address(System.Uri node) => node.ToString().TrimEnd('/');
}
