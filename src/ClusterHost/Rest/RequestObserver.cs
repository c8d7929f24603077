using System.Collections.Frozen;
using HedvigStorage.ClusterHost.Common;
using HedvigStorage.ClusterHost.Observability;
using HedvigStorage.Protocol;
using Microsoft.Extensions.Logging;

namespace HedvigStorage.ClusterHost.Rest;

/// <summary>Tells the log and the metrics of each request that has ended.</summary>
internal sealed class RequestObserver(HostMetrics metrics, ILogger logger)
{
    // What clients call a type must not become a label or a word of the log: only the names that are known here do.
    private const string UnknownType = "unknown";

    private readonly FrozenDictionary<ErrorCode, string> _outcomes = Enum.GetValues<ErrorCode>()
        .ToFrozenDictionary(code => code, code => code.ToString());

    // A failure may stand inside an answer that is "ok" as a whole.
    public string OutcomeOf(Answer answer) => answer switch
    {
        { Status: StatusWords.SessionFailure } or { Status: StatusWords.Ok, Code: null } => answer.Status,
        _ => _outcomes[answer.Code ?? ErrorCode.Internal],
    };

    public void Ended(in EndedRequest request)
    {
        var type = request.Type ?? UnknownType;
        metrics.Count(type, request.Outcome, request.Elapsed);
        if (!logger.IsEnabled(request.Changes ? LogLevel.Information : LogLevel.Debug))
        {
            return;
        }

        var user = request.User ?? "-";
        var milliseconds = Math.Round(request.Elapsed.TotalMilliseconds, 3);
        if (request.Changes)
        {
            HostLog.ChangeEnded(logger, type, user, request.Address, request.Outcome, milliseconds);
        }
        else
        {
            HostLog.ReadEnded(logger, type, user, request.Address, request.Outcome, milliseconds);
        }
    }
}
