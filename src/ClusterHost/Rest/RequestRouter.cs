using System.Collections.Frozen;
using HedvigStorage.ClusterHost.Common;
using HedvigStorage.ClusterHost.Sessions;
using HedvigStorage.Protocol;
using Microsoft.Extensions.Logging;

namespace HedvigStorage.ClusterHost.Rest;

/// <summary>Finds the handler of a request, checks session and role, keeps the audit, and turns failures into answers.</summary>
internal sealed class RequestRouter(
    IEnumerable<RequestHandler> handlers, SessionStore sessions, AuditLog audit, ILogger<RequestRouter> logger)
{
    private readonly FrozenDictionary<string, RequestHandler> _handlers =
        handlers.ToFrozenDictionary(handler => handler.Type, StringComparer.Ordinal);

    public async Task<RoutedAnswer> AnswerAsync(string text, RequestOrigin origin, CancellationToken cancellationToken)
    {
        string? type = null;
        RequestHandler? handler = null;
        Session? session = null;
        try
        {
            var envelope = RequestParser.Parse(text);
            type = TextOf(envelope, "type");
            if (string.IsNullOrEmpty(type))
            {
                throw new ClusterException(ErrorCode.InvalidArgument, "The request has no 'type'.");
            }

            if (!_handlers.TryGetValue(type, out handler))
            {
                throw new ClusterException(
                    ErrorCode.Unsupported, $"The request type '{ObjectName.Printable(type)}' is not implemented by this cluster.");
            }

            session = handler.Anonymous ? null : sessions.Use(TextOf(envelope, "sessionId"));
            if (session is null && !handler.Anonymous)
            {
                return new RoutedAnswer(type, handler, null, WithItems(handler, EndedSession));
            }

            _ = envelope.Members.TryGetValue("params", out var value);
            if (value is not null and not { Kind: RequestValueKind.Object or RequestValueKind.Null })
            {
                throw new ClusterException(ErrorCode.InvalidArgument, $"{type}: 'params' is not an object.");
            }

            var context = new RequestContext(type, new Parameters(type, value), session, origin, cancellationToken);
            var answer = handler.Audited ? await RunAuditedAsync(handler, context) : await RunAsync(handler, context);
            return new RoutedAnswer(type, handler, session?.UserName, answer);
        }
        catch (ClusterException error)
        {
            return new RoutedAnswer(type, handler, session?.UserName, WithItems(handler, Answer.Failed(error)));
        }
    }

    private static Answer EndedSession { get; } = new()
    {
        Status = StatusWords.SessionFailure,
        Message = "The session is unknown or has ended. Log in again.",
        Code = ErrorCode.Unauthorized,
    };

    private async Task<Answer> RunAuditedAsync(RequestHandler handler, RequestContext context)
    {
        var entry = audit.Begin(
            context.Type, context.Session!.UserName, context.Parameters.Describe, context.Origin.Address, context.Origin.RequestId);
        var answer = await RunAsync(handler, context);

        // A failure may stand inside an answer that is "ok" as a whole.
        audit.End(entry, answer is { Status: StatusWords.Ok, Code: not null } ? StatusWords.Failure : answer.Status, answer.Message);
        return answer;
    }

    private async Task<Answer> RunAsync(RequestHandler handler, RequestContext context)
    {
        try
        {
            if (context.Session is { } session && session.Role < handler.Needs)
            {
                throw new ClusterException(
                    ErrorCode.Unauthorized,
                    $"{context.Type} needs the role {handler.Needs}; the user '{session.UserName}' has the role {session.Role}.");
            }

            return await handler.AnswerAsync(context);
        }
        catch (ClusterException error)
        {
            if (error.Code == ErrorCode.Internal)
            {
                HostLog.RequestFailed(logger, context.Type, error.Message, error.InnerException?.Message);
            }

            return WithItems(handler, Answer.Failed(error));
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            HostLog.RequestBroke(logger, context.Type, error);
            return WithItems(
                handler,
                Answer.Failed(
                    new ClusterException(
                        ErrorCode.Internal, $"The cluster failed inside while it answered {context.Type}. Its log says more.")));
        }
    }

    private static string? TextOf(RequestValue envelope, string member) =>
        envelope.Members.TryGetValue(member, out var found) && found.Kind is RequestValueKind.Text or RequestValueKind.Number
            ? found.Text
            : null;

    private static Answer WithItems(RequestHandler? handler, Answer answer) => handler is { AnswersItems: true }
        ? answer with
        {
            Result = new List<ItemResult> { new() { Status = answer.Status, Message = answer.Message } },
            ResultType = ProtocolJson.Default.ListItemResult,
        }
        : handler?.CompleteFailure?.Invoke(answer) ?? answer;
}
