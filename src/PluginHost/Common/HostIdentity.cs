using HedvigStorage.Linux;

namespace HedvigStorage.PluginHost.Common;

/// <summary>Who holds the leases: this process of this machine in this boot.</summary>
/// <param name="Name">The host's name.</param>
/// <param name="Id">The id that tells it from another host of the name, or <see langword="null"/> if it has none.</param>
/// <param name="BootId">The boot.</param>
/// <param name="Process">This process, by which a cluster on this machine knows that it runs.</param>
internal sealed record HostIdentity(string Name, string? Id, string BootId, string? Process)
{
    /// <summary>Reads this machine's boot.</summary>
    /// <param name="name">The host's name.</param>
    /// <param name="id">Its id.</param>
    public static HostIdentity Read(string name, string? id = null) => new(
        name, id, MachineBoot.Read(), ProcessIdentity.Of(Environment.ProcessId)?.ToString());

    /// <summary>Gets how it holds leases.</summary>
    public AttachmentHolder Holder => new() { Host = Name, HostId = Id, BootId = BootId, Process = Process };

    /// <summary>Tells whether a record is of this boot.</summary>
    /// <param name="bootId">The record's boot.</param>
    public bool IsThisBoot(string? bootId) => string.Equals(bootId, BootId, StringComparison.Ordinal);
}
