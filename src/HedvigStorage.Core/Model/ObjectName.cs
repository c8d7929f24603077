namespace HedvigStorage;

/// <summary>The one rule for names of volumes, policies, snapshots and hosts.</summary>
public static class ObjectName
{
    /// <summary>The longest name, in bytes.</summary>
    public const int MaximumLength = 255;

    /// <summary>The rule in words, as error messages cite it.</summary>
    public const string Rule =
        "A name has letters, digits, '_', '.' and '-', starts with a letter or digit, and is at most 255 bytes long.";

    /// <summary>Tells whether a name keeps the rule.</summary>
    /// <param name="name">The name.</param>
    public static bool IsValid(string? name)
    {
        if (string.IsNullOrEmpty(name) || name!.Length > MaximumLength || !IsLetterOrDigit(name[0]))
        {
            return false;
        }

        foreach (var character in name)
        {
            if (!IsLetterOrDigit(character) && character is not ('_' or '.' or '-'))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Refuses a name that does not keep the rule.</summary>
    /// <param name="kind">What is named, such as <c>volume</c>; it begins the message.</param>
    /// <param name="name">The name.</param>
    /// <returns>The name.</returns>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.InvalidArgument"/>: the name breaks the rule.</exception>
    public static string Check(string kind, string? name) => IsValid(name)
        ? name!
        : throw new ClusterException(ErrorCode.InvalidArgument, Describe(kind, name));

    /// <summary>Says that a name breaks the rule, and what the rule is.</summary>
    /// <param name="kind">What is named.</param>
    /// <param name="name">The name.</param>
    public static string Describe(string kind, string? name) => string.IsNullOrEmpty(name)
        ? $"The {kind} name is empty. {Rule}"
        : $"The {kind} name '{Printable(name!)}' is not valid. {Rule}";

    /// <summary>Makes text safe to show in one line: control characters are escaped and long text is cut.</summary>
    /// <param name="text">Any text.</param>
    public static string Printable(string text)
    {
        const int Shown = 80;
        var printable = new StringBuilder();
        foreach (var character in text.Length > Shown ? text.Substring(0, Shown) : text)
        {
            _ = PrintableText.IsUnsafe(character) ? printable.Append($"\\u{(int)character:x4}") : printable.Append(character);
        }

        return text.Length > Shown ? $"{printable}… ({Encoding.UTF8.GetByteCount(text)} bytes)" : printable.ToString();
    }

    // ASCII only: a name is also a file name, a path element and a URL part on every platform.
    private static bool IsLetterOrDigit(char character) =>
        character is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9');
}
