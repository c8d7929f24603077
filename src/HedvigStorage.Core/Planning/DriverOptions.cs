namespace HedvigStorage.Planning;

/// <summary>The options of volumes of a plugin host in one form, so that <c>size=1G</c> and <c>size=1024MB</c> are the same: a difference of a volume's options is a replacement.</summary>
internal static class DriverOptions
{
    private static readonly HashSet<string> Words = new(["fs", "type"], StringComparer.Ordinal);

    /// <summary>Brings options into that form. What is not known, or not valid, is left as it is.</summary>
    public static Dictionary<string, string> Normal(IReadOnlyDictionary<string, string> options) =>
        options.ToDictionary(option => option.Key, option => Normal(option.Key, option.Value), StringComparer.Ordinal);

    private static string Normal(string name, string value) =>
        name is "size" && ByteSize.TryParse(value, out var size, out _) ? size.ToString()
        : name is "mode" && PermissionBits.TryParse(value, out var mode) ? PermissionBits.Format(mode)
        : Words.Contains(name) ? value.ToLowerInvariant()
        : AttributeTable.Find(name) is { } attribute ? Normal(attribute, value)
        : value;

    private static string Normal(AttributeDefinition attribute, string value)
    {
        try
        {
            return AttributeTable.Format(attribute.Get(attribute.With(VolumeAttributes.None, value))) ?? value;
        }
        catch (ClusterException)
        {
            return value;
        }
    }
}
