namespace HedvigStorage.Commands;

/// <summary>Counts what <c>-Skip</c> and <c>-First</c> leave of a listing, over all objects of the pipeline.</summary>
/// <param name="parameters">What was given.</param>
internal sealed class Paging(PagingParameters parameters)
{
    private ulong _skipped;
    private ulong _written;

    /// <summary>Gets whether all has been written that is wanted, so that nothing more need be asked for.</summary>
    public bool IsDone => _written >= parameters.First;

    /// <summary>Tells whether the next object is wanted.</summary>
    public bool Takes()
    {
        if (_skipped < parameters.Skip)
        {
            _skipped++;
            return false;
        }

        if (IsDone)
        {
            return false;
        }

        _written++;
        return true;
    }
}
