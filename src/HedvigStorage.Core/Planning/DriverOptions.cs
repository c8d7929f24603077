using HedvigStorage.Properties;

namespace HedvigStorage.Planning;

/// <summary>
/// The options of volumes of a plugin host in one form, so that <c>size=1G</c> and <c>size=1024MB</c> are the same: a difference of a
/// volume's options is a replacement.
/// </summary>
internal static class DriverOptions
{
    /// <summary>Brings options into that form. What is not known, or not valid, is left as it is.</summary>
    public static Dictionary<string, string> Normal(IReadOnlyDictionary<string, string> options) =>
        options.ToDictionary(option => option.Key, option => Normal(option.Key, option.Value), StringComparer.Ordinal);

    private static string Normal(string name, string value)
    {
        var property = VolumeProperties.FindOption(name);
        return property?.Form.Parse(value, out _) is { } parsed ? property.Form.Show(parsed) ?? value : value;
    }
}
