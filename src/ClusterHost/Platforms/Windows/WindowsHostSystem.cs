using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using HedvigStorage.ClusterHost.Common;
using HedvigStorage.ClusterHost.Images;
using HedvigStorage.ClusterHost.Machine;

namespace HedvigStorage.ClusterHost.Platforms.Windows;

/// <summary>Windows.</summary>
[SupportedOSPlatform("windows")]
internal sealed class WindowsHostSystem : HostSystem
{
    public override IImageSystem Images { get; } = new WindowsImageSystem();

    public override IPrivateFiles PrivateFiles { get; } = new WindowsPrivateFiles();

    public override IImageUsers FindUsers(ImageCopies copies, CopyLimits limits) => new WindowsImageUsers(copies);

    public override IStopRequests OpenStopRequests() => new WindowsStopRequests();

    // Windows does TLS in another process, which finds a key only in its store. It leaves the store with the certificate.
    public override X509Certificate2 PrepareForTls(X509Certificate2 certificate)
    {
        using (certificate)
        {
            try
            {
                return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
            }
            catch (CryptographicException error)
            {
                throw new StartException(
                    $"Windows does not take the key of the certificate {certificate.Subject} into the key store of this user: "
                        + $"{error.Message}",
                    error);
            }
        }
    }

    // No process mounts volumes here, so none has an identity to give: whoever asks for an attachment is on another machine.
    public override string ReadBoot() => Guid.NewGuid().ToString("D");
}
