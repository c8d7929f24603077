using System;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using HedvigStorage.Connections;

namespace HedvigStorage.Commands;

/// <summary>Logs out and ends a connection. Without one there is nothing to do.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "HvCluster")]
public sealed class DisconnectHvClusterCommand : HvCommand
{
    // A session that nobody ends does so by itself, so a cluster that does not answer is not worth waiting for.
    private static readonly TimeSpan LogoutLimit = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets the cluster. By default it is the default connection.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    public ConnectedCluster? Cluster { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var current = DefaultCluster.Current;
        if ((Cluster ?? current)?.Client is { } client)
        {
            Await(token => LogoutAsync(client, token));
        }

        if (Cluster is null || ReferenceEquals(Cluster.Client, current?.Client))
        {
            DefaultCluster.Clear();
        }
        else
        {
            Cluster.Client.Dispose();
        }
    }

    private static async Task LogoutAsync(ICluster cluster, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LogoutLimit);
        try
        {
            await cluster.Administration.LogoutAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is ObjectDisposedException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // Ended already, or not in time.
        }
    }
}
