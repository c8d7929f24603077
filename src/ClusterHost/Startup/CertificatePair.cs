using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using HedvigStorage.ClusterHost.Common;
using HedvigStorage.ClusterHost.Platforms;

namespace HedvigStorage.ClusterHost.Startup;

/// <summary>A certificate with its chain and its key, ready for handshakes.</summary>
internal sealed class CertificatePair
{
    private CertificatePair(X509Certificate2 leaf, X509Certificate2Collection chain)
    {
        Leaf = leaf;
        Handshake = new SslServerAuthenticationOptions
        {
            // Offline: a start must not wait for somebody else's server.
            ServerCertificateContext = SslStreamCertificateContext.Create(leaf, chain, offline: true),
            ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
            // The two versions that are still sound, whatever the system's default; the analyzer prefers that default.
#pragma warning disable CA5398
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
#pragma warning restore CA5398
            AllowRenegotiation = false,
        };
    }

    public X509Certificate2 Leaf { get; }

    public SslServerAuthenticationOptions Handshake { get; }

    /// <summary>Makes a pair of two PEM texts.</summary>
    /// <param name="certificateName">The certificate's file, for messages.</param>
    /// <param name="certificate">The certificate, and after it those that lead to an authority.</param>
    /// <param name="keyName">The key's file, for messages.</param>
    /// <param name="key">The key, RSA or EC, without a passphrase.</param>
    /// <exception cref="StartException">They are not what they should be, or do not belong together.</exception>
    public static CertificatePair Parse(string certificateName, string certificate, string keyName, string key)
    {
        var chain = new X509Certificate2Collection();
        try
        {
            chain.ImportFromPem(certificate);
        }
        catch (CryptographicException error)
        {
            throw new StartException($"The certificate file '{certificateName}' cannot be read: it is damaged.", error);
        }

        if (chain.Count == 0)
        {
            throw new StartException(
                $"The certificate file '{certificateName}' holds no certificate. It is to hold PEM, "
                    + "which begins with -----BEGIN CERTIFICATE-----.");
        }

        if (key.Contains("ENCRYPTED", StringComparison.Ordinal))
        {
            throw new StartException($"The key in '{keyName}' has a passphrase. Give one without, which only hv-cluster's user may read.");
        }

        if (!HasKey(key))
        {
            throw new StartException(
                $"The key file '{keyName}' holds no private key. It is to hold PEM, which begins with -----BEGIN PRIVATE KEY-----.");
        }

        var leaf = chain[0];
        if (leaf.PublicKey.Oid.Value is not ("1.2.840.113549.1.1.1" or "1.2.840.10045.2.1"))
        {
            throw new StartException(
                $"The certificate in '{certificateName}' has a key of the kind "
                    + $"{leaf.PublicKey.Oid.FriendlyName ?? leaf.PublicKey.Oid.Value}. Give one with an RSA or EC key.");
        }

        try
        {
            chain.RemoveAt(0);
            return new CertificatePair(RunningSystem.Current.PrepareForTls(X509Certificate2.CreateFromPem(certificate, key)), chain);
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            throw new StartException(
                $"The key in '{keyName}' is not that of the certificate in '{certificateName}'. Give the two that were made together.",
                error);
        }
    }

    // The labels that the framework reads.
    private static bool HasKey(string text)
    {
        IReadOnlyList<string> labels = ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"];
        var rest = text.AsSpan();
        while (PemEncoding.TryFind(rest, out var found))
        {
            foreach (var label in labels)
            {
                if (rest[found.Label].SequenceEqual(label))
                {
                    return true;
                }
            }

            rest = rest[found.Location.End..];
        }

        return false;
    }
}
