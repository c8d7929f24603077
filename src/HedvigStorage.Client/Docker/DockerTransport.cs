using System.IO.Pipes;
using System.Net.Http;
#if NET8_0_OR_GREATER
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
#endif

namespace HedvigStorage.Client.Docker;

/// <summary>Makes the connections to a Docker Engine.</summary>
internal static class DockerTransport
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(15);

    // How long an upload waits for the word to go on; one that comes later is sent without.
    private static readonly TimeSpan ContinueLimit = TimeSpan.FromMinutes(1);

#if NET8_0_OR_GREATER
    public static HttpMessageHandler Create(DockerEndpoint endpoint)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = endpoint.Path is null && !endpoint.Http.IsLoopback,
            ConnectTimeout = ConnectLimit,
            Expect100ContinueTimeout = ContinueLimit,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        if (endpoint.IsUnixSocket)
        {
            handler.ConnectCallback = async (_, cancellationToken) =>
                await ConnectSocketAsync(endpoint.Path!, cancellationToken).ConfigureAwait(false);
        }
        else if (endpoint.IsPipe)
        {
            handler.ConnectCallback = async (_, cancellationToken) =>
                await ConnectPipeAsync(endpoint.Path!, cancellationToken).ConfigureAwait(false);
        }

        if (endpoint.CertificateFolder is { } folder)
        {
            UseCertificates(handler, folder);
        }

        return handler;
    }

    public static async Task<Stream> ConnectSocketAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static void UseCertificates(SocketsHttpHandler handler, string folder)
    {
        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(Path.Combine(folder, "ca.pem"));
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
            var certificate = Path.Combine(folder, "cert.pem");
            if (File.Exists(certificate))
            {
                using var pem = X509Certificate2.CreateFromPemFile(certificate, Path.Combine(folder, "key.pem"));
                // Windows' TLS takes no key that lives in memory only.
#pragma warning disable SYSLIB0057 // Its successor is not there on .NET 8.
                handler.SslOptions.ClientCertificates = [new X509Certificate2(pem.Export(X509ContentType.Pkcs12))];
#pragma warning restore SYSLIB0057
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new ClusterException(
                ErrorCode.InvalidArgument,
                $"The certificates in '{folder}' (ca.pem, cert.pem, key.pem) cannot be read: {exception.Message}",
                exception);
        }
    }
#else
    public static HttpMessageHandler Create(DockerEndpoint endpoint)
    {
        if (endpoint.IsPipe)
        {
            return new BareStreamHandler(cancellationToken => ConnectPipeAsync(endpoint.Path!, cancellationToken));
        }

        var missing = endpoint.IsUnixSocket ? "unix sockets" : endpoint.CertificateFolder is not null ? "certificates in PEM files" : null;
        return missing is null
            ? new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = !endpoint.Http.IsLoopback }
            : throw new ClusterException(
                ErrorCode.Unsupported,
                $"The Docker Engine at {endpoint.Address} cannot be reached from this runtime, which has no {missing}. "
                    + "Use PowerShell 7.4 or later, or a named pipe.");
    }
#endif

    private static async Task<Stream> ConnectPipeAsync(string name, CancellationToken cancellationToken)
    {
        var pipe = new NamedPipeClientStream(".", name, PipeDirection.InOut, PipeOptions.Asynchronous);
        try
        {
            await pipe.ConnectAsync((int)ConnectLimit.TotalMilliseconds, cancellationToken).ConfigureAwait(false);
            return pipe;
        }
        catch (TimeoutException exception)
        {
            pipe.Dispose();
            throw new IOException($"the pipe '{name}' is not there", exception);
        }
        catch
        {
            pipe.Dispose();
            throw;
        }
    }
}
