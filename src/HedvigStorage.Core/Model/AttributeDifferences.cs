namespace HedvigStorage;

/// <summary>Says where an engine gives something else than what was asked for.</summary>
public static class AttributeDifferences
{
    /// <summary>
    /// Describes the differences, or gives <see langword="null"/> if there are none. What the engine does not tell is not a difference.
    /// </summary>
    /// <param name="requested">What was asked for.</param>
    /// <param name="effective">What the engine gives.</param>
    public static string? Describe(VolumeAttributes requested, VolumeAttributes effective)
    {
        var differences = AttributeTable.All
            .Select(attribute => (attribute.Name, Requested: attribute.Get(requested), Effective: attribute.Get(effective)))
            .Where(row => row.Requested is not null && row.Effective is not null && !AttributeTable.SameValue(row.Requested, row.Effective))
            .Select(row => $"{row.Name} is {AttributeTable.Show(row.Effective)} instead of {AttributeTable.Show(row.Requested)}")
            .ToArray();
        return differences.Length == 0 ? null : string.Join(", ", differences);
    }
}
