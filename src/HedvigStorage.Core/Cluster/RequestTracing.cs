namespace HedvigStorage;

/// <summary>Brings what is told of requests to whoever asked for the work that sends them: one client may serve several at once.</summary>
public static class RequestTracing
{
    private static readonly AsyncLocal<Action<RequestTrace>?> Listener = new();

    /// <summary>Gets whether somebody listens in this flow of calls, so that there is something to tell.</summary>
    public static bool IsHeard => Listener.Value is not null;

    /// <summary>Has a listener told of the requests of this flow of calls: of what is called from here on, and of nothing else.</summary>
    /// <param name="listener">The listener, which any thread may call.</param>
    public static void Listen(Action<RequestTrace> listener) => Listener.Value = listener;

    /// <summary>Tells of a request that has ended.</summary>
    /// <param name="trace">The request.</param>
    public static void Tell(RequestTrace trace) => Listener.Value?.Invoke(trace);
}
