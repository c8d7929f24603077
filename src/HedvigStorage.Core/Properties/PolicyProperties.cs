using PolicyProperty =
    HedvigStorage.Properties.ObjectProperty<HedvigStorage.PolicySpecification, HedvigStorage.Policy, HedvigStorage.PolicyChange>;

namespace HedvigStorage.Properties;

/// <summary>The properties of policies, in the order in which documents have them.</summary>
public static class PolicyProperties
{
    /// <summary>Gets all but the name.</summary>
    public static IReadOnlyList<PolicyProperty> All { get; } =
    [
        .. AttributeTable.All.Select(OfAttribute),
        new(
            "description",
            DescriptionForm.Instance,
            policy => policy.Description,
            (policy, value) => policy with { Description = (string)value },
            policy => policy.Description)
        {
            Default = string.Empty,
            IsExportedOnlyIfSet = true,
            InPlace = new(change => change.Description, (change, value) => change with { Description = (string)value }),
            WireName = "description",
        },
        new(
            "snapshotSchedule",
            ScheduleForm.Instance,
            policy => policy.SnapshotSchedule,
            (policy, value) => policy with { SnapshotSchedule = (SnapshotSchedule)value },
            policy => policy.SnapshotSchedule)
        {
            Default = SnapshotSchedule.None,
            IsExportedOnlyIfSet = true,
            InPlace = new(change => change.SnapshotSchedule, (change, value) => change with { SnapshotSchedule = (SnapshotSchedule)value }),
        },
    ];

    private static PolicyProperty OfAttribute(AttributeDefinition attribute) => new(
        attribute.Name,
        attribute.Form,
        policy => attribute.Get(policy.Attributes),
        (policy, value) => policy with { Attributes = attribute.Set(policy.Attributes, value) },
        policy => attribute.Get(policy.Requested))
    {
        Attribute = attribute,
        InPlace = new(
            change => attribute.Get(change.Attributes),
            (change, value) => change with { Attributes = attribute.Set(change.Attributes, value) }),
        WireName = attribute.WireName,
        SchemaDescription = attribute.SchemaDescription,
    };
}
