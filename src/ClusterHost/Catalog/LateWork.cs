namespace HedvigStorage.ClusterHost.Catalog;

/// <summary>Work that nobody waits for: it joins the next transaction, and if there is none for a while, has one made.</summary>
internal sealed class LateWork : IDisposable
{
    private const int Longest = 250;

    private readonly Lock _gate = new();
    private readonly Action _write;
    private readonly Timer _timer;
    private List<Action<CatalogConnection>> _waiting = [];
    private bool _ended;

    public LateWork(Action write)
    {
        _write = write;
        _timer = new Timer(_ => Write());
    }

    public void Add(Action<CatalogConnection> work)
    {
        lock (_gate)
        {
            _waiting.Add(work);
            if (_waiting.Count == 1 && !_ended)
            {
                _ = _timer.Change(Longest, Timeout.Infinite);
            }
        }
    }

    public List<Action<CatalogConnection>> TakeAll()
    {
        lock (_gate)
        {
            if (_waiting.Count == 0)
            {
                return [];
            }

            var taken = _waiting;
            _waiting = [];
            return taken;
        }
    }

    /// <summary>Has what waits written now.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _ended = true;
        }

        _timer.Dispose();
        Write();
    }

    private void Write()
    {
        lock (_gate)
        {
            if (_waiting.Count == 0)
            {
                return;
            }
        }

        try
        {
            _write();
        }
        catch (InvalidOperationException)
        {
            // The catalog has been closed meanwhile, which has written it.
        }
    }
}
