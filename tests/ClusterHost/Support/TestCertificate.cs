using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HedvigStorage.ClusterHost.Tests.Support;

/// <summary>An authority of the test's own, and what it issues.</summary>
internal sealed class TestCertificate : IDisposable
{
    private readonly X509Certificate2 _authority;

    public TestCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        _authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-30), DateTimeOffset.UtcNow.AddDays(30));
    }

    public string AuthorityPem => _authority.ExportCertificatePem();

    /// <summary>Writes a certificate and its key.</summary>
    public void Issue(string certificateFile, string keyFile, string name = "node1", bool rsa = false, DateTimeOffset? until = null)
    {
        var (certificate, key) = Issue(name, rsa, until);
        File.WriteAllText(certificateFile, certificate);
        File.WriteAllText(keyFile, key);
    }

    public (string Certificate, string Key) Issue(string name = "node1", bool rsa = false, DateTimeOffset? until = null)
    {
        using var rsaKey = rsa ? RSA.Create(2048) : null;
        using var ecKey = rsa ? null : ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = rsaKey is not null
            ? new CertificateRequest($"CN={name}", rsaKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest($"CN={name}", ecKey!, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var end = until ?? DateTimeOffset.UtcNow.AddDays(10);
        using var issued = request.Create(
            _authority.SubjectName,
            X509SignatureGenerator.CreateForECDsa(_authority.GetECDsaPrivateKey()!),
            end.AddDays(-20),
            end,
            Guid.NewGuid().ToByteArray());
        return (
            issued.ExportCertificatePem() + "\n" + AuthorityPem + "\n",
            rsaKey?.ExportRSAPrivateKeyPem() ?? ecKey!.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>Tells whether a server's certificate comes from this authority.</summary>
    public bool Trusts(X509Certificate2? certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(_authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return certificate is not null && chain.Build(certificate);
    }

    public void Dispose() => _authority.Dispose();
}
