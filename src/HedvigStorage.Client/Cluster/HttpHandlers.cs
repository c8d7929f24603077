#if NET8_0_OR_GREATER
#endif
using System.Net.Http;
using HedvigStorage.Hosting;

namespace HedvigStorage.Client.Cluster;

/// <summary>Makes the connection pool of a cluster's client.</summary>
internal static class HttpHandlers
{
    // Accepting any certificate is what the user asked for by name, and only then.
#pragma warning disable CA5359, MA0039
    public static HttpMessageHandler Create(ClusterConnection connection)
    {
        // A proxy cannot reach this machine's own loopback address.
        var useProxy = !connection.Nodes.All(node => node.IsLoopback);
#if NET8_0_OR_GREATER
        var handler = new System.Net.Http.SocketsHttpHandler
        {
            // A redirect would carry the credential to an address that nobody configured.
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = useProxy,
            ConnectTimeout = TimeSpan.FromSeconds(15),
            // A name that moves to another address is followed within this time.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        handler.SslOptions.RemoteCertificateValidationCallback = connection.SkipCertificateCheck
            ? (_, _, _, _) => true
            : (_, certificate, chain, errors) => CertificateRefusal.Check(certificate, chain, errors);
#else
        var handler = new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = useProxy };
        handler.ServerCertificateCustomValidationCallback = connection.SkipCertificateCheck
            ? (_, _, _, _) => true
            : (_, certificate, chain, errors) => CertificateRefusal.Check(certificate, chain, errors);
#endif
        return handler;
    }
#pragma warning restore CA5359, MA0039
}
