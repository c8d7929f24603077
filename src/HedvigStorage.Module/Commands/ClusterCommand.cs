using System.Management.Automation;
using HedvigStorage.Completers;
using HedvigStorage.Connections;
using HedvigStorage.Errors;
using HedvigStorage.Jobs;

namespace HedvigStorage.Commands;

/// <summary>What every cmdlet has that speaks to a cluster.</summary>
public abstract class ClusterCommand : ConnectingCommand
{
    private ClusterReference? _resolved;
    private ConnectedCluster? _connection;
    private DeferredCalls? _deferred;

    private protected ClusterCommand()
    {
    }

    /// <summary>
    /// Gets or sets the cluster: as <c>Connect-HvCluster</c> returned it, the name or address of an open connection, or the name of a saved profile.
    /// By default it is the default connection.
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    public ClusterReference? Cluster { get; set; }

    private protected ConnectedCluster Connection => Need(Subjects.Cluster, Cluster, FindConnection);

    /// <summary>Gets the connection, or <see langword="null"/> where none is given and none is the default.</summary>
    private protected ConnectedCluster? ConnectionIfAny => Cluster is null && SessionConnections.Default is null ? null : Connection;

    private protected ICluster Client => Connection.Client;

    /// <summary>Begins the job that <c>-AsJob</c> asks for, once the pipeline's objects are all there.</summary>
    protected override void EndProcessing()
    {
        if (_deferred is { Count: > 0 } calls && ShouldProcess(calls.Subjects, $"Begin a job of {MyInvocation.MyCommand.Name}", IsBound("Force")))
        {
            WriteObject(calls.Start(new ClusterReference(Connection)));
        }
    }

    /// <summary>Leaves an object to the job that <c>-AsJob</c> asks for; a preview needs none.</summary>
    /// <param name="asJob">Whether a job is asked for.</param>
    /// <param name="subject">What it is about, for the question that may be asked.</param>
    /// <returns>Whether there is nothing left to do here.</returns>
    private protected bool Defer(bool asJob, string subject)
    {
        if (!asJob || IsPreview)
        {
            return false;
        }

        (_deferred ??= new DeferredCalls(this)).Add(subject);
        return true;
    }

    /// <summary>Warns where the engine gives something else than what is asked for.</summary>
    private protected void WarnOfDifference(string kind, string name, VolumeAttributes requested, VolumeAttributes effective)
    {
        if (AttributeDifferences.Describe(requested, effective) is { } differences)
        {
            WriteWarning($"The engine {Connection.Engine} does not give the {kind} '{name}' all that is asked for: {differences}.");
        }
    }

    // Found once: a name means the same cluster for all objects of a pipeline.
    private ConnectedCluster FindConnection()
    {
        if (Cluster is null)
        {
            return SessionConnections.Default ?? throw new ClusterException(ErrorCode.InvalidArgument, "No cluster is connected. Run Connect-HvCluster first, or give -Cluster.");
        }

        if (_connection is null || !ReferenceEquals(_resolved, Cluster))
        {
            _connection = Resolve(Cluster);
            _resolved = Cluster;
        }

        return _connection;
    }
}
