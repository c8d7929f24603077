namespace HedvigStorage;

/// <summary>The rule for names that must be usable as the name of a host on a network. Source: RFC 1123, section 2.1.</summary>
public static class HostName
{
    /// <summary>The longest name, in bytes.</summary>
    public const int MaximumLength = 253;

    /// <summary>The rule in words, as error messages cite it.</summary>
    public const string Rule =
        "A host name has labels of letters, digits and '-' with dots between them; a label has 1 to 63 characters and neither starts nor "
            + "ends with '-'; all of it has at most 253. An IPv4 address will do too.";

    /// <summary>Tells whether a name keeps the rule.</summary>
    /// <param name="name">The name.</param>
    public static bool IsValid(string? name)
    {
        if (string.IsNullOrEmpty(name) || name!.Length > MaximumLength)
        {
            return false;
        }

        var labels = name.Split('.');
        return labels.All(IsLabel) && (!labels[labels.Length - 1].All(char.IsDigit) || AccessAddress.IsIPv4(name));
    }

    /// <summary>Refuses a name that does not keep the rule.</summary>
    /// <param name="kind">What is named, such as <c>target</c>.</param>
    /// <param name="name">The name.</param>
    /// <returns>The name.</returns>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.InvalidArgument"/>: the name breaks the rule.</exception>
    public static string Check(string kind, string? name) => IsValid(name)
        ? name!
        : throw new ClusterException(
            ErrorCode.InvalidArgument, $"The {kind} name '{ObjectName.Printable(name ?? string.Empty)}' is not the name of a host. {Rule}");

    private static bool IsLabel(string label) =>
        label.Length is >= 1 and <= 63 && label[0] != '-' && label[label.Length - 1] != '-'
            && label.All(character => character == '-' || IsLetterOrDigit(character));

    private static bool IsLetterOrDigit(char character) =>
        character is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9');
}
