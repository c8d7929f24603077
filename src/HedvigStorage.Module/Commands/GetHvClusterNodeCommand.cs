using HedvigStorage.Completers;

namespace HedvigStorage.Commands;

/// <summary>
/// Lists the nodes of a cluster, each asked how it is. A literal name that is not there is an error; a pattern that matches nothing is not.
/// </summary>
[Cmdlet(VerbsCommon.Get, "HvClusterNode")]
[OutputType(typeof(ClusterNode))]
public sealed class GetHvClusterNodeCommand : ClusterCommand
{
    // One that is out of reach is to be told, not to be waited for.
    private static readonly TimeSpan NodeLimit = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets names such as <c>node1:7080</c>, or patterns with wildcards; by default all nodes are listed.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ObjectNameTransformation]
    [ArgumentCompleter(typeof(ClusterNodeCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    private protected override void ProcessObjects()
    {
        foreach (var name in Name)
        {
            ForEach(Subjects.Node, name, () => Write(new NameFilter(name)));
        }
    }

    private void Write(NameFilter filter)
    {
        var connection = Connection;
        var information = Await(connection.Client.GetInformationAsync);
        var names = information.Nodes.Where(filter.Matches).ToArray();
        if (names.Length == 0 && !filter.IsPattern)
        {
            throw new ClusterException(
                ErrorCode.NotFound,
                $"There is no node '{ObjectName.Printable(filter.Name)}' in the cluster {connection.Address}. Its nodes: "
                    + $"{string.Join(", ", information.Nodes)}.");
        }

        foreach (var name in names)
        {
            WriteObject(Await(token => AskAsync(connection, name, token)));
        }
    }

    private static async Task<ClusterNode> AskAsync(ConnectedCluster connection, string name, CancellationToken cancellationToken)
    {
        var address = new Uri($"{connection.Address.Scheme}://{name}");
        var node = new ClusterNode { Name = name, Address = address, Current = address == connection.Address };
        if (node.Current)
        {
            return await AskAsync(node, connection.Client, cancellationToken).ConfigureAwait(false);
        }

        var limit = connection.Settings.RequestTimeout < NodeLimit ? connection.Settings.RequestTimeout : NodeLimit;
        using var client = Services.CreateCluster(connection.Settings with { Nodes = [address], RequestTimeout = limit });
        var asked = await AskAsync(node, client, cancellationToken).ConfigureAwait(false);
        await LogoutAsync(client, cancellationToken).ConfigureAwait(false);
        return asked;
    }

    private static async Task<ClusterNode> AskAsync(ClusterNode node, ICluster client, CancellationToken cancellationToken)
    {
        try
        {
            var capabilities = await client.GetCapabilitiesAsync(cancellationToken).ConfigureAwait(false);
            if (capabilities.Extension)
            {
                var health = await client.Administration.GetHealthAsync(cancellationToken).ConfigureAwait(false);
                return node with
                {
                    Answers = true,
                    Healthy = health.Healthy,
                    Problems = health.Problems,
                    Version = health.Version,
                    StartedAt = health.StartedAt,
                };
            }

            var information = await client.GetInformationAsync(cancellationToken).ConfigureAwait(false);
            return node with
            {
                Answers = true,
                Healthy = information.Healthy,
                Problems = information.Problems,
                Version = capabilities.Version,
            };
        }
        catch (ClusterException exception)
        {
            return node with { Problems = [exception.Message] };
        }
    }
}
