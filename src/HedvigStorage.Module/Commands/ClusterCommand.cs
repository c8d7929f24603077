using System.Collections;
using HedvigStorage.Completers;
using HedvigStorage.Connections;
using HedvigStorage.Jobs;

namespace HedvigStorage.Commands;

/// <summary>What every cmdlet has that speaks to a cluster. What is done to an object is done on the cluster that it came from.</summary>
public abstract class ClusterCommand : ConnectingCommand
{
    private readonly Dictionary<ClusterReference, ConnectedCluster> _given = [];
    private ConnectedCluster? _ofObjects;
    private DeferredCalls? _deferred;
    private PositionsLeft? _positions;

    private protected ClusterCommand()
    {
    }

    /// <summary>
    /// Gets or sets the clusters, each of which the names are worked on in: as <c>Connect-HvCluster</c> returned it, the name or address of
    /// an open connection, or the name of a saved profile. By default it is the one that an object came from, and of a name the default
    /// connection.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ClusterReferenceTransformation]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    public ClusterReference[]? Cluster { get; set; }

    /// <summary>Gets or sets the cluster that the object of the pipeline came from, as the object itself tells.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, DontShow = true)]
    [ClusterOriginTransformation]
    public ClusterOrigin? ClusterOrigin { get; set; }

    private protected ConnectedCluster Connection => _ofObjects ?? Need(Subjects.Cluster, Cluster, FindConnection);

    /// <summary>Gets whether the work can be done in several clusters by one call.</summary>
    private protected virtual bool TakesSeveralClusters => true;

    /// <summary>Gets the connection, or <see langword="null"/> where none is given and none is the default.</summary>
    private protected ConnectedCluster? ConnectionIfAny =>
        _ofObjects is null && Cluster is null && SessionConnections.Default is null ? null : Connection;

    private protected ICluster Client => Connection.Client;

    // Nothing is opened to find it.
    private ConnectedCluster? KnownConnection => _ofObjects ?? Cluster switch
    {
        null => SessionConnections.Default,
        [var one] => one.Connected ?? (_given.TryGetValue(one, out var given) ? given : null),
        _ => null,
    };

    private bool IsOfSeveralClusters => Cluster is { Length: > 1 };

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _positions = this is ITakesInputObject ? new PositionsLeft(this) : null;
    }

    /// <summary>Has the cmdlet work on an object, or on what it was given besides.</summary>
    protected sealed override void ProcessRecord()
    {
        if (this is ITakesInputObject { InputObject: { } item } taking)
        {
            Process(taking, item);
        }
        else
        {
            ProcessAtHand();
        }
    }

    /// <summary>Has the cmdlet work on an object that is taken as it is.</summary>
    private void Process(ITakesInputObject taking, PSObject item)
    {
        var origin = ClusterOrigin;
        try
        {
            // Of an object that was given by a parameter PowerShell takes no property.
            ClusterOrigin ??= ObjectNames.OriginOf((object)item);
            var known = ClusterObjectTransformationAttribute.Read(item);
            var keeps = Keeps(known);
            if (_positions!.Fill(item, PositionOf(known), keeps, parameter => Gives(known, parameter)))
            {
                taking.InputObject = keeps ? PSObject.AsPSObject(known) : null;
                ProcessAtHand();
            }
        }
        catch (ArgumentTransformationMetadataException exception)
        {
            WriteError(BindingErrors.Transformation(nameof(ITakesInputObject.InputObject), item, exception));
        }
        finally
        {
            ClusterOrigin = origin;
            _positions!.PutBack();
        }
    }

    /// <summary>Works on the objects at hand, those of each cluster for themselves.</summary>
    private void ProcessAtHand()
    {
        var objects = new ObjectsAtHand(this);
        while (objects.MoveNext())
        {
            if (objects.Origin is { } origin)
            {
                Work(objects.Names, () => FindConnection(origin));
            }
            else if (!IsOfSeveralClusters)
            {
                Work(objects.Names, () => null);
            }
            else if (TakesSeveralClusters)
            {
                foreach (var cluster in Cluster!)
                {
                    Work(objects.Names, () => FindGiven(cluster));
                }
            }
            else
            {
                Refuse(
                    new ClusterException(
                        ErrorCode.InvalidArgument,
                        $"-Cluster names {Cluster!.Length} clusters, and this is done in one at a time. Give one."),
                    objects.Names);
            }
        }

        if (objects.Conflict is { } conflict)
        {
            Refuse(conflict, objects.Names);
        }
    }

    /// <summary>Works on the objects at hand in one cluster.</summary>
    private void Work(string names, Func<ConnectedCluster?> find)
    {
        try
        {
            _ofObjects = find();
        }
        catch (ClusterException exception)
        {
            Refuse(exception, names);
            return;
        }

        try
        {
            ProcessObjects();
        }
        finally
        {
            _ofObjects = null;
        }
    }

    /// <summary>Begins the job that <c>-AsJob</c> asks for, once the pipeline's objects are all there.</summary>
    protected override void EndProcessing()
    {
        if (_deferred is { Count: > 0 } calls
            && (Consents(IsBound("Force")) || ((Cmdlet)this).ShouldProcess(calls.Subjects, "Begin a job of "
                + $"{MyInvocation.MyCommand.Name}")))
        {
            WriteObject(calls.Start());
        }
    }

    /// <summary>Works on the objects at hand, which are of one cluster.</summary>
    private protected abstract void ProcessObjects();

    /// <summary>Names the parameter that an object is for; <see langword="null"/> is the first one that has a position.</summary>
    private protected virtual string? PositionOf(ClusterObject? item) => null;

    /// <summary>Tells whether the work is done with an object itself, and not with its name.</summary>
    private protected virtual bool Keeps(ClusterObject? item) => false;

    /// <summary>Tells whether a property of an object means the parameter that has its name.</summary>
    private protected virtual bool Gives(ClusterObject? item, string parameter) => true;

    /// <summary>Tells that objects are of no cluster that can be worked on; the next ones still are.</summary>
    private protected virtual void Refuse(ClusterException exception, string names) => Report(exception, Subjects.Cluster, names);

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

        (_deferred ??= new DeferredCalls(this)).Add(Place(subject), new ClusterReference(Connection));
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

    /// <summary>Writes an object, which knows from then on where it came from.</summary>
    private protected new void WriteObject(object? value) => base.WriteObject(Mark(value));

    /// <inheritdoc cref="WriteObject(object)"/>
    private protected new void WriteObject(object? value, bool enumerateCollection) =>
        base.WriteObject(
            enumerateCollection && value is IEnumerable items ? items.Cast<object?>().Select(Mark) : Mark(value), enumerateCollection);

    /// <summary>Gets the connection that an object is worked on by, for what is told of it later.</summary>
    private protected ConnectedCluster? ConnectionOfObjects => _ofObjects;

    /// <summary>Tells of an object that was worked on by a connection.</summary>
    private protected void Tell(ConnectedCluster? connection, Action action)
    {
        var now = _ofObjects;
        _ofObjects = connection;
        try
        {
            action();
        }
        finally
        {
            _ofObjects = now;
        }
    }

    // What one cluster does not answer, another one may.
    /// <inheritdoc/>
    private protected override bool Ends(ClusterException exception) => base.Ends(exception) && !IsOfSeveralClusters;

    /// <inheritdoc/>
    private protected override string Place(string target) =>
        ConnectionIfAny is { } connection && SessionConnections.IsOneOfSeveral(connection)
            ? $"{target} (cluster {connection.Address})"
            : target;

    /// <inheritdoc/>
    private protected override ErrorRecord Describe(ClusterException exception, string subject, object? target) =>
        base.Describe(Locate(exception, subject), subject, target);

    private ClusterException Locate(ClusterException exception, string subject)
    {
        // Of what kind an error is, others may ask: one that says more than its message stays what it is.
        var isOfCluster = exception.GetType() == typeof(ClusterException)
            && subject is not (Subjects.DockerEngine or Subjects.Container or Subjects.DockerPlugin);
        return isOfCluster && KnownConnection is { } connection && SessionConnections.IsOneOfSeveral(connection)
            && !exception.Message.Contains(connection.Address.Authority)
            ? new ClusterException(exception.Code, $"{exception.Message} (cluster {connection.Address})", exception)
            : exception;
    }

    private object? Mark(object? value) =>
        value is ClusterObject item && KnownConnection is { } connection ? item.From(connection.Origin) : value;

    private ConnectedCluster FindConnection() => Cluster is null
        ? SessionConnections.Default
        ?? throw new ClusterException(ErrorCode.InvalidArgument, "No cluster is connected. Run Connect-HvCluster first, or give -Cluster.")
        : FindGiven(Cluster[0]);

    private ConnectedCluster FindConnection(ClusterOrigin origin)
    {
        if (Cluster is null)
        {
            return SessionConnections.Find(origin) ?? throw new ClusterException(
                ErrorCode.InvalidArgument,
                $"The object came from the cluster {origin}, which is not connected. Run Connect-HvCluster {origin} first, "
                    + "or give the name alone to mean an object of another cluster.");
        }

        var given = Need(Subjects.Cluster, Cluster, () => Cluster.Select(FindGiven).ToArray());
        return given.FirstOrDefault(cluster => SessionConnections.IsOf(cluster, origin)) ?? throw new ClusterException(
            ErrorCode.Conflict,
            $"The object came from the cluster {origin}, and -Cluster is {string.Join(", ", given.Select(cluster => cluster.Address))}. "
                + "Leave -Cluster out, or give the name alone to mean an object of that cluster.");
    }

    // Found once: a name means the same cluster for all objects of a pipeline.
    private ConnectedCluster FindGiven(ClusterReference cluster)
    {
        if (!_given.TryGetValue(cluster, out var connection))
        {
            connection = Resolve(cluster);
            _given.Add(cluster, connection);
        }

        return connection;
    }
}
