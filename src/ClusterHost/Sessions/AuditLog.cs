using System.Net;
using HedvigStorage.ClusterHost.Catalog;
using HedvigStorage.Protocol;

namespace HedvigStorage.ClusterHost.Sessions;

/// <summary>
/// Keeps who asked for which change, from where, and what became of it. The event is in the transaction of the change itself, as begun;
/// its outcome follows within a quarter of a second, and is lost only if the host is killed in between.
/// </summary>
internal sealed class AuditLog(CatalogDatabase catalog, TimeProvider time)
{
    private const long KeptEvents = 100_000;
    private const long PruneEvery = 1000;
    private const int LongestMessage = 1000;

    private long _last = catalog.Read(connection => connection.LastAuditEvent());

    /// <summary>Begins the event of a request.</summary>
    /// <param name="type">The request's type.</param>
    /// <param name="userName">Who sent it.</param>
    /// <param name="describe">Writes its parameters, but for secrets, as far as they have been read by then.</param>
    /// <param name="address">Where it came from.</param>
    /// <param name="requestId">Its identity.</param>
    public AuditEntry Begin(string type, string userName, Func<string> describe, IPAddress address, string requestId)
    {
        var id = Interlocked.Increment(ref _last);
        var now = time.GetUtcNow();
        return AuditEntry.Enter(() => new AuditEvent
        {
            Id = id,
            At = now,
            UserName = userName,
            Address = address.ToString(),
            Type = type,
            Parameters = describe(),
            Outcome = AuditEntry.Begun,
            RequestId = requestId,
        });
    }

    /// <summary>Ends the event of a request.</summary>
    /// <param name="entry">What <see cref="Begin"/> gave.</param>
    /// <param name="outcome">What became of it: one of <see cref="StatusWords"/>.</param>
    /// <param name="message">What was said of it, if anything was.</param>
    public void End(AuditEntry entry, string outcome, string? message)
    {
        var ended = entry.End(outcome, message is { Length: > LongestMessage } ? message[..LongestMessage] : message);
        catalog.WriteSoon(connection =>
        {
            connection.PutAuditEvent(ended);
            if (ended.Id % PruneEvery == 0)
            {
                connection.RemoveAuditEventsUpTo(ended.Id - KeptEvents);
            }
        });
        AuditEntry.Leave();
    }

    /// <summary>Keeps a failure of what the host does by itself.</summary>
    public void Record(string userName, string type, string parameters, string message)
    {
        var row = new AuditEvent
        {
            Id = Interlocked.Increment(ref _last),
            At = time.GetUtcNow(),
            UserName = userName,
            Address = string.Empty,
            Type = type,
            Parameters = parameters,
            Outcome = StatusWords.Failure,
            Message = message.Length > LongestMessage ? message[..LongestMessage] : message,
            RequestId = string.Empty,
        };
        catalog.WriteSoon(connection => connection.PutAuditEvent(row));
    }

    public async Task<Page<AuditEvent>> ListAsync(AuditQuery query)
    {
        var before = long.MaxValue;
        if (query.PageToken is { } token
            && !long.TryParse(token, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out before))
        {
            throw new ClusterException(
                ErrorCode.InvalidArgument,
                $"'{ObjectName.Printable(token)}' is not a page token of ListAuditEvents. Give the nextPageToken of the page before.");
        }

        // What is still to be written is to be seen, too.
        await catalog.WriteAsync(_ => { });
        var rows = catalog.Read(
            connection => connection.ListAuditEvents(before, query.UserName, query.Type, query.Since, query.PageSize + 1));
        List<AuditEvent> items = [.. rows.Take(query.PageSize)];
        return new Page<AuditEvent>(
            items, rows.Count > query.PageSize ? items[^1].Id.ToString(System.Globalization.CultureInfo.InvariantCulture) : null);
    }
}
