namespace HedvigStorage.PluginHost.Mounts;

/// <summary>
/// One call of Mount. Either it is counted, or its caller has been told that it failed: after a failed Mount no Unmount comes, so
/// a use that is counted all the same would never end.
/// </summary>
/// <param name="id">The mount ID.</param>
/// <param name="engine">The engine's process that asks, or <see langword="null"/> if it is not known.</param>
internal sealed class MountUse(string id, string? engine)
{
    private const int Pending = 0;
    private const int Counted = 1;
    private const int Abandoned = 2;
    private int _state;

    public string Id => id;

    public string? Engine => engine;

    /// <summary>Says that the use is about to be counted; <see langword="false"/> if the caller has given up.</summary>
    public bool TryCount() => Interlocked.CompareExchange(ref _state, Counted, Pending) == Pending;

    /// <summary>
    /// Says that the caller gives up; <see langword="false"/> if the use is being counted, so that the answer comes at once.
    /// </summary>
    public bool TryAbandon() => Interlocked.CompareExchange(ref _state, Abandoned, Pending) == Pending;
}
