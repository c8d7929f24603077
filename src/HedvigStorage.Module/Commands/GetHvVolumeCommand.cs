using HedvigStorage.Completers;

namespace HedvigStorage.Commands;

/// <summary>Lists volumes. A literal name that is not there is an error; a pattern that matches nothing is not.</summary>
[Cmdlet(VerbsCommon.Get, "HvVolume", SupportsPaging = true)]
[OutputType(typeof(Volume))]
public sealed class GetHvVolumeCommand : PagedCommand
{
    /// <summary>Gets or sets names, or patterns with wildcards; by default all volumes are listed.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [VolumeNameTransformation(VolumesOnly = true)]
    [ArgumentCompleter(typeof(VolumeCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Gets or sets names of policies, or patterns with wildcards: only volumes that have one of them are listed.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ObjectNameTransformation]
    [ArgumentCompleter(typeof(PolicyCompleter))]
    public string[]? Policy { get; set; }

    /// <summary>
    /// Gets or sets names of hosts, or patterns with wildcards: only volumes that are attached to one of them are listed.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(AttachmentHostCompleter))]
    public string[]? HostName { get; set; }

    /// <summary>Gets or sets whether only volumes that are attached are listed; with <c>-Attached:$false</c> those that are not.</summary>
    [Parameter]
    public SwitchParameter Attached { get; set; }

    /// <inheritdoc/>
    private protected override void ProcessObjects()
    {
        foreach (var name in Name.TakeWhile(_ => !Page.IsDone))
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
                    Write(Find(filter.Name));
                }
            });
        }
    }

    private Volume Find(string name)
    {
        var connection = Connection;
        return Await(token => connection.Client.FindVolumeAsync(name, token))
            ?? throw new ClusterException(
                ErrorCode.NotFound, $"There is no volume '{ObjectName.Printable(name)}' on the cluster {connection.Address}.");
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
                    Write(volume);
                }
            }

            query = query with { PageToken = page.NextPageToken };
        }
        while (query.PageToken is not null && !Page.IsDone);
    }

    private void Write(Volume volume)
    {
        if (IsWanted(volume) && Page.Takes())
        {
            WriteObject(volume);
        }
    }

    private bool IsWanted(Volume volume) =>
        Matches(Policy, volume.Policy)
        && Matches(HostName, volume.Attachment?.Host)
        && (!MyInvocation.BoundParameters.ContainsKey(nameof(Attached)) || Attached == volume.Attached);

    private static bool Matches(string[]? patterns, string? name) =>
        patterns is null || (name is not null && patterns.Any(pattern => new NameFilter(pattern).Matches(name)));
}
