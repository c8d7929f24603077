using System.Net;
using System.Security.Cryptography.X509Certificates;
using HedvigStorage.ClusterHost.Images;

namespace HedvigStorage.ClusterHost.Machine;

/// <summary>The parts that differ by operating system.</summary>
internal abstract class HostSystem
{
    public abstract IImageSystem Images { get; }

    public abstract IPrivateFiles PrivateFiles { get; }

    public abstract IImageUsers FindUsers(ImageCopies copies, CopyLimits limits);

    public abstract IStopRequests OpenStopRequests();

    /// <summary>Makes a certificate with its key one that the system's TLS takes. The given one is used up.</summary>
    public abstract X509Certificate2 PrepareForTls(X509Certificate2 certificate);

    /// <summary>Reads the identity of this machine's boot, which its processes that mount volumes share and no other machine has.</summary>
    public abstract string ReadBoot();

    /// <summary>
    /// Tells which user of this machine is the client of a connection within it; <see langword="null"/> if that cannot be told.
    /// </summary>
    public virtual string? FindUser(IPEndPoint client, IPEndPoint server) => null;
}
