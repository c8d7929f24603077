using HedvigStorage.Completers;

namespace HedvigStorage.Commands;

/// <summary>
/// What the cmdlets have in common that list how volumes are reached. Patterns of volumes are answered from one listing of all; a volume
/// that is named is asked for alone, which every cluster can answer.
/// </summary>
/// <typeparam name="T">What is listed.</typeparam>
public abstract class GetAccessCommand<T> : AccessCommand
    where T : class
{
    private readonly Dictionary<ICluster, AccessList> _all = [];

    private protected GetAccessCommand()
    {
    }

    /// <summary>Gets or sets names of volumes, or patterns with wildcards; by default all volumes are looked at.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ParameterSets.Volume)]
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = ParameterSets.InputObject)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [VolumeNameTransformation]
    [ArgumentCompleter(typeof(VolumeCompleter))]
    public string[] Volume { get; set; } = ["*"];

    /// <summary>Gets or sets names of targets, or patterns with wildcards; by default all targets are looked at.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true, ParameterSetName = ParameterSets.Volume)]
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true, ParameterSetName = ParameterSets.InputObject)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ObjectNameTransformation]
    [ArgumentCompleter(typeof(TargetCompleter))]
    public string[] Target { get; set; } = ["*"];

    /// <inheritdoc/>
    private protected override void ProcessObjects()
    {
        foreach (var volume in Volume)
        {
            ForVolume(volume, () => Write(new NameFilter(volume)));
        }
    }

    private protected abstract IEnumerable<T> From(AccessList all);

    private protected abstract Task<IReadOnlyList<T>> ListAsync(IClusterAccess access, string volume, CancellationToken cancellationToken);

    private protected abstract (string Volume, string Target) PlaceOf(T item);

    /// <summary>Says in words that a volume has nothing of the kind on a target.</summary>
    private protected abstract string Nothing(string volume, string target);

    private protected virtual bool IsWanted(T item) => true;

    private void Write(NameFilter volume)
    {
        var items = List(volume);
        if (TargetObject is { } given)
        {
            WriteObject(Select(items, new NameFilter(given.Name)), enumerateCollection: true);
            return;
        }

        foreach (var target in Target.Select(name => new NameFilter(name)))
        {
            var found = Select(items, target);
            WriteObject(found.Where(IsWanted), enumerateCollection: true);
            if (found.Length == 0 && !target.IsPattern && WhatIsMissing(volume, target.Name) is { } missing)
            {
                WriteError(missing);
            }
        }
    }

    private T[] Select(IReadOnlyList<T> items, NameFilter target) => items.Where(item => target.Matches(PlaceOf(item).Target)).ToArray();

    private IReadOnlyList<T> List(NameFilter volume)
    {
        var client = Client;
        var access = client.Access;
        if (!volume.IsPattern)
        {
            return Await(token => ListAsync(access, volume.Name, token));
        }

        // Asked once, so that a pipeline of targets or patterns sees one instant, and costs one request.
        if (!_all.TryGetValue(client, out var all))
        {
            _all[client] = all = Await(access.ListAllAsync);
        }

        return From(all).Where(item => volume.Matches(PlaceOf(item).Volume)).ToArray();
    }

    // Of a pattern of volumes nothing is missing, but the target may be.
    private ErrorRecord? WhatIsMissing(NameFilter volume, string target)
    {
        if (!volume.IsPattern)
        {
            return Describe(
                new ClusterException(ErrorCode.NotFound, Nothing(ObjectName.Printable(volume.Name), ObjectName.Printable(target))),
                Subject,
                volume.Name);
        }

        var connection = Connection;
        return Await(token => connection.Client.Access.ListTargetsAsync(computeHost: null, token))
            .Any(known => string.Equals(known.Name, target, System.StringComparison.Ordinal))
            ? null
            : Describe(
                new ClusterException(
                    ErrorCode.NotFound, $"There is no target '{ObjectName.Printable(target)}' on the cluster {connection.Address}."),
                Subjects.Target,
                target);
    }
}
