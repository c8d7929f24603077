using HedvigStorage.Linux;

namespace HedvigStorage.PluginHost.Mounts;

/// <summary>
/// Engines' processes that have ended: one that was killed ends no use, and neither does the one that is started after it.
/// </summary>
internal static class EndedEngines
{
    /// <summary>
    /// Tells whether a volume has uses, and each was counted by a process that has ended. It is <see langword="false"/> if that is not
    /// known of one.
    /// </summary>
    /// <param name="record">The volume's record.</param>
    public static bool HaveAllUses(MountRecord record) =>
        record.Uses.Count > 0 && record.Uses.All(Has);

    /// <summary>Tells whether a use was counted by a process that has ended.</summary>
    /// <param name="use">The use.</param>
    public static bool Has(UseCount use) => ProcessIdentity.Parse(use.Engine)?.HasEnded() == true;
}
