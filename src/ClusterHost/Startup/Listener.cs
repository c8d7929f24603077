using System.Collections.Concurrent;
using System.Net;
using HedvigStorage.ClusterHost.Common;
using HedvigStorage.ClusterHost.Observability;
using HedvigStorage.ClusterHost.Rest;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace HedvigStorage.ClusterHost.Startup;

/// <summary>The port: its limits, its connections, and TLS on them.</summary>
internal sealed class Listener(HostOptions options, ServerCertificate? certificate)
{
    private static readonly TimeSpan RefusalInterval = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan LastAnswers = TimeSpan.FromSeconds(1);

    private readonly ConnectionGate _gate = new(options.Limits);
    private readonly ConcurrentDictionary<ConnectionContext, bool> _connections = new();
    private ILogger? _logger;
    private long _toldAt;
    private long _told;

    public void Configure(KestrelServerOptions kestrel)
    {
        var limits = options.Limits;
        kestrel.AddServerHeader = false;
        // The gate counts connections.
        kestrel.Limits.MaxConcurrentConnections = null;
        kestrel.Limits.MaxRequestBodySize = limits.BodyBytes;
        kestrel.Limits.MaxRequestLineSize = limits.RequestLineBytes;
        kestrel.Limits.MaxRequestHeaderCount = limits.Headers;
        kestrel.Limits.MaxRequestHeadersTotalSize = limits.HeaderBytes;
        kestrel.Limits.RequestHeadersTimeout = limits.HeadersTime;
        kestrel.Limits.KeepAliveTimeout = limits.KeepAlive;
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(limits.SlowestRate, gracePeriod: TimeSpan.FromSeconds(5));
        kestrel.Limits.MinResponseDataRate = new MinDataRate(limits.SlowestRate, gracePeriod: TimeSpan.FromSeconds(5));
        kestrel.Limits.Http2.MaxStreamsPerConnection = limits.StreamsOfOneConnection;
        kestrel.Listen(ListenProbe.ToAddress(options.Listen), options.Listen.Port, Configure);
    }

    /// <summary>Begins to watch over what has been configured.</summary>
    public void Start(ILogger logger, HostMetrics metrics)
    {
        _logger = logger;
        metrics.AddGauge("hedvig_connections", "Connections that are open.", () => _gate.Count);
        metrics.AddCounter(
            "hedvig_connections_refused_total", "Connections that were refused because too many were open.", () => _gate.Refused);
        if (certificate is not null)
        {
            metrics.AddGauge(
                "hedvig_tls_certificate_expiry_seconds",
                "When the certificate ends, in seconds since 1970.",
                () => certificate.ExpiresAt.ToUnixTimeSeconds());
            certificate.Watch(options.Time, options.CertificateInterval, logger);
        }
        else if (!options.Listen.IsLoopback)
        {
            HostLog.PlainHttp(logger, options.Listen.GetLeftPart(UriPartial.Authority));
        }
    }

    /// <summary>
    /// Ends what is still open when the requests that are being answered have been answered: Kestrel closes idle connections itself, but
    /// waits for clients that are stuck in the middle of a request or do not read their answer.
    /// </summary>
    public async Task EndAsync(InFlight inFlight, TimeSpan limit)
    {
        _ = await inFlight.DrainAsync(limit, options.Time);
        await Task.Delay(LastAnswers, options.Time);
        foreach (var connection in _connections.Keys)
        {
            connection.Abort();
        }
    }

    private void Configure(ListenOptions listen)
    {
        // Before the handshake: a refused connection costs next to nothing.
        _ = listen.Use(next => connection => AdmitAsync(connection, next));
        listen.Protocols = certificate is null ? HttpProtocols.Http1 : HttpProtocols.Http1AndHttp2;
        if (certificate is not null)
        {
            _ = listen.UseHttps(new TlsHandshakeCallbackOptions
            {
                HandshakeTimeout = options.Limits.Handshake,
                OnConnection = _ => ValueTask.FromResult(certificate.Handshake),
            });
        }
    }

    private async Task AdmitAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var address = (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        using var pass = _gate.TryEnter(address);
        if (pass is not null)
        {
            _connections[connection] = true;
            try
            {
                await next(connection);
            }
            finally
            {
                _ = _connections.TryRemove(connection, out _);
            }

            return;
        }

        connection.Abort();
        TellRefusal(address);
    }

    // One line a minute: a flood of connections must not be one of lines.
    private void TellRefusal(IPAddress address)
    {
        var now = options.Time.GetTimestamp();
        var toldAt = Interlocked.Read(ref _toldAt);
        if (_logger is { } logger && (toldAt == 0 || options.Time.GetElapsedTime(toldAt, now) >= RefusalInterval)
            && Interlocked.CompareExchange(ref _toldAt, now, toldAt) == toldAt)
        {
            var refused = _gate.Refused;
            HostLog.ConnectionsRefused(logger, refused - Interlocked.Exchange(ref _told, refused), address);
        }
    }
}
