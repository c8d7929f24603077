using HedvigStorage.Properties;

namespace HedvigStorage.Documents;

/// <summary>The kinds of objects of a cluster that documents describe.</summary>
internal static class CatalogTables
{
    public static DocumentTable<SnapshotSchedule> Schedule { get; } = new(
        SnapshotSchedule.None,
        [
            .. SnapshotFrequencyLimit.All.Select(limit => DocumentMembers.Of<SnapshotSchedule>(
                limit.Name,
                limit.Form,
                schedule => schedule.Count(limit.Frequency),
                (schedule, value) => limit.With(schedule, (int)value))),
        ])
    {
        Description = "How many scheduled snapshots of each volume are kept, in UTC. Snapshots that somebody took are never removed.",
    };

    public static DocumentTable<ConfiguredPolicy> Policy { get; } = new(
        new ConfiguredPolicy { Name = string.Empty },
        [
            DocumentMembers.OfName<ConfiguredPolicy>(
                "name", "policy", policy => policy.Name, (policy, name) => policy with { Name = name }),
            DocumentMembers.OfEnsure<ConfiguredPolicy>(policy => policy.Ensure, (policy, ensure) => policy with { Ensure = ensure }),
            .. PolicyProperties.All.Select(DocumentMembers.Of<ConfiguredPolicy, PolicySpecification, Policy, PolicyChange>),
        ])
    {
        Finish = (node, policy) => Checked(node, policy, policy.Attributes),
    };

    public static DocumentTable<ConfiguredVolume> Volume { get; } = new(
        new ConfiguredVolume { Name = string.Empty },
        [
            DocumentMembers.OfName<ConfiguredVolume>(
                "name", "volume", volume => volume.Name, (volume, name) => volume with { Name = name }),
            DocumentMembers.OfEnsure<ConfiguredVolume>(volume => volume.Ensure, (volume, ensure) => volume with { Ensure = ensure }),
            .. VolumeProperties.All.Select(DocumentMembers.Of<ConfiguredVolume, VolumeSpecification, Volume, VolumeChange>),
        ])
    {
        Finish = (node, volume) => Checked(node, volume, volume.Attributes),
    };

    public static DocumentTable<ConfiguredSnapshot> Snapshot { get; } = new(
        new ConfiguredSnapshot { Volume = string.Empty, Name = string.Empty },
        DocumentMembers.OfName<ConfiguredSnapshot>(
            "volume", "volume", snapshot => snapshot.Volume, (snapshot, name) => snapshot with { Volume = name }),
        DocumentMembers.OfName<ConfiguredSnapshot>(
            "name", "snapshot", snapshot => snapshot.Name, (snapshot, name) => snapshot with { Name = name }),
        DocumentMembers.OfEnsure<ConfiguredSnapshot>(snapshot => snapshot.Ensure, (snapshot, ensure) => snapshot with { Ensure = ensure }));

    public static DocumentTable<ConfiguredAccess> Access { get; } = new(
        new ConfiguredAccess { Volume = string.Empty, Target = string.Empty, Address = string.Empty },
        DocumentMembers.OfName<ConfiguredAccess>(
            "volume", "volume", access => access.Volume, (access, name) => access with { Volume = name }),
        DocumentMembers.OfName<ConfiguredAccess>(
            "target", "target", access => access.Target, (access, name) => access with { Target = name })
            .Described("The target that the volume is reached through; it is mapped or exported there."),
        new DocumentMember<ConfiguredAccess>(
            "type",
            new WordForm<AccessRuleType> { ShowsLowerCase = true }.Schema,
            node => node.Read(WordForm<AccessRuleType>.Instance),
            (access, value) => access with { Type = (AccessRuleType)value },
            access => access.Type.ToString())
        { IsRequired = true },
        new DocumentMember<ConfiguredAccess>(
            "address",
            DocumentSchema.Text(minLength: 1),
            node => node.ReadText(),
            (access, value) => access with { Address = (string)value },
            access => access.Address)
        { IsRequired = true, Description = "A host's name, an IP address or network, an initiator's name, or ALL." },
        new DocumentMember<ConfiguredAccess>(
            "mapped",
            FlagForm.Instance.Schema,
            node => node.ReadFlag(),
            (access, value) => access with { Mapped = (bool)value },
            access => access.Mapped ? null : false)
        { Default = true, Description = "Whether the volume is mapped on or exported through the target with the rule; "
            + "false leaves that as it is." },
        DocumentMembers.OfEnsure<ConfiguredAccess>(access => access.Ensure, (access, ensure) => access with { Ensure = ensure }))
    {
        Finish = CheckAddress,
    };

    private static T Checked<T>(DocumentNode node, T item, VolumeAttributes attributes)
    {
        try
        {
            attributes.Check();
        }
        catch (ClusterException exception)
        {
            node.Fail(exception.Message);
        }

        return item;
    }

    private static ConfiguredAccess? CheckAddress(DocumentNode node, ConfiguredAccess access)
    {
        try
        {
            return access with { Address = AccessAddress.Check(access.Type, access.Address) };
        }
        catch (ClusterException exception)
        {
            node.Fail(exception.Message);
            return null;
        }
    }
}
