using HedvigStorage.Completers;

namespace HedvigStorage.Commands;

/// <summary>Lists snapshots. A literal name that is not there is an error; a pattern that matches nothing is not.</summary>
[Cmdlet(VerbsCommon.Get, "HvSnapshot", SupportsPaging = true, DefaultParameterSetName = ParameterSets.Volume)]
[OutputType(typeof(Snapshot))]
public sealed class GetHvSnapshotCommand : PagedCommand, ITakesInputObject
{
    /// <summary>Gets or sets names of volumes, or patterns with wildcards; by default the snapshots of all volumes are listed.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ParameterSets.Volume)]
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = ParameterSets.InputObject)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [VolumeNameTransformation]
    [ArgumentCompleter(typeof(VolumeCompleter))]
    public string[] Volume { get; set; } = ["*"];

    /// <summary>Gets or sets names of snapshots, or patterns with wildcards; by default all are listed.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ObjectNameTransformation]
    [ArgumentCompleter(typeof(SnapshotCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <summary>
    /// Gets or sets the volume, as <c>Get-HvVolume</c> returns it, or its name; what is typed without a name fills the positions that
    /// it leaves.
    /// </summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        ParameterSetName = ParameterSets.InputObject)]
    [ValidateNotNull]
    public PSObject? InputObject { get; set; }

    /// <inheritdoc/>
    private protected override void ProcessObjects()
    {
        foreach (var volume in Volume.TakeWhile(_ => !Page.IsDone))
        {
            foreach (var name in Name.TakeWhile(_ => !Page.IsDone))
            {
                ForEach(Subjects.Snapshot, $"{volume}@{name}", () => Write(new NameFilter(volume), new NameFilter(name)));
            }
        }
    }

    private void Write(NameFilter volume, NameFilter name)
    {
        var found = false;
        foreach (var snapshot in List(volume, name))
        {
            found = true;
            if (Page.Takes())
            {
                WriteObject(snapshot);
            }
        }

        if (!found && !volume.IsPattern && !Exists(volume.Name))
        {
            return;
        }

        if (!found && !name.IsPattern)
        {
            var place = volume.IsPattern ? "any volume" : $"the volume '{ObjectName.Printable(volume.Name)}'";
            throw new ClusterException(
                ErrorCode.NotFound,
                $"There is no snapshot '{ObjectName.Printable(name.Name)}' of {place} on the cluster {Connection.Address}.");
        }
    }

    private IEnumerable<Snapshot> List(NameFilter volume, NameFilter name)
    {
        var client = Client;
        var query = new SnapshotQuery
        {
            Volume = volume.IsPattern ? null : volume.Name,
            Pattern = name.IsPattern ? name.ClusterPattern : name.Name,
        };
        do
        {
            var page = Await(token => client.ListSnapshotsAsync(query, token));
            foreach (var snapshot in page.Items.Where(snapshot => volume.Matches(snapshot.Volume) && name.Matches(snapshot.Name)))
            {
                yield return snapshot;
            }

            query = query with { PageToken = page.NextPageToken };
        }
        while (query.PageToken is not null && !Page.IsDone);
    }

    // Writes the error, if it does not: the volume is missing then, not the snapshot.
    private bool Exists(string volume)
    {
        var exists = false;
        ForEach(Subjects.Volume, volume, () =>
        {
            var connection = Connection;
            exists = Await(token => connection.Client.FindVolumeAsync(volume, token)) is not null
                ? true
                : throw new ClusterException(
                    ErrorCode.NotFound, $"There is no volume '{ObjectName.Printable(volume)}' on the cluster {connection.Address}.");
        });
        return exists;
    }
}
