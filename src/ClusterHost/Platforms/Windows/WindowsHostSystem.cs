using System;
using System.Runtime.Versioning;
using HedvigStorage.ClusterHost.Engines.Embedded;

namespace HedvigStorage.ClusterHost.Platforms.Windows;

/// <summary>Windows.</summary>
[SupportedOSPlatform("windows")]
internal sealed class WindowsHostSystem : HostSystem
{
    public override IImageSystem Images { get; } = new WindowsImageSystem();

    public override IPrivateFiles PrivateFiles { get; } = new WindowsPrivateFiles();

    public override IImageUsers FindUsers(ImageCopies copies, TimeSpan freezeLimit) => new WindowsImageUsers(copies);

    public override IStopRequests OpenStopRequests() => new WindowsStopRequests();

    // No process mounts volumes here, so none has an identity to give: whoever asks for an attachment is on another machine.
    public override string ReadBoot() => Guid.NewGuid().ToString("D");
}
