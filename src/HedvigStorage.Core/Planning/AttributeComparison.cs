namespace HedvigStorage.Planning;

/// <summary>Compares attributes: what is not specified is not compared.</summary>
internal static class AttributeComparison
{
    public static IEnumerable<PropertyChange> Compare(VolumeAttributes actual, VolumeAttributes desired) =>
        from attribute in AttributeTable.All
        let wanted = attribute.Get(desired)
        where wanted is not null && !AttributeTable.SameValue(wanted, attribute.Get(actual))
        select new PropertyChange(attribute.Name, AttributeTable.Format(attribute.Get(actual)), AttributeTable.Format(wanted));

    public static IReadOnlyList<string> NotesOn(VolumeAttributes desired, ClusterCapabilities capabilities) => !capabilities.Extension
        ? []
        : AttributeTable.All
            .Where(
                attribute =>
                    attribute.Get(desired) is not null && !capabilities.HonouredAttributes.Contains(attribute.Name, StringComparer.Ordinal))
            .Where(attribute => !AsksForNothing(attribute.Get(desired)))
            .Select(
                attribute =>
                    $"{attribute.Name}={AttributeTable.Format(attribute.Get(desired))} is recorded as requested; "
                        + $"the engine {capabilities.Engine} does not give it.")
            .ToArray();

    /// <summary>Tells whether volumes of a type keep an attribute as it was when they were made.</summary>
    public static bool IsFixed(AttributeDefinition attribute, VolumeType type, ClusterCapabilities capabilities) =>
        capabilities.FixedPlacementTypes.Contains(type)
            && capabilities.HonouredAttributes.Contains(attribute.Name, StringComparer.Ordinal);

    /// <summary>Takes what a policy gives out of attributes: what is left is the volume's own.</summary>
    public static VolumeAttributes Beyond(VolumeAttributes attributes, VolumeAttributes policy) => AttributeTable.All
        .Where(attribute => attribute.Get(attributes) is { } value && !AttributeTable.SameValue(value, attribute.Get(policy)))
        .Aggregate(VolumeAttributes.None, (own, attribute) => attribute.With(own, AttributeTable.Format(attribute.Get(attributes))!));

    public static IEnumerable<PropertyChange> Specified(VolumeAttributes desired) => Compare(VolumeAttributes.None, desired);

    // Any engine gives one copy that may lie anywhere, and nothing of what is switched off.
    private static bool AsksForNothing(object? value) =>
        value is false or 1 or ReplicationPolicy.Agnostic or IReadOnlyList<string> { Count: 0 };
}
