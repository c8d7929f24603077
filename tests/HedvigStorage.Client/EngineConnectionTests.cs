using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Docker.DotNet.Models;
using HedvigStorage.Client.Docker;
using HedvigStorage.Tests.Shared;

namespace HedvigStorage.Client.Tests;

/// <summary>How the way to an engine fails, over the network and over a bare stream, as a named pipe is one.</summary>
public sealed class EngineConnectionTests
{
    private const string Version = """{ "Version": "x", "ApiVersion": "1.45", "MinAPIVersion": "1.24", "Os": "linux" }""";

    [Fact]
    public async Task A_connection_that_is_refused_says_so()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var address = $"tcp://{listener.LocalEndpoint}";
        listener.Stop();
        using var engine = new DockerEngineClient(address);

        var error = await Assert.ThrowsAsync<ClusterException>(() => engine.GetVersionAsync(CancellationToken.None));

        Assert.Equal(ErrorCode.Unreachable, error.Code);
        Assert.Equal($"No Docker Engine answers at {address}/: connection refused.", error.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_answer_that_is_cut_short_is_an_error(bool bareStream)
    {
        using var node = new RawNode(request => IsVersion(request) ? RawNode.Http(Version) : RawNode.Http("[]   ", length: 100));
        using var engine = Connect(node, bareStream);

        var error = await Assert.ThrowsAsync<ClusterException>(() => engine.ListNetworksAsync(CancellationToken.None));

        Assert.Equal(ErrorCode.Unreachable, error.Code);
        Assert.StartsWith("No Docker Engine answers at ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_connection_that_ends_without_an_answer_is_an_error(bool bareStream)
    {
        using var node = new RawNode(_ => []);
        using var engine = Connect(node, bareStream);

        var error = await Assert.ThrowsAsync<ClusterException>(() => engine.GetVersionAsync(CancellationToken.None));

        Assert.Equal(ErrorCode.Unreachable, error.Code);
        Assert.DoesNotContain("sequence", error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_engine_that_is_silent_is_waited_for_no_longer_than_a_call_may_take_and_whoever_waits_can_give_up(bool bareStream)
    {
        using var node = new RawNode(request => IsVersion(request) ? RawNode.Http(Version) : null);
        using var call = new DockerCall(node.Address, node.Address, Handler(node, bareStream));
        using var cancellation = new CancellationTokenSource();

        Task<IList<NetworkResponse>> ListAsync(TimeSpan time, CancellationToken end) =>
            call.AskAsync("list", (client, token) => client.Networks.ListNetworksAsync(null, token), time, end);
        var late = await Assert.ThrowsAsync<ClusterException>(() => ListAsync(TimeSpan.FromMilliseconds(50), CancellationToken.None));
        var given = ListAsync(TimeSpan.FromMinutes(1), cancellation.Token);
        await cancellation.CancelAsync();

        Assert.Equal(ErrorCode.Unreachable, late.Code);
        Assert.Equal($"The Docker Engine at {node.Address} did not answer in time.", late.Message);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("node7.example.org", false)]
    public async Task A_certificate_of_the_same_authority_is_that_of_the_engine_only_if_it_has_its_name(string name, bool accepted)
    {
        using var folder = new TemporaryDirectory();
        using var certificate = Issue(name, folder.File("ca.pem"));
        using var node = new RawNode(_ => RawNode.Http(Version), certificate);
        var address = $"tcp://127.0.0.1:{node.Address.Port}";
        using var engine = new DockerEngineClient(DockerEndpoint.Parse(address, variable => variable switch
        {
            "DOCKER_TLS_VERIFY" => "1",
            "DOCKER_CERT_PATH" => folder.Path,
            _ => null,
        }));

        if (accepted)
        {
            Assert.Equal("1.45", (await engine.GetVersionAsync(CancellationToken.None)).ApiVersion);
        }
        else
        {
            var error = await Assert.ThrowsAsync<ClusterException>(() => engine.GetVersionAsync(CancellationToken.None));
            Assert.Equal(ErrorCode.Unreachable, error.Code);
            Assert.Contains("the TLS handshake failed", error.Message, StringComparison.Ordinal);
            Assert.Empty(node.Seen);
        }
    }

    private static bool IsVersion(string request) => request.StartsWith("GET /version ", StringComparison.Ordinal);

    private static DockerEngineClient Connect(RawNode node, bool bareStream) => new(node.Address, Handler(node, bareStream));

    private static System.Net.Http.HttpMessageHandler Handler(RawNode node, bool bareStream) => bareStream
        ? new BareStreamHandler(token => ConnectAsync(node, token))
        : new System.Net.Http.SocketsHttpHandler { ConnectCallback = async (_, token) => await ConnectAsync(node, token) };

    private static async Task<Stream> ConnectAsync(RawNode node, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync("127.0.0.1", node.Address.Port, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private static X509Certificate2 Issue(string name, string authorityFile)
    {
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Test CA", authorityKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForCertificateAuthority());
        using var authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(10));
        File.WriteAllText(authorityFile, authority.ExportCertificatePem());
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var wanted = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (System.Net.IPAddress.TryParse(name, out var address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(name);
        }

        wanted.CertificateExtensions.Add(names.Build());
        using var issued = wanted.Create(authority, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(9), [1]);
        using var withKey = issued.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), password: null);
    }
}
