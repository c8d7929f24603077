using System.Management.Automation;
using HedvigStorage.Completers;
using HedvigStorage.Errors;
using HedvigStorage.Parameters;

namespace HedvigStorage.Commands;

/// <summary>Lists volumes. A literal name that is not there is an error; a pattern that matches nothing is not.</summary>
[Cmdlet(VerbsCommon.Get, "HvVolume")]
[OutputType(typeof(Volume))]
public sealed class GetHvVolumeCommand : ClusterCommand
{
    /// <summary>Gets or sets names, or patterns with wildcards; by default all volumes are listed.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [VolumeNameTransformation(VolumesOnly = true)]
    [ArgumentCompleter(typeof(VolumeCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    private protected override void ProcessObjects()
    {
        foreach (var name in Name)
        {
            var filter = new NameFilter(name);
            ForEach(Subjects.Volume, name, () =>
            {
                if (filter.IsPattern)
                {
                    WritePages(filter);
                }
                else
                {
                    WriteObject(Find(filter.Name));
                }
            });
        }
    }

    private Volume Find(string name)
    {
        var connection = Connection;
        return Await(token => connection.Client.FindVolumeAsync(name, token))
            ?? throw new ClusterException(ErrorCode.NotFound, $"There is no volume '{ObjectName.Printable(name)}' on the cluster {connection.Address}.");
    }

    private void WritePages(NameFilter filter)
    {
        var client = Client;
        var query = new VolumeQuery { Pattern = filter.ClusterPattern };
        do
        {
            var page = Await(token => client.ListVolumesAsync(query, token));
            foreach (var volume in page.Items)
            {
                if (filter.Matches(volume.Name))
                {
                    WriteObject(volume);
                }
            }

            query = query with { PageToken = page.NextPageToken };
        }
        while (query.PageToken is not null);
    }
}
