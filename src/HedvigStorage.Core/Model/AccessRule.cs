namespace HedvigStorage;

/// <summary>What an access rule tells those who may use a volume by.</summary>
public enum AccessRuleType
{
    /// <summary>The name of a host.</summary>
    Host,

    /// <summary>An IPv4 or IPv6 address, or a network.</summary>
    Ip,

    /// <summary>The name of an iSCSI initiator: IQN, EUI or NAA.</summary>
    Iqn,
}

/// <summary>An access rule: who may use a volume through a target.</summary>
public sealed record AccessRule : ClusterObject
{
    /// <summary>Gets the volume's name.</summary>
    public required string Volume { get; init; }

    /// <summary>Gets the target's name.</summary>
    public required string Target { get; init; }

    /// <summary>Gets what <see cref="Address"/> is.</summary>
    public AccessRuleType Type { get; init; }

    /// <summary>Gets who may: see <see cref="AccessAddress"/>.</summary>
    public required string Address { get; init; }

    /// <summary>Gets the labels; empty on a cluster that has none.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = ObjectLabels.None;

    /// <inheritdoc/>
    public override string ToString() => $"{Volume} through {Target} by {Address}";
}
