using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HedvigStorage.Conformance.Parts;

/// <summary>An authority, and the certificates by which an engine on this machine and its client know one another.</summary>
internal sealed class EngineCertificates : IDisposable
{
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";
    private readonly string _folder = Directory.CreateTempSubdirectory("hedvigstorage-tls-").FullName;

    public EngineCertificates()
    {
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Engine authority", authorityKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        using var authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(10));
        File.WriteAllText(Path.Combine(_folder, "ca.pem"), authority.ExportCertificatePem());
        Write(authority, "engine-", ServerUse, 1);
        Write(authority, string.Empty, ClientUse, 2);
    }

    /// <summary>Gets the engine's address.</summary>
    public string Address { get; } = $"tcp://127.0.0.1:{ClusterProcess.FreePort()}";

    /// <summary>Gets the options with which an engine listens there.</summary>
    public string[] Options =>
    [
        "--host", Address, "--tlsverify", "--tlscacert", Path.Combine(_folder, "ca.pem"),
        "--tlscert", Path.Combine(_folder, "engine-cert.pem"), "--tlskey", Path.Combine(_folder, "engine-key.pem"),
    ];

    /// <summary>Gets the folder with the client's files, named as Docker's clients want them.</summary>
    public string Folder => _folder;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Write(X509Certificate2 authority, string prefix, string use, byte serial)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], critical: false));
        using var issued = request.Create(authority, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(9), [serial]);
        File.WriteAllText(Path.Combine(_folder, prefix + "cert.pem"), issued.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_folder, prefix + "key.pem"), key.ExportPkcs8PrivateKeyPem());
    }
}
