using System.Net;
using System.Runtime.Versioning;
using System.Security.Cryptography.X509Certificates;
using HedvigStorage.ClusterHost.Images;
using HedvigStorage.ClusterHost.Machine;
using HedvigStorage.Linux;

namespace HedvigStorage.ClusterHost.Platforms.Linux;

/// <summary>Linux.</summary>
[SupportedOSPlatform("linux")]
internal sealed class LinuxHostSystem : HostSystem
{
    public override IImageSystem Images { get; } = new LinuxImageSystem();

    public override IPrivateFiles PrivateFiles { get; } = new LinuxPrivateFiles();

    public override IImageUsers FindUsers(ImageCopies copies, CopyLimits limits) => new LinuxImageUsers(copies, limits);

    public override IStopRequests OpenStopRequests() => new LinuxStopRequests();

    public override X509Certificate2 PrepareForTls(X509Certificate2 certificate) => certificate;

    public override string ReadBoot() => MachineBoot.Read();

    public override string? FindUser(IPEndPoint client, IPEndPoint server) => LinuxConnections.FindUser(client, server);
}
