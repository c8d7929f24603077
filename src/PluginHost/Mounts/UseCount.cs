namespace HedvigStorage.PluginHost.Mounts;

/// <summary>How many times a mount ID has a volume mounted, as one process of an engine has asked for it.</summary>
/// <param name="Id">The mount ID.</param>
/// <param name="Count">How many times.</param>
/// <param name="Engine">The engine's process, as <see cref="Linux.ProcessIdentity"/> writes it: one that was killed sends no Unmount for
/// what it has mounted, nor does the next one. <see langword="null"/> if it is not known.</param>
internal sealed record UseCount(string Id, int Count, string? Engine);
