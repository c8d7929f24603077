using System;
using System.Collections.Frozen;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using HedvigStorage.Client.Protocol;
using HedvigStorage.ClusterHost.Hosting;
using HedvigStorage.ClusterHost.Sessions;
using Microsoft.Extensions.Logging;

namespace HedvigStorage.ClusterHost.Rest;

/// <summary>Finds the handler of a request, checks the session, and turns failures into answers.</summary>
internal sealed class RequestRouter(IEnumerable<RequestHandler> handlers, SessionStore sessions, ILogger<RequestRouter> logger)
{
    private readonly FrozenDictionary<string, RequestHandler> _handlers =
        handlers.ToFrozenDictionary(handler => handler.Type, StringComparer.Ordinal);

    public async Task<(string? Type, Answer Answer)> AnswerAsync(string text, RequestOrigin origin, CancellationToken cancellationToken)
    {
        string? type = null;
        RequestHandler? handler = null;
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
                throw new ClusterException(ErrorCode.Unsupported, $"The request type '{ObjectName.Printable(type)}' is not implemented by this cluster.");
            }

            var session = handler.Anonymous ? null : sessions.Use(TextOf(envelope, "sessionId"));
            if (session is null && !handler.Anonymous)
            {
                return (type, WithItems(handler, new Answer
                {
                    Status = StatusWords.SessionFailure,
                    Message = "The session is unknown or has ended. Log in again.",
                    Code = ErrorCode.Unauthorized,
                }));
            }

            if (session is not null && session.Role < handler.Needs)
            {
                throw new ClusterException(ErrorCode.Unauthorized, $"{type} needs the role {handler.Needs}; the user '{session.UserName}' has the role {session.Role}.");
            }

            _ = envelope.Members.TryGetValue("params", out var parameters);
            if (parameters is not null and not { Kind: RequestValueKind.Object or RequestValueKind.Null })
            {
                throw new ClusterException(ErrorCode.InvalidArgument, $"{type}: 'params' is {parameters.Text}; give an object.");
            }

            return (type, await handler.AnswerAsync(new RequestContext(type, new Parameters(type, parameters), session, origin, cancellationToken)));
        }
        catch (ClusterException error)
        {
            if (error.Code == ErrorCode.Internal)
            {
                HostLog.RequestFailed(logger, type, error.Message, error.InnerException?.Message);
            }

            return (type, WithItems(handler, Answer.Failed(error)));
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            HostLog.RequestBroke(logger, type, error);
            var answer = Answer.Failed(new ClusterException(ErrorCode.Internal, $"The cluster failed inside while it answered {type}. Its log says more."));
            return (type, WithItems(handler, answer));
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
