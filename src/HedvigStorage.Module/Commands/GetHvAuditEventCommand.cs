using HedvigStorage.Completers;

namespace HedvigStorage.Commands;

/// <summary>Lists the changes that were asked of a cluster, the latest first, page by page.</summary>
[Cmdlet(VerbsCommon.Get, "HvAuditEvent", SupportsPaging = true)]
[OutputType(typeof(AuditEvent))]
public sealed class GetHvAuditEventCommand : PagedCommand
{
    // Small, because mostly the latest few are wanted: -First ends the listing after the page that has them.
    private const int PageSize = 200;

    /// <summary>Gets or sets who asked; by default anybody.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ObjectNameTransformation]
    [ArgumentCompleter(typeof(UserCompleter))]
    public string? UserName { get; set; }

    /// <summary>Gets or sets the request's type, such as <c>AddVirtualDisk</c>; by default any.</summary>
    [Parameter]
    [Alias("Type")]
    [ValidateNotNullOrEmpty]
    public string? RequestType { get; set; }

    /// <summary>Gets or sets the earliest instant; by default all are listed that the cluster keeps.</summary>
    [Parameter]
    public DateTimeOffset? Since { get; set; }

    /// <summary>Gets or sets the latest instant; by default there is none.</summary>
    [Parameter]
    public DateTimeOffset? Until { get; set; }

    /// <inheritdoc/>
    private protected override void ProcessObjects() => ForEach(Subjects.AuditEvent, UserName, List);

    private void List()
    {
        var client = Client;
        var query = new AuditQuery { UserName = UserName, Type = RequestType, Since = Since, PageSize = PageSize };
        do
        {
            var page = Await(token => client.Administration.ListAuditEventsAsync(query, token));
            WriteObject(page.Items.Where(item => (Until is null || item.At <= Until) && Page.Takes()), enumerateCollection: true);
            query = query with { PageToken = page.NextPageToken };
        }
        while (query.PageToken is not null && !Page.IsDone);
    }
}
