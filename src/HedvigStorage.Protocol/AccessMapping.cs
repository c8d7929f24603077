namespace HedvigStorage.Protocol;

/// <summary>Turns the messages about access into the model and back.</summary>
public static class AccessMapping
{
    /// <summary>
    /// What UnmapLun and GetLun say of a volume that a target does not have. Source: Hedvig's Cinder driver looks for these words.
    /// </summary>
    public const string NotMapped = "is not mapped to the specified controller";

    /// <summary>What GetIqn says of an unknown host. Source: Hedvig's Cinder driver looks for these words.</summary>
    public const string IqnNotFound = "IQN not found";

    /// <summary>Writes a protocol.</summary>
    public static string ToWord(this TargetProtocol protocol) => protocol == TargetProtocol.Nfs ? "nfs" : "block";

    /// <summary>Writes the type of an access rule.</summary>
    public static string ToWord(this AccessRuleType type) => type switch
    {
        AccessRuleType.Ip => "ip",
        AccessRuleType.Iqn => "iqn",
        _ => "host",
    };

    /// <summary>Writes a target.</summary>
    public static TargetMessage ToMessage(this Target target) => new()
    {
        Target = target.Name,
        Protocol = target.Protocol.ToWord(),
        ComputeHosts = target.ComputeHosts,
    };

    /// <summary>Reads a target.</summary>
    /// <returns><see langword="null"/> if it is neither for block nor for file volumes.</returns>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Protocol"/>: a member that must be there is not.</exception>
    public static Target? ToModel(this TargetMessage message) =>
        AttributeTable.TryParseWord<TargetProtocol>(MessageMapping.Required(message.Protocol, "protocol"), out var protocol)
            ? new Target { Name = MessageMapping.Required(
                message.Target, "target"), Protocol = protocol, ComputeHosts = message.ComputeHosts ?? [] }
            : null;

    /// <summary>Writes the access rules of one volume, target by target.</summary>
    public static IReadOnlyList<TargetAccessMessage> ToMessage(this IEnumerable<AccessRule> rules) => rules
        .GroupBy(rule => rule.Target, System.StringComparer.Ordinal)
        .Select(
            target =>
                new TargetAccessMessage(
                    target.Key, target.Select(rule => new AllowedMessage(rule.Address, rule.Address, rule.Type.ToWord())).ToArray()))
        .ToArray();

    /// <summary>Reads the access rules of one volume for one target.</summary>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Protocol"/>: a member that must be there is not.</exception>
    public static IEnumerable<AccessRule> ToModel(
        this TargetAccessMessage message, string volume) => (message.Initiator ?? []).Select(allowed =>
    {
        var address = MessageMapping.Required(string.IsNullOrEmpty(allowed.Ip) ? allowed.Name : allowed.Ip, "initiator.ip");
        return new AccessRule
        {
            Volume = volume,
            Target = MessageMapping.Required(message.Host, "host"),
            Address = address,
            Type = AttributeTable.TryParseWord<AccessRuleType>(allowed.Type, out var type) ? type : AccessAddress.TypeOf(address),
        };
    });

    /// <summary>Writes how all volumes are reached.</summary>
    public static AccessListResult ToMessage(this AccessList list) => new(
        list.Luns.Select(lun => new LunMessage(lun.Volume, lun.Target, lun.Number, lun.ReadOnly)).ToArray(),
        list.Exports.Select(export => new ExportMessage(export.Volume, export.Target)).ToArray(),
        list.Rules.Select(rule => new AccessRuleMessage(
            rule.Volume, rule.Target, rule.Type.ToWord(), rule.Address, MessageMapping.ToMessage(rule.Labels))).ToArray());

    /// <summary>Reads how all volumes are reached.</summary>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Protocol"/>: a member that must be there is not.</exception>
    public static AccessList ToModel(this AccessListResult message) => new()
    {
        Luns = (message.Luns ?? throw MessageMapping.Unreadable("luns", null)).Select(lun => new Lun
        {
            Volume = MessageMapping.Required(lun?.VirtualDisk, "luns.virtualDisk"),
            Target = MessageMapping.Required(lun!.Target, "luns.target"),
            Number = lun.Lun,
            ReadOnly = lun.Readonly,
        }).ToArray(),
        Exports = (message.Exports ?? throw MessageMapping.Unreadable("exports", null)).Select(export => new Export
        {
            Volume = MessageMapping.Required(export?.VirtualDisk, "exports.virtualDisk"),
            Target = MessageMapping.Required(export!.Target, "exports.target"),
        }).ToArray(),
        Rules = (message.Rules ?? throw MessageMapping.Unreadable("rules", null)).Select(rule => new AccessRule
        {
            Volume = MessageMapping.Required(rule?.VirtualDisk, "rules.virtualDisk"),
            Target = MessageMapping.Required(rule!.Target, "rules.target"),
            Address = MessageMapping.Required(rule.Address, "rules.address"),
            Type = AttributeTable.TryParseWord<AccessRuleType>(rule.Type, out var type)
                ? type
                : throw MessageMapping.Unreadable("rules.type", rule.Type),
            Labels = rule.Labels ?? ObjectLabels.None,
        }).ToArray(),
    };

    /// <summary>Writes an initiator.</summary>
    public static InitiatorMessage ToMessage(this HostInitiator initiator) => new(initiator.Host, initiator.Iqn);

    /// <summary>Reads an initiator.</summary>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Protocol"/>: a member that must be there is not.</exception>
    public static HostInitiator ToModel(this InitiatorMessage message) =>
        new(MessageMapping.Required(message.Host, "host"), MessageMapping.Required(message.Iqn, "iqn"));
}
