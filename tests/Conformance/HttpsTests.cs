using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace HedvigStorage.Conformance;

/// <summary>The real programs over https, with an authority of the operator's own.</summary>
public sealed class HttpsTests : IAsyncLifetime
{
    private const string Document = """{ "volumes": [ { "name": "tls1", "size": "64MB" } ] }""";
    private readonly string _folder = Directory.CreateTempSubdirectory("hedvigstorage-https-").FullName;

    private string Authority => Path.Combine(_folder, "ca.pem");

    public async Task InitializeAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "site.json"), Document);
        WriteCertificates();
        (await HvAsync(
            trusted: true,
            "cluster",
            "start",
            "--listen",
            "https://127.0.0.1:0",
            "--tls-cert",
            "node.pem",
            "--tls-key",
            "node.key",
            "--log-format",
            "json",
            "--reserve",
            "0",
            "--overcommit",
            "0")).Expect(0);
    }

    public async Task DisposeAsync()
    {
        (await HvAsync(trusted: false, "cluster", "stop")).Expect(0);
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_plan_is_made_and_applied_over_https_once_the_authority_is_trusted()
    {
        var refused = (await HvAsync(trusted: false, "plan", "site.json")).Expect(1);
        Assert.Contains("its issuer, Site authority, is not known to this machine", refused.Errors, StringComparison.Ordinal);
        Assert.Contains("--skip-certificate-check", refused.Errors, StringComparison.Ordinal);

        Assert.Empty((await HvAsync(trusted: true, "plan", "site.json")).Expect(2).Errors);
        (await HvAsync(trusted: true, "apply", "site.json")).Expect(0);
        (await HvAsync(trusted: true, "plan", "site.json")).Expect(0);

        var skipped = (await HvAsync(trusted: false, "plan", "site.json", "--skip-certificate-check")).Expect(0);
        Assert.Single(skipped.Errors.Split("warning: the cluster's certificate is not checked")[1..]);
    }

    [Fact]
    public async Task The_status_tells_the_https_address_and_the_log_is_json()
    {
        var status = (await HvAsync(trusted: true, "cluster", "status", "--json")).Expect(0);
        using var document = JsonDocument.Parse(status.Output);

        Assert.StartsWith("https://127.0.0.1:", document.RootElement.GetProperty("address").GetString(), StringComparison.Ordinal);
        Assert.True(document.RootElement.GetProperty("health").GetProperty("healthy").GetBoolean());
        var lines = await File.ReadAllLinesAsync(Path.Combine(_folder, ".hedvig/cluster/hv-cluster.log"));
        Assert.Contains(lines, line => line.Contains("\"event\":\"CertificateUsed\"", StringComparison.Ordinal));
    }

    private Task<Ended> HvAsync(bool trusted, params string[] arguments) => Programs.RunAsync(
        Programs.Path("hv"),
        _folder,
        trusted ? new Dictionary<string, string>(StringComparer.Ordinal) { ["SSL_CERT_FILE"] = Authority } : null,
        arguments);

    private void WriteCertificates()
    {
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Site authority", authorityKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        using var authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(10));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var node = new CertificateRequest("CN=node1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        node.CertificateExtensions.Add(names.Build());
        using var issued = node.Create(authority, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(9), [1, 2, 3, 4]);
        File.WriteAllText(Authority, authority.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_folder, "node.pem"), issued.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_folder, "node.key"), key.ExportPkcs8PrivateKeyPem());
    }
}
