namespace HedvigStorage.Commands;

/// <summary>What the cmdlets have in common that list page by page, with <c>-First</c> and <c>-Skip</c>.</summary>
public abstract class PagedCommand : ClusterCommand
{
    private Paging? _page;

    private protected PagedCommand()
    {
    }

    private protected Paging Page => _page ??= new Paging(PagingParameters);

    /// <summary>Tells that the total is not known: a listing ends where its pages do.</summary>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (PagingParameters.IncludeTotalCount)
        {
            WriteObject(PagingParameters.NewTotalCount(0, 0));
        }
    }
}
