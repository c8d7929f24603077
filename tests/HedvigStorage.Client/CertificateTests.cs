using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using HedvigStorage.Hosting;

namespace HedvigStorage.Client.Tests;

public sealed class CertificateTests
{
    private const string Login = """{"status":"ok","result":{"sessionId":"s1"}}""";

    [Theory]
    [InlineData("127.0.0.1", 10, "its issuer, Test CA, is not known to this machine")]
    [InlineData("127.0.0.1", -1, "it expired on ")]
    [InlineData("node7.example.org", 10, "it is for another name: node7.example.org")]
    public async Task A_certificate_that_is_not_trusted_is_said_with_what_is_wrong_and_how_to_go_on(string name, int days, string reason)
    {
        using var certificate = Make(name, DateTimeOffset.UtcNow.AddDays(days));
        using var node = new RawNode(_ => RawNode.Http(Login), certificate);
        using var cluster = Connect(skip: false, node.Address);

        var error = await Assert.ThrowsAnyAsync<ClusterException>(() => cluster.ConnectAsync(CancellationToken.None));

        Assert.Equal(ErrorCode.Unreachable, error.Code);
        Assert.StartsWith($"The certificate of {node.Address} is not trusted: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Contains("SSL_CERT_FILE", error.Message, StringComparison.Ordinal);
        Assert.Contains("--skip-certificate-check", error.Message, StringComparison.Ordinal);
        Assert.Empty(node.Seen);
    }

    [Fact]
    public async Task With_the_check_skipped_any_certificate_is_accepted()
    {
        using var certificate = Make("node7.example.org", DateTimeOffset.UtcNow.AddDays(-1));
        using var node = new RawNode(_ => RawNode.Http(Login), certificate);
        using var cluster = Connect(skip: true, node.Address);

        await cluster.ConnectAsync(CancellationToken.None);

        Assert.Single(node.Seen);
    }

    [Fact]
    public async Task A_node_whose_certificate_is_not_trusted_is_passed_over_for_one_that_is_reached()
    {
        using var certificate = Make("127.0.0.1", DateTimeOffset.UtcNow.AddDays(1));
        using var bad = new RawNode(_ => RawNode.Http(Login), certificate);
        using var good = new RawNode(_ => RawNode.Http(Login));
        using var cluster = Connect(skip: false, bad.Address, good.Address);

        await cluster.ConnectAsync(CancellationToken.None);

        Assert.Equal(good.Address, cluster.Address);
    }

    [Fact]
    public async Task A_node_that_does_not_speak_tls_is_said_to_be_one_with_http()
    {
        using var node = new RawNode(_ => RawNode.Http(Login, "400 Bad Request"));
        using var cluster = Connect(skip: false, new UriBuilder(node.Address) { Scheme = "https" }.Uri);

        var error = await Assert.ThrowsAnyAsync<ClusterException>(() => cluster.ConnectAsync(CancellationToken.None));

        Assert.Equal(ErrorCode.Unreachable, error.Code);
        Assert.Contains("its address may be one with http", error.Message, StringComparison.Ordinal);
    }

    private static Cluster.HedvigCluster Connect(bool skip, params Uri[] nodes) => new(new ClusterConnection
    {
        Nodes = nodes,
        Credential = new Credential("u", "p"),
        RequestTimeout = TimeSpan.FromSeconds(60),
        SkipCertificateCheck = skip,
    });

    // The authority is known to nobody, so with every other reason its being unknown is said too.
    private static X509Certificate2 Make(string name, DateTimeOffset until)
    {
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authority = new X500DistinguishedName("CN=Test CA");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(name, out var address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(name);
        }

        request.CertificateExtensions.Add(names.Build());
        using var issued = request.Create(
            authority, X509SignatureGenerator.CreateForECDsa(authorityKey), until.AddDays(-20), until, Guid.NewGuid().ToByteArray());
        using var withKey = issued.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), password: null);
    }
}
