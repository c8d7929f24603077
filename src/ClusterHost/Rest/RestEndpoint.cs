using System.Net;
using HedvigStorage.ClusterHost.Observability;
using HedvigStorage.ClusterHost.Sessions;
using Microsoft.AspNetCore.Http;

namespace HedvigStorage.ClusterHost.Rest;

/// <summary>The HTTP paths: <c>/rest/</c>, <c>/healthz</c> and <c>/metrics</c>.</summary>
internal sealed class RestEndpoint(
    RequestRouter router,
    RequestReader reader,
    RequestObserver observer,
    HealthEndpoint health,
    MetricsEndpoint metrics,
    InFlight inFlight,
    TimeProvider time)
{
    public Task HandleAsync(HttpContext context) => context.Request.Path.Value switch
    {
        "/rest/" or "/rest" => AnswerRestAsync(context),
        "/healthz" => health.AnswerAsync(context),
        "/metrics" => metrics.AnswerAsync(context),
        _ =>
            EnvelopeWriter.SendAsync(
                context,
                StatusCodes.Status404NotFound,
                RequestId.Of(context.Request),
                null,
                Refusal("Not found. The Hedvig protocol is at /rest/, health at /healthz, metrics at /metrics.")),
    };

    private async Task AnswerRestAsync(HttpContext context)
    {
        var start = time.GetTimestamp();
        var origin = new RequestOrigin(RequestId.Of(context.Request), PeerOf(context.Connection));
        RequestId.Current = origin.RequestId;
        RoutedAnswer routed;
        var status = StatusCodes.Status200OK;
        try
        {
            var text = await reader.ReadAsync(context.Request, context.RequestAborted);

            // A client that hangs up does not stop what it asked for: the operation runs to its end, so that asking again finds it.
            using (inFlight.Enter())
            {
                routed = await router.AnswerAsync(text, origin, CancellationToken.None);
            }
        }
        catch (UnreadableException error)
        {
            // Answered as the protocol's envelope too, for clients that read the body whatever the HTTP status.
            routed = new RoutedAnswer(null, null, null, Refusal(error.Message));
            status = error.Status;
            if (status == StatusCodes.Status405MethodNotAllowed)
            {
                context.Response.Headers.Allow = "GET, POST, PUT";
            }

            if (error.EndsConnection)
            {
                context.Response.Headers.Connection = "close";
            }
        }

        observer.Ended(
            new EndedRequest(
                origin.RequestId,
                routed.Handler?.Type,
                routed.Handler?.Audited ?? false,
                routed.UserName,
                origin.Address,
                observer.OutcomeOf(routed.Answer),
                time.GetElapsedTime(start)));
        await EnvelopeWriter.SendAsync(context, status, origin.RequestId, routed.Type, routed.Answer);
    }

    private static Peer PeerOf(ConnectionInfo connection) => new(
        new IPEndPoint(connection.RemoteIpAddress ?? IPAddress.None, connection.RemotePort),
        new IPEndPoint(connection.LocalIpAddress ?? IPAddress.None, connection.LocalPort));

    private static Answer Refusal(string message) => Answer.Failed(new ClusterException(ErrorCode.InvalidArgument, message));
}
