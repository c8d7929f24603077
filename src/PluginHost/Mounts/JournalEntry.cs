namespace HedvigStorage.PluginHost.Mounts;

/// <summary>One line of the journal: exactly one of its members is given.</summary>
internal sealed record JournalEntry
{
    /// <summary>Gets the form's version; it is the first line.</summary>
    public int? Version { get; init; }

    /// <summary>Gets a volume's record, in the place of its earlier ones.</summary>
    public MountRecord? Record { get; init; }

    /// <summary>Gets the name of a volume that has no record any longer.</summary>
    public string? Removed { get; init; }
}
