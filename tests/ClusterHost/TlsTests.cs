using System.Net;
using System.Net.Http;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using HedvigStorage.ClusterHost.Startup;

namespace HedvigStorage.ClusterHost.Tests;

public sealed class TlsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly TestCertificate _authority = new();
    private readonly LogText _log = new();

    private string CertificateFile => _directory["tls.crt"];

    private string KeyFile => _directory["tls.key"];

    public void Dispose()
    {
        _directory.Dispose();
        _authority.Dispose();
        _log.Dispose();
    }

    [Theory]
    [InlineData(false, "1.1")]
    [InlineData(false, "2.0")]
    [InlineData(true, "1.1")]
    [InlineData(true, "2.0")]
    public async Task Https_is_served_with_an_rsa_or_ec_key_over_http_1_and_2(bool rsa, string version)
    {
        _authority.Issue(CertificateFile, KeyFile, rsa: rsa);
        await using var server = await StartAsync();
        using var http = Client(server.Address);

        using var request = new HttpRequestMessage(HttpMethod.Get, "/healthz")
        {
            Version = Version.Parse(version),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var response = await http.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Version.Parse(version), response.Version);
        Assert.Equal("https", server.Address.Scheme);
        var run = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(_directory["data"], "run.json")))!;
        Assert.StartsWith("https://127.0.0.1:", run["address"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_whole_session_works_over_https()
    {
        _authority.Issue(CertificateFile, KeyFile);
        await using var server = await StartAsync();
        using var http = Client(server.Address);
        using var client = new RestClient(server.Address, http);
        var credential = DataDirectory.ReadCredential(Path.Combine(_directory["data"], "credential.json"));

        await client.LoginAsync(credential.UserName, credential.Password);
        await client.CreateAsync("v1");

        Assert.Single(await client.ListVolumesAsync());
        var nodes = await client.OkAsync("ListClusterNodes");
        Assert.Equal(server.Address.Authority, nodes![0]!.GetValue<string>());
    }

    [Fact]
    public async Task Only_tls_1_2_and_1_3_are_spoken()
    {
        _authority.Issue(CertificateFile, KeyFile);
        await using var server = await StartAsync();
        using var certificate = ServerCertificate.Load(CertificateFile, KeyFile);

        await HandshakeAsync(server.Address, SslProtocols.Tls12);
        await HandshakeAsync(server.Address, SslProtocols.Tls13);

        // The system's own library may not speak older ones to ask for.
        Assert.Equal(SslProtocols.Tls12 | SslProtocols.Tls13, certificate.Handshake.EnabledSslProtocols);
    }

    [Fact]
    public async Task A_renewed_certificate_is_taken_up_and_open_connections_go_on()
    {
        _authority.Issue(CertificateFile, KeyFile, "first");
        await using var server = await StartAsync();
        using var http = Client(server.Address);
        Assert.Contains("ok", await http.GetStringAsync(new Uri("/healthz", UriKind.Relative)), StringComparison.Ordinal);
        Assert.Equal("CN=first", await SubjectAsync(server.Address));

        // Through a rename, as certificate tools write.
        _authority.Issue(CertificateFile + ".new", KeyFile + ".new", "second");
        File.Move(KeyFile + ".new", KeyFile, overwrite: true);
        File.Move(CertificateFile + ".new", CertificateFile, overwrite: true);

        await _log.HasAsync("CN=second");
        Assert.Equal("CN=second", await SubjectAsync(server.Address));
        Assert.Contains("ok", await http.GetStringAsync(new Uri("/healthz", UriKind.Relative)), StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_are_replaced_one_after_the_other_keep_the_old_pair_with_one_warning_until_both_are_there()
    {
        _authority.Issue(CertificateFile, KeyFile, "first");
        using var certificate = ServerCertificate.Load(CertificateFile, KeyFile);
        using var logs = new LogCollector();
        var (newCertificate, newKey) = _authority.Issue("second");
        var before = certificate.Handshake;

        File.WriteAllText(CertificateFile, newCertificate);
        for (var i = 0; i < 3; i++)
        {
            certificate.Check(TimeProvider.System, logs.Logger);
        }

        Assert.Same(before, certificate.Handshake);
        Assert.Contains("is not that of the certificate", Assert.Single(logs.Messages), StringComparison.Ordinal);

        File.WriteAllText(KeyFile, newKey);
        certificate.Check(TimeProvider.System, logs.Logger);

        Assert.NotSame(before, certificate.Handshake);
        Assert.Equal(2, logs.Messages.Count);
        Assert.Contains("CN=second", logs.Messages[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_vanish_or_are_garbage_keep_the_old_pair_with_one_warning_each()
    {
        _authority.Issue(CertificateFile, KeyFile);
        using var certificate = ServerCertificate.Load(CertificateFile, KeyFile);
        using var logs = new LogCollector();
        var key = File.ReadAllText(KeyFile);
        var before = certificate.Handshake;

        File.Delete(KeyFile);
        certificate.Check(TimeProvider.System, logs.Logger);
        certificate.Check(TimeProvider.System, logs.Logger);
        File.WriteAllText(KeyFile, "garbage");
        certificate.Check(TimeProvider.System, logs.Logger);
        certificate.Check(TimeProvider.System, logs.Logger);

        Assert.Same(before, certificate.Handshake);
        Assert.Equal(2, logs.Messages.Count);

        File.WriteAllText(KeyFile, key);
        certificate.Check(TimeProvider.System, logs.Logger);
        Assert.Contains("Serves with the certificate", logs.Messages[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_expired_certificate_is_served_and_warned_about()
    {
        _authority.Issue(CertificateFile, KeyFile, until: DateTimeOffset.UtcNow.AddDays(-1));
        await using var server = await StartAsync();
        await _log.HasAsync("clients will refuse it");
    }

    [Theory]
    [InlineData("no certificate", "holds no certificate")]
    [InlineData("no key", "holds no private key")]
    [InlineData("other key", "is not that of the certificate")]
    [InlineData("passphrase", "has a passphrase")]
    [InlineData("missing", "it is not there")]
    [InlineData("damaged", "is damaged")]
    public void A_pair_that_cannot_be_used_is_one_line_and_changes_nothing(string what, string message)
    {
        _authority.Issue(CertificateFile, KeyFile);
        var (_, otherKey) = _authority.Issue("other");
        switch (what)
        {
            case "no certificate":
                File.WriteAllText(CertificateFile, "hello");
                break;
            case "no key":
                File.Copy(CertificateFile, KeyFile, overwrite: true);
                break;
            case "other key":
                File.WriteAllText(KeyFile, otherKey);
                break;
            case "passphrase":
                using (var key = ECDsa.Create(ECCurve.NamedCurves.nistP256))
                {
                    File.WriteAllText(
                        KeyFile,
                        key.ExportEncryptedPkcs8PrivateKeyPem(
                            "secret", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000)));
                }

                break;
            case "damaged":
                File.WriteAllText(CertificateFile, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
                break;
            default:
                File.Delete(KeyFile);
                break;
        }

        var (status, output, error) = Shell.Try(
            HostProcess.Program,
            "--data",
            _directory["data"],
            "--listen",
            "https://127.0.0.1:0",
            "--tls-cert",
            CertificateFile,
            "--tls-key",
            KeyFile);

        Assert.Equal(1, status);
        Assert.Empty(output);
        Assert.Single(error.TrimEnd('\n').Split('\n'));
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_directory["data"]));
    }

    [Fact]
    public async Task A_client_that_does_not_finish_its_handshake_is_let_go_and_keeps_nobody_waiting()
    {
        _authority.Issue(CertificateFile, KeyFile);
        await using var server = await StartAsync(
            options => options with { Limits = options.Limits with { Handshake = TimeSpan.FromMilliseconds(200) } });
        using var silent = new TcpClient();
        await silent.ConnectAsync(IPAddress.Loopback, server.Address.Port);

        Assert.Equal("CN=node1", await SubjectAsync(server.Address));
        Assert.Equal(0, await silent.GetStream().ReadAsync(new byte[1]).AsTask().WaitAsync(TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public async Task Plain_http_beyond_this_machine_is_warned_about()
    {
        await using var server = await ClusterServer.StartAsync(new HostOptions
        {
            DataDirectory = _directory["data"],
            Listen = new Uri("http://0.0.0.0:0"),
            AllowPlainHttp = true,
            Log = _log,
        });

        await _log.HasAsync("passwords are sent in clear text");
        Assert.Equal("127.0.0.1", server.Address.Host);
    }

    private Task<ClusterServer> StartAsync(Func<HostOptions, HostOptions>? configure = null)
    {
        var options = new HostOptions
        {
            DataDirectory = _directory["data"],
            Listen = new Uri("https://127.0.0.1:0"),
            Reserve = 0,
            TlsCertificate = CertificateFile,
            TlsKey = KeyFile,
            CertificateInterval = TimeSpan.FromMilliseconds(50),
            Log = _log,
        };
        return ClusterServer.StartAsync(configure?.Invoke(options) ?? options);
    }

    private HttpClient Client(Uri address)
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) =>
            _authority.Trusts(certificate as X509Certificate2);
        return new HttpClient(handler) { BaseAddress = address };
    }

    private async Task<string> SubjectAsync(Uri address) => (await HandshakeAsync(address, SslProtocols.None)).Subject;

    private async Task<X509Certificate> HandshakeAsync(Uri address, SslProtocols protocols)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, address.Port);
        await using var stream = new SslStream(tcp.GetStream());
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "127.0.0.1",
            EnabledSslProtocols = protocols,
            RemoteCertificateValidationCallback = (_, certificate, _, _) => _authority.Trusts(certificate as X509Certificate2),
        });
        return stream.RemoteCertificate!;
    }
}
