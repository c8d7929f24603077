namespace HedvigStorage.ClusterHost.Volumes;

/// <summary>Tells a background loop that policies or volumes have changed, so that it does not wait for its next turn.</summary>
internal sealed class ChangeSignal
{
    private int _raised;

    public void Raise() => Volatile.Write(ref _raised, 1);

    /// <summary>Tells whether it has been raised since the last call.</summary>
    public bool Take() => Interlocked.Exchange(ref _raised, 0) == 1;
}
