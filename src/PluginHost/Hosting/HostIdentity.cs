using System;
using System.IO;
using HedvigStorage.Client.Hosting;

namespace HedvigStorage.PluginHost.Hosting;

/// <summary>Who holds the leases: this process of this machine in this boot.</summary>
/// <param name="Name">The host's name.</param>
/// <param name="BootId">The boot.</param>
/// <param name="Process">This process, by which a cluster on this machine knows that it runs.</param>
internal sealed record HostIdentity(string Name, string BootId, string? Process)
{
    /// <summary>Reads this machine's boot.</summary>
    /// <param name="name">The host's name.</param>
    public static HostIdentity Read(string name) => new(
        name, File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim(), ProcessIdentity.Of(Environment.ProcessId)?.ToString());

    /// <summary>Tells whether a record is of this boot.</summary>
    /// <param name="bootId">The record's boot.</param>
    public bool IsThisBoot(string? bootId) => string.Equals(bootId, BootId, StringComparison.Ordinal);
}
