using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace HedvigStorage.Client.Cluster;

/// <summary>
/// A server's certificate was not accepted; the message says what is wrong with it. The framework's own words name neither the end of its
/// life nor its names.
/// </summary>
internal sealed class CertificateRefusal(string message) : AuthenticationException(message)
{
    private const int ShownNames = 5;

    /// <summary>Accepts what the platform accepts.</summary>
    /// <returns>Always <see langword="true"/>.</returns>
    /// <exception cref="CertificateRefusal">The platform does not accept it.</exception>
    public static bool Check(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        errors == SslPolicyErrors.None ? true : throw new CertificateRefusal(Describe(certificate, chain, errors));

    private static string Describe(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is not X509Certificate2 shown)
        {
            return "there is none";
        }

        var reasons = new List<string>();
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
        {
            // Each link has words of its own; the first that is said of a kind is enough.
            reasons.AddRange((chain?.ChainStatus ?? []).Select(status => Describe(shown, status)).Distinct(StringComparer.Ordinal));
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            reasons.Add($"it is for another name: {Names(shown)}");
        }

        return reasons.Count == 0 ? "the system does not accept it" : string.Join("; ", reasons);
    }

    private static string Describe(X509Certificate2 certificate, X509ChainStatus status) => status.Status switch
    {
#pragma warning disable RS0030 // The chain was checked against the machine's clock.
        X509ChainStatusFlags.NotTimeValid when DateTime.Now > certificate.NotAfter => $"it expired on {Date(certificate.NotAfter)}",
        X509ChainStatusFlags.NotTimeValid when DateTime.Now < certificate.NotBefore =>
            $"it is not valid before {Date(certificate.NotBefore)}",
#pragma warning restore RS0030
        X509ChainStatusFlags.NotTimeValid => "an authority above it has expired",
        X509ChainStatusFlags.UntrustedRoot or X509ChainStatusFlags.PartialChain =>
            $"its issuer, {ObjectName.Printable(certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: true))}, "
                + "is not known to this machine",
        X509ChainStatusFlags.Revoked => "it has been revoked",
        _ => status.StatusInformation is { Length: > 0 } text ? AnswerReader.Printable(text).TrimEnd('.') : status.Status.ToString(),
    };

    private static string Date(DateTime time) => time.ToUniversalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Names(X509Certificate2 certificate)
    {
#if NET8_0_OR_GREATER
        if (certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault() is { } names)
        {
            var all = names.EnumerateDnsNames().Concat(names.EnumerateIPAddresses().Select(address => address.ToString())).ToArray();
            if (all.Length > 0)
            {
                return string.Join(", ", all.Take(ShownNames).Select(ObjectName.Printable))
                    + (all.Length > ShownNames ? ", …" : string.Empty);
            }
        }

#else
        // The platform has no reader of the alternative names, but a text of them.
        if (certificate.Extensions["2.5.29.17"]?.Format(multiLine: false) is { Length: > 0 } text)
        {
            return AnswerReader.Printable(string.Join(", ", text.Split(',').Take(ShownNames).Select(part => part.Trim())));
        }

#endif
        return ObjectName.Printable(certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false));
    }
}
