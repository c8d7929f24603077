namespace HedvigStorage.ClusterHost.Catalog;

/// <summary>The audit event of the request that is being answered.</summary>
internal sealed class AuditEntry
{
    /// <summary>The outcome of an event until another is known.</summary>
    public const string Begun = "begun";

    private static readonly AsyncLocal<AuditEntry?> Holder = new();
    private readonly Func<AuditEvent> _describe;
    private int _taken;

    private AuditEntry(Func<AuditEvent> describe) => _describe = describe;

    /// <summary>Gets the entry of the request that runs, if that is audited.</summary>
    public static AuditEntry? Current => Holder.Value;

    /// <summary>Makes it the entry of all that the caller does from here on.</summary>
    public static AuditEntry Enter(Func<AuditEvent> describe) => Holder.Value = new AuditEntry(describe);

    public static void Leave() => Holder.Value = null;

    /// <summary>The event as begun, for the first write that asks; later ones get none.</summary>
    public AuditEvent? TakeUnrecorded() => Interlocked.Exchange(ref _taken, 1) == 0 ? _describe() : null;

    /// <summary>The event with its outcome.</summary>
    public AuditEvent End(string outcome, string? message) => _describe() with { Outcome = outcome, Message = message ?? string.Empty };
}
