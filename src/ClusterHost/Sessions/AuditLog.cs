using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using HedvigStorage.ClusterHost.Catalog;
using HedvigStorage.ClusterHost.Rest;

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

    public AuditEntry Begin(string type, string userName, Parameters parameters, RequestOrigin origin)
    {
        var id = Interlocked.Increment(ref _last);
        var now = time.GetUtcNow();
        return AuditEntry.Enter(() => new AuditEvent
        {
            Id = id,
            At = now,
            UserName = userName,
            Address = origin.Address.ToString(),
            Type = type,
            Parameters = parameters.Describe(),
            Outcome = AuditEntry.Begun,
            RequestId = origin.RequestId,
        });
    }

    public void End(AuditEntry entry, Answer answer)
    {
        var message = answer.Message is { Length: > LongestMessage } text ? text[..LongestMessage] : answer.Message;
        var ended = entry.End(answer.Status, message);
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

    public async Task<Page<AuditEvent>> ListAsync(AuditQuery query)
    {
        var before = long.MaxValue;
        if (query.PageToken is { } token && !long.TryParse(token, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out before))
        {
            throw new ClusterException(ErrorCode.InvalidArgument, $"'{ObjectName.Printable(token)}' is no page token of ListAuditEvents. Give the nextPageToken of the page before.");
        }

        // What is still to be written is to be seen, too.
        await catalog.WriteAsync(_ => { });
        var rows = catalog.Read(connection => connection.ListAuditEvents(before, query.UserName, query.Type, query.Since, query.PageSize + 1));
        List<AuditEvent> items = [.. rows.Take(query.PageSize)];
        return new Page<AuditEvent>(items, rows.Count > query.PageSize ? items[^1].Id.ToString(System.Globalization.CultureInfo.InvariantCulture) : null);
    }
}
