using System.Management.Automation;
using HedvigStorage.Errors;

namespace HedvigStorage.Commands;

/// <summary>Tells what a connected cluster says of itself now: capacity, nodes, health and what its engine can do.</summary>
[Cmdlet(VerbsCommon.Get, "HvCluster")]
[OutputType(typeof(ConnectedCluster))]
public sealed class GetHvClusterCommand : ClusterCommand
{
    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var connection = Connection;
        ForEach(Subjects.Cluster, connection.Address, () => WriteObject(Await(async token =>
        {
            var capabilities = await connection.Client.GetCapabilitiesAsync(token).ConfigureAwait(false);
            var information = await connection.Client.GetInformationAsync(token).ConfigureAwait(false);
            return connection.With(information, capabilities);
        })));
    }
}
