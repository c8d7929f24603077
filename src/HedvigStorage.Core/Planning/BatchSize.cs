namespace HedvigStorage.Planning;

/// <summary>
/// How many steps are carried out together: few at first, twice as many each time that the answer comes soon, fewer when it takes long. So
/// a fast cluster is asked few times, a slow one answers long before a request's time is over, and how far the work is can be told every
/// few seconds on both.
/// </summary>
internal sealed class BatchSize
{
    /// <summary>How many there are at first.</summary>
    public const int First = 25;

    /// <summary>How many there are at most.</summary>
    public const int Most = 250;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(4);

    private readonly object _gate = new();
    private int _current = First;

    /// <summary>Gets how many are to go together now.</summary>
    public int Current
    {
        get
        {
            lock (_gate)
            {
                return _current;
            }
        }
    }

    /// <summary>Notes how long so many took.</summary>
    /// <param name="count">How many went together.</param>
    /// <param name="elapsed">How long it took until they were answered.</param>
    public void Note(int count, TimeSpan elapsed)
    {
        lock (_gate)
        {
            if (elapsed > Long)
            {
                _current = Math.Max(1, Math.Min(_current, (int)(count * Long.TotalSeconds / elapsed.TotalSeconds / 2)));
            }
            else if (elapsed < Soon && count >= _current)
            {
                _current = Math.Min(Most, _current * 2);
            }
        }
    }
}
