namespace HedvigStorage;

/// <summary>Permission bits as chmod takes them.</summary>
public static class PermissionBits
{
    /// <summary>The bits of a root directory that nobody asked anything of: 0755.</summary>
    public const int Default = 0x1ED;

    /// <summary>All bits: 07777.</summary>
    public const int Maximum = 0xFFF;

    /// <summary>The rule in words, as error messages cite it.</summary>
    public const string Rule = "Give octal digits from 0 to 7777, such as 0750.";

    /// <summary>Reads octal digits.</summary>
    /// <param name="text">One to five octal digits, also after <c>0o</c>, as YAML writes them.</param>
    /// <param name="mode">The bits.</param>
    public static bool TryParse(string? text, out int mode)
    {
        mode = 0;
        text = text is not null && text.StartsWith("0o", StringComparison.Ordinal) ? text.Substring(2) : text;
        if (text is not { Length: >= 1 and <= 5 } || text.Any(digit => digit is < '0' or > '7'))
        {
            return false;
        }

        mode = text.Aggregate(0, (bits, digit) => (bits * 8) + (digit - '0'));
        return mode <= Maximum;
    }

    /// <summary>Writes bits as four octal digits.</summary>
    /// <param name="mode">The bits.</param>
    public static string Format(int mode) => Convert.ToString(mode, 8).PadLeft(4, '0');
}
