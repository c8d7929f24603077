using System;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using HedvigStorage.ClusterHost.Engines.Embedded;
using HedvigStorage.ClusterHost.Platforms.Linux;
using HedvigStorage.ClusterHost.Platforms.Windows;

namespace HedvigStorage.ClusterHost.Platforms;

/// <summary>The parts that differ by operating system.</summary>
internal abstract class HostSystem
{
    private static readonly HostSystem? Found = OperatingSystem.IsWindows() ? new WindowsHostSystem() : OperatingSystem.IsLinux() ? new LinuxHostSystem() : null;

    public static bool IsSupported => Found is not null;

    /// <summary>Gets that of this process.</summary>
    public static HostSystem Current => Found ?? throw new PlatformNotSupportedException();

    public abstract IImageSystem Images { get; }

    public abstract IPrivateFiles PrivateFiles { get; }

    public abstract IImageUsers FindUsers(ImageCopies copies, CopyLimits limits);

    public abstract IStopRequests OpenStopRequests();

    /// <summary>Makes a certificate with its key one that the system's TLS takes. The given one is used up.</summary>
    public abstract X509Certificate2 PrepareForTls(X509Certificate2 certificate);

    /// <summary>Reads the identity of this machine's boot, which its processes that mount volumes share and no other machine has.</summary>
    public abstract string ReadBoot();

    /// <summary>Tells which user of this machine is the client of a connection within it; <see langword="null"/> if that cannot be told.</summary>
    public virtual string? FindUser(IPEndPoint client, IPEndPoint server) => null;
}
