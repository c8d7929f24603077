using System.Net;
using HedvigStorage.ClusterHost.Observability;
using Microsoft.AspNetCore.Http;

namespace HedvigStorage.ClusterHost.Rest;

/// <summary><c>/metrics</c>: all figures, for whom the operator lets read them. It needs no login.</summary>
internal sealed class MetricsEndpoint(PrometheusText text, ClusterGauges gauges, MetricsAccess access)
{
    public async Task AnswerAsync(HttpContext context)
    {
        if (!IsAllowed(access, context.Connection.RemoteIpAddress))
        {
            var refusal = Answer.Failed(
                new ClusterException(
                    ErrorCode.Unauthorized,
                    "Metrics are not shown here. Start hv-cluster with --metrics public, or read them on its own machine."));
            await EnvelopeWriter.SendAsync(context, StatusCodes.Status403Forbidden, RequestId.Of(context.Request), null, refusal);
            return;
        }

        await gauges.RefreshAsync(context.RequestAborted);
        context.Response.ContentType = PrometheusText.ContentType;
        await context.Response.WriteAsync(text.Write(), context.RequestAborted);
    }

    public static bool IsAllowed(MetricsAccess access, IPAddress? address) =>
        access == MetricsAccess.Public || (access == MetricsAccess.Loopback && address is not null && IPAddress.IsLoopback(address));
}
