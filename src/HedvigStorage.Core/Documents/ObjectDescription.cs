using HedvigStorage.Properties;

namespace HedvigStorage.Documents;

/// <summary>Describes objects of a cluster by the members that a document has for them, with all that is known of them.</summary>
public static class ObjectDescription
{
    /// <summary>Describes a policy.</summary>
    /// <param name="policy">The policy.</param>
    public static IReadOnlyDictionary<string, object> Of(Policy policy) => CatalogTables.Policy.Write(
        (ConfiguredPolicy)ActualProperties.Specify(PolicyProperties.All, policy, new ConfiguredPolicy { Name = policy.Name }));

    /// <summary>Describes a volume.</summary>
    /// <param name="volume">The volume.</param>
    public static IReadOnlyDictionary<string, object> Of(Volume volume) => CatalogTables.Volume.Write(
        (ConfiguredVolume)ActualProperties.Specify(VolumeProperties.All, volume, new ConfiguredVolume { Name = volume.Name }));

    /// <summary>Describes a snapshot.</summary>
    /// <param name="snapshot">The snapshot.</param>
    public static IReadOnlyDictionary<string, object> Of(Snapshot snapshot) =>
        CatalogTables.Snapshot.Write(new ConfiguredSnapshot { Volume = snapshot.Volume, Name = snapshot.Name });

    /// <summary>Describes an access rule.</summary>
    /// <param name="rule">The rule.</param>
    public static IReadOnlyDictionary<string, object> Of(AccessRule rule) =>
        CatalogTables.Access.Write(
            new ConfiguredAccess { Volume = rule.Volume, Target = rule.Target, Type = rule.Type, Address = rule.Address });
}
