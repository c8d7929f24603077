namespace HedvigStorage.ClusterHost.Tests.Support;

/// <summary>A cluster host in this process with what it keeps its volumes in. Both end together.</summary>
internal interface IHostSite : IAsyncDisposable
{
    /// <summary>Gets the host that runs now.</summary>
    InProcessHost Host { get; }
}
