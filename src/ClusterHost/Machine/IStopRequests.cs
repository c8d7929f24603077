namespace HedvigStorage.ClusterHost.Machine;

/// <summary>How this process is asked to end, beyond the signals that the web host listens to.</summary>
internal interface IStopRequests : IDisposable
{
    /// <summary>Gets the name of what another process of the same user asks by, or <see langword="null"/> where signals do.</summary>
    string? Name { get; }

    /// <summary>Begins to listen; a request that came before counts.</summary>
    void Begin(Action stop);
}
