namespace HedvigStorage;

/// <summary>The rule for the names of iSCSI initiators. Source: RFC 7143, sections 4.2.7.3 to 4.2.7.6.</summary>
public static class InitiatorName
{
    /// <summary>The longest name, in bytes.</summary>
    public const int MaximumLength = 223;

    /// <summary>The rule in words, as error messages cite it.</summary>
    public const string Rule =
        "An initiator name is 'iqn.', a year and month, a domain read backwards and perhaps ':' and more (iqn.1993-08.org.debian:01:web1), "
            + "or 'eui.' and 16 hex digits, or 'naa.' and 16 or 32; it has letters, digits, '-', '.' and ':', at most 223.";

    /// <summary>Tells whether a name keeps the rule.</summary>
    /// <param name="name">The name, in any letter case.</param>
    public static bool IsValid(string? name)
    {
        if (string.IsNullOrEmpty(name) || name!.Length > MaximumLength)
        {
            return false;
        }

        var rest = name.Substring(Math.Min(4, name.Length));
        return name.Substring(0, name.Length - rest.Length).ToUpperInvariant() switch
        {
            "IQN." => IsQualified(rest),
            "EUI." => rest.Length == 16 && rest.All(IsHexDigit),
            "NAA." => rest.Length is 16 or 32 && rest.All(IsHexDigit),
            _ => false,
        };
    }

    /// <summary>Refuses a name that does not keep the rule.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The name.</returns>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.InvalidArgument"/>: the name breaks the rule.</exception>
    public static string Check(string? name) => IsValid(name)
        ? name!
        : throw new ClusterException(
            ErrorCode.InvalidArgument, $"'{ObjectName.Printable(name ?? string.Empty)}' is not the name of an iSCSI initiator. {Rule}");

    // What follows "iqn.": "yyyy-mm.domain", and perhaps ":" and anything of the allowed characters.
    private static bool IsQualified(string rest)
    {
        if (rest.Length < 9 || rest[4] != '-' || rest[7] != '.' || !rest.Substring(0, 4).All(IsDigit)
            || string.CompareOrdinal(rest, 5, "01", 0, 2) < 0 || string.CompareOrdinal(rest, 5, "12", 0, 2) > 0 || !IsDigit(rest[6]))
        {
            return false;
        }

        var colon = rest.IndexOf(':');
        var domain = rest.Substring(8, (colon < 0 ? rest.Length : colon) - 8);
        return domain.Split('.').All(label => label.Length > 0 && label.All(character => character == '-' || IsLetterOrDigit(character)))
            && (colon < 0 || (colon < rest.Length - 1 && rest.Substring(colon + 1).All(
                character => character is '-' or '.' or ':' || IsLetterOrDigit(character))));
    }

    private static bool IsDigit(char character) => character is >= '0' and <= '9';

    private static bool IsHexDigit(char character) => IsDigit(character) || character is (>= 'a' and <= 'f') or (>= 'A' and <= 'F');

    private static bool IsLetterOrDigit(char character) => IsDigit(character) || character is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z');
}
