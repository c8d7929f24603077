namespace HedvigStorage.Protocol;

/// <summary>A target in ListTargets. Source: both public clients read <see cref="Target"/> and <see cref="Protocol"/>.</summary>
public sealed record TargetMessage
{
    /// <summary>Gets the name, which clients resolve as that of a host.</summary>
    public string? Target { get; init; }

    /// <summary>Gets <c>block</c> or <c>nfs</c>.</summary>
    public string? Protocol { get; init; }

    /// <summary>Gets the hosts that it serves first; extension.</summary>
    public IReadOnlyList<string>? ComputeHosts { get; init; }
}

/// <summary>The result of AddTarget and UpdateTarget.</summary>
/// <param name="Target">The target as it is now.</param>
public sealed record TargetResult(TargetMessage? Target);

/// <summary>The result of GetLun; <see cref="Readonly"/> is the extension's.</summary>
/// <param name="Lun">The number; Cinder takes a negative one for none.</param>
/// <param name="Readonly">Whether it can only be read.</param>
public sealed record LunResult(int? Lun, bool? Readonly);

/// <summary>The outcome of AddLun for one target; <see cref="Lun"/> and <see cref="Readonly"/> are the extension's.</summary>
public sealed record LunOutcome
{
    /// <summary>Gets the target.</summary>
    public string? Name { get; init; }

    /// <summary>Gets one of <see cref="StatusWords"/>.</summary>
    public string? Status { get; init; }

    /// <summary>Gets what was wrong.</summary>
    public string? Message { get; init; }

    /// <summary>Gets the number of the LUN.</summary>
    public int? Lun { get; init; }

    /// <summary>Gets whether it can only be read.</summary>
    public bool? Readonly { get; init; }
}

/// <summary>The result of Mount: an object, where its neighbours have an array.</summary>
/// <param name="ExportInfo">One outcome for each target; Terraform wants exactly one.</param>
public sealed record MountResult(IReadOnlyList<ExportOutcome>? ExportInfo);

/// <summary>The outcome of Mount for one target.</summary>
public sealed record ExportOutcome
{
    /// <summary>Gets the target.</summary>
    public string? Target { get; init; }

    /// <summary>Gets one of <see cref="StatusWords"/>.</summary>
    public string? Status { get; init; }

    /// <summary>Gets what was wrong.</summary>
    public string? Message { get; init; }
}

/// <summary>The access rules of a volume for one target, in GetACLInformation.</summary>
/// <param name="Host">The target.</param>
/// <param name="Initiator">Who may use the volume.</param>
public sealed record TargetAccessMessage(string? Host, IReadOnlyList<AllowedMessage>? Initiator);

/// <summary>Who may use a volume; <see cref="Type"/> is the extension's.</summary>
/// <param name="Ip">The address, whatever its type: Terraform compares with this member only.</param>
/// <param name="Name">The same.</param>
/// <param name="Type"><c>host</c>, <c>ip</c> or <c>iqn</c>.</param>
public sealed record AllowedMessage(string? Ip, string? Name, string? Type);

/// <summary>The result of GetIqn and RegisterIqn; <see cref="Host"/> is the extension's.</summary>
/// <param name="Host">The host.</param>
/// <param name="Iqn">The name of its initiator.</param>
public sealed record InitiatorMessage(string? Host, string? Iqn);

/// <summary>The result of ListIqns.</summary>
/// <param name="Initiators">The initiators.</param>
public sealed record InitiatorsResult(IReadOnlyList<InitiatorMessage>? Initiators);

/// <summary>The result of ListAccess: how all volumes are reached.</summary>
/// <param name="Luns">All LUNs.</param>
/// <param name="Exports">All exports.</param>
/// <param name="Rules">All access rules.</param>
public sealed record AccessListResult(
    IReadOnlyList<LunMessage>? Luns, IReadOnlyList<ExportMessage>? Exports, IReadOnlyList<AccessRuleMessage>? Rules);

/// <summary>A LUN in ListAccess.</summary>
/// <param name="VirtualDisk">The volume.</param>
/// <param name="Target">The target.</param>
/// <param name="Lun">The number.</param>
/// <param name="Readonly">Whether it can only be read.</param>
public sealed record LunMessage(string? VirtualDisk, string? Target, int Lun, bool? Readonly);

/// <summary>An export in ListAccess.</summary>
/// <param name="VirtualDisk">The volume.</param>
/// <param name="Target">The target.</param>
public sealed record ExportMessage(string? VirtualDisk, string? Target);

/// <summary>An access rule in ListAccess.</summary>
/// <param name="VirtualDisk">The volume.</param>
/// <param name="Target">The target.</param>
/// <param name="Type"><c>host</c>, <c>ip</c> or <c>iqn</c>.</param>
/// <param name="Address">Who may.</param>
/// <param name="Labels">The labels, if there are any.</param>
public sealed record AccessRuleMessage(
    string? VirtualDisk, string? Target, string? Type, string? Address, IReadOnlyDictionary<string, string>? Labels);
