using HedvigStorage.Client.Compatibility;

namespace HedvigStorage.Client.Docker;

/// <summary>Where a Docker Engine is: a unix socket, a named pipe or a TCP port, and whether TLS is spoken there.</summary>
/// <param name="Address">The address as people write it.</param>
/// <param name="Http">What requests are addressed to; for sockets and pipes a name that is never looked up.</param>
/// <param name="Path">The socket's or pipe's path; <see langword="null"/> for TCP.</param>
/// <param name="CertificateFolder">The folder of <c>ca.pem</c>, <c>cert.pem</c> and <c>key.pem</c>; <see langword="null"/> without TLS or
/// for the system's own trust.</param>
internal sealed record DockerEndpoint(Uri Address, Uri Http, string? Path, string? CertificateFolder)
{
    private const int PlainPort = 2375;
    private const int TlsPort = 2376;

    public bool IsPipe => string.Equals(Address.Scheme, "npipe", StringComparison.Ordinal);

    public bool IsUnixSocket => string.Equals(Address.Scheme, "unix", StringComparison.Ordinal);

    /// <summary>Reads an address, or takes <c>DOCKER_HOST</c>, or the platform's default.</summary>
    public static DockerEndpoint Parse(string? address, Func<string, string?> environment)
    {
        var text = FirstOf(address, environment("DOCKER_HOST"))
            ?? (Platform.IsWindows ? "npipe:////./pipe/docker_engine" : "unix:///var/run/docker.sock");
        return text.IndexOf("://", StringComparison.Ordinal) < 0 || !Uri.TryCreate(text, UriKind.Absolute, out var uri)
            ? throw NotAnAddress(text)
            : uri.Scheme switch
            {
                "unix" when uri.AbsolutePath.Length > 1 && uri.Host.Length == 0 =>
                    new DockerEndpoint(uri, new Uri("http://docker/"), Uri.UnescapeDataString(uri.AbsolutePath), null),
                "npipe" when text.ContainsIgnoreCase("/pipe/") =>
                    new DockerEndpoint(
                        uri,
                        new Uri("http://docker/"),
                        text.Substring(text.LastIndexOf("/pipe/", StringComparison.OrdinalIgnoreCase) + "/pipe/".Length),
                        null),
                "tcp" or "http" or "https" when uri.Host.Length > 0 && uri.AbsolutePath is "/" or "" => Tcp(uri, environment),
                _ => throw NotAnAddress(text),
            };
    }

    private static DockerEndpoint Tcp(Uri uri, Func<string, string?> environment)
    {
        var verify = FirstOf(environment("DOCKER_TLS_VERIFY")) is not null && !string.Equals(uri.Scheme, "http", StringComparison.Ordinal);
        var tls = verify || string.Equals(uri.Scheme, "https", StringComparison.Ordinal);
        var port = uri.Port > 0 && !(uri.IsDefaultPort && uri.Scheme is "http" or "https") ? uri.Port : tls ? TlsPort : PlainPort;
        var folder = FirstOf(environment("DOCKER_CERT_PATH"))
            ?? (verify ? System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".docker") : null);
        var http = new UriBuilder(tls ? "https" : "http", uri.Host, port).Uri;
        return tls && folder is not null && !Directory.Exists(folder)
            ? throw new ClusterException(
                ErrorCode.InvalidArgument,
                $"The folder '{folder}' with the Docker Engine's certificates does not exist. Set DOCKER_CERT_PATH to one with ca.pem, "
                    + "cert.pem and key.pem.")
            : new DockerEndpoint(uri, http, null, tls ? folder : null);
    }

    private static ClusterException NotAnAddress(string text) => new(
        ErrorCode.InvalidArgument,
        $"'{ObjectName.Printable(text)}' is not the address of a Docker Engine. Give one such as unix:///var/run/docker.sock, "
            + "npipe:////./pipe/docker_engine or tcp://localhost:2375.");

    private static string? FirstOf(params string?[] values) => Array.Find(values, value => !string.IsNullOrWhiteSpace(value))?.Trim();
}
