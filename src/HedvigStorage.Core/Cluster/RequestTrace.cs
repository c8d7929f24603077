namespace HedvigStorage;

/// <summary>A request to a cluster that has ended, as those are told who want to see what is asked of it.</summary>
public sealed record RequestTrace
{
    /// <summary>Gets the request's type, such as <c>AddVirtualDisk</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Gets the node that was asked; of several, the last.</summary>
    public required Uri Node { get; init; }

    /// <summary>Gets the time from the first try to the end, log-ins and waits between tries included.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Gets how often it was sent.</summary>
    public required int Tries { get; init; }

    /// <summary>Gets the identity of the request, which the cluster's log and audit have too.</summary>
    public required string RequestId { get; init; }

    /// <summary>Gets the answer's status word, or <c>no answer</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>Gets the parameters as JSON, secrets left out.</summary>
    public string Parameters { get; init; } = "{}";

    /// <inheritdoc/>
    public override string ToString()
    {
        var seconds = Elapsed.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture);
        var tries = Tries.ToString(CultureInfo.InvariantCulture);
        return $"{Type} to {Node.GetLeftPart(UriPartial.Authority)}: {Outcome} after {seconds} s, "
            + $"{tries} {(Tries == 1 ? "try" : "tries")} (request {RequestId}).";
    }
}
