using HedvigStorage.Completers;
using HedvigStorage.Connections;

namespace HedvigStorage.Commands;

/// <summary>Tells what connected clusters say of themselves now: capacity, nodes, health and what their engines can do.</summary>
[Cmdlet(VerbsCommon.Get, "HvCluster", DefaultParameterSetName = ClusterSet)]
[OutputType(typeof(ConnectedCluster))]
public sealed class GetHvClusterCommand : ConnectingCommand
{
    private const string ClusterSet = "Cluster";
    private const string NameSet = "Name";
    private const string AllSet = "All";

    /// <summary>
    /// Gets or sets names or addresses of open connections, or patterns of names with wildcards. A literal one that is not open is an
    /// error.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = NameSet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Gets or sets whether all open connections of the session are listed.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AllSet)]
    public SwitchParameter All { get; set; }

    /// <summary>
    /// Gets or sets the cluster: as <c>Connect-HvCluster</c> returned it, the name or address of an open connection, or the name of a saved
    /// profile. By default it is the default connection.
    /// </summary>
    [Parameter(ValueFromPipeline = true, ParameterSetName = ClusterSet)]
    [ValidateNotNull]
    [ClusterReferenceTransformation]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    public ClusterReference? Cluster { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (All)
        {
            Write(SessionConnections.All);
        }
        else if (Name.Length > 0)
        {
            foreach (var name in Name)
            {
                ForEach(Subjects.Cluster, name, () => Write(Find(new NameFilter(name))));
            }
        }
        else
        {
            var cluster = Need(Subjects.Cluster, Cluster, () => Cluster is null
                ? SessionConnections.Default
                ?? throw new ClusterException(
                    ErrorCode.InvalidArgument, "No cluster is connected. Run Connect-HvCluster first, or give -Cluster.")
                : Resolve(Cluster));
            ForEach(Subjects.Cluster, cluster.Address, () => WriteObject(Ask(cluster)));
        }
    }

    private static IReadOnlyList<ConnectedCluster> Find(NameFilter filter)
    {
        var found = filter.IsPattern
            ? SessionConnections.All.Where(cluster => new[] { cluster.Profile, cluster.Name, cluster.Address.Authority }.Any(
                name => name is not null && filter.Matches(name))).ToArray()
            : SessionConnections.Find(filter.Name);
        return found.Count > 0 || filter.IsPattern
            ? found
            : throw new ClusterException(ErrorCode.NotFound, $"There is no open connection '{ObjectName.Printable(filter.Name)}'.");
    }

    // Each is a cluster of its own: that one does not answer says nothing of the others.
    private void Write(IReadOnlyList<ConnectedCluster> clusters)
    {
        foreach (var cluster in clusters)
        {
            try
            {
                WriteObject(Ask(cluster));
            }
            catch (ClusterException exception)
            {
                WriteError(exception.ToRecord(Subjects.Cluster, cluster.Address));
            }
        }
    }

    private ConnectedCluster Ask(ConnectedCluster cluster) => Await(async token =>
    {
        var capabilities = await cluster.Client.GetCapabilitiesAsync(token).ConfigureAwait(false);
        var information = await cluster.Client.GetInformationAsync(token).ConfigureAwait(false);
        return cluster.With(information, capabilities);
    });
}
