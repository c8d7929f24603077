namespace HedvigStorage;

/// <summary>A change that somebody asked of a cluster, whatever became of it.</summary>
public sealed record AuditEvent : ClusterObject
{
    /// <summary>Gets the number of the event; later ones have higher numbers.</summary>
    public required long Id { get; init; }

    /// <summary>Gets when it was asked.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Gets who asked; empty if the name given is none of a user.</summary>
    public string UserName { get; init; } = string.Empty;

    /// <summary>Gets the address that the request came from.</summary>
    public string Address { get; init; } = string.Empty;

    /// <summary>Gets the request's type.</summary>
    public required string Type { get; init; }

    /// <summary>Gets the parameters that the cluster heeded, as JSON, long ones shortened; never a secret.</summary>
    public string Parameters { get; init; } = "{}";

    /// <summary>Gets the answer's status word, or <c>begun</c> if the cluster host ended before it knew the outcome.</summary>
    public required string Outcome { get; init; }

    /// <summary>Gets what was wrong; empty if nothing was.</summary>
    public string Message { get; init; } = string.Empty;

    /// <summary>Gets the identity of the request, which logs have too.</summary>
    public string RequestId { get; init; } = string.Empty;
}
