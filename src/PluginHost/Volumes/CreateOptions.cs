namespace HedvigStorage.PluginHost.Volumes;

/// <summary>The options of <c>docker volume create -o</c>.</summary>
internal static class CreateOptions
{
    /// <summary>The option that prints the others.</summary>
    public const string Help = "help";

    private static readonly (string Name, string Description)[] Own =
    [
        ("size", "the size, such as 512MB or 20GB; default 10GB, or that of the volume that it is made from"),
        ("policy", "the policy's name; default none"),
        ("type", "Block or File; default Block"),
        ("fs", "the file system that the first mount makes, ext4 or xfs; default ext4"),
        ("from", "the volume to clone"),
        ("snapshot", "the snapshot of that volume to clone; default the volume as it is now"),
        ("uid", "the user id that owns the root directory; default 0"),
        ("gid", "the group id that owns the root directory; default 0"),
        ("mode", "the permission bits of the root directory, octal; default 0755"),
        ("takeover", "Never, or Fenced: another host takes the volume over from one that is sure to write it no longer; default Never"),
    ];

    /// <summary>Gets the size of a volume that is given none.</summary>
    public static ByteSize DefaultSize => ByteSize.FromGigabytes(10);

    /// <summary>Reads the options into what is to be made.</summary>
    /// <param name="name">The volume's name.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.InvalidArgument"/>: an option or a value is wrong.</exception>
    public static VolumeSpecification Parse(string name, IReadOnlyDictionary<string, string> options)
    {
        var specification = new VolumeSpecification { Name = ObjectName.Check("volume", name), Labels = VolumeOrigin.OfPluginHost };
        foreach (var (option, value) in options)
        {
            specification = With(specification, option, value ?? string.Empty);
        }

        if (specification is { SourceSnapshot: not null, SourceVolume: null })
        {
            throw Invalid("The option 'snapshot' needs 'from', the volume that the snapshot is of.");
        }

        if (specification is { SourceVolume: not null } and not { Uid: null, Gid: null, Mode: null })
        {
            throw Invalid("The options 'uid', 'gid' and 'mode' are for a new file system; a clone has the root directory of its source. Leave them out, or change the directory in a container.");
        }

        specification.Attributes.Check();
        return specification;
    }

    /// <summary>Describes all options, for people.</summary>
    public static string Describe()
    {
        var text = new StringBuilder("The options (-o NAME=VALUE) of this driver are:\n");
        foreach (var (name, description) in Own.Concat(AttributeTable.All.Select(attribute => (attribute.Name, $"{attribute.Description}; default that of the policy"))))
        {
            _ = text.Append(CultureInfo.InvariantCulture, $"  {name,-18} {description}\n");
        }

        return text.Append("No volume was made.").ToString();
    }

    private static VolumeSpecification With(VolumeSpecification specification, string option, string value) => option switch
    {
        "size" => specification with { Size = ParseSize(value) },
        "policy" => specification with { Policy = ObjectName.Check("policy", value) },
        "type" => specification with { Type = ParseWord<VolumeType>(option, value) },
        "fs" => specification with { FileSystem = ParseWord<VolumeFileSystem>(option, value) },
        "from" => specification with { SourceVolume = ObjectName.Check("volume", value) },
        "snapshot" => specification with { SourceSnapshot = ObjectName.Check("snapshot", value) },
        "uid" => specification with { Uid = ParseId(option, value) },
        "gid" => specification with { Gid = ParseId(option, value) },
        "mode" => specification with { Mode = ParseMode(value) },
        "takeover" => specification with { Takeover = ParseWord<TakeoverPolicy>(option, value) },
        _ => AttributeTable.Find(option) is { } attribute
            ? specification with { Attributes = attribute.With(specification.Attributes, value) }
            : throw Unknown(option),
    };

    private static ByteSize ParseSize(string value)
    {
        if (!ByteSize.TryParse(value, out var size, out var error))
        {
            throw Invalid($"The option 'size' is wrong: {error}");
        }

        return size.Bytes > 0 ? size : throw Invalid($"The option 'size' is wrong: '{ObjectName.Printable(value)}' is not a valid size for a volume. Give a number and a unit, such as 512MB or 10GB.");
    }

    private static T ParseWord<T>(string option, string value)
        where T : struct, Enum => AttributeTable.TryParseWord<T>(value, out var word)
            ? word
            : throw Invalid($"'{ObjectName.Printable(value)}' is not a value of the option '{option}'. Give {string.Join(" or ", Enum.GetNames<T>())}.");

    private static int ParseId(string option, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : throw Invalid($"'{ObjectName.Printable(value)}' is not a value of the option '{option}'. Give a number from 0 to {int.MaxValue}.");

    private static int ParseMode(string value)
    {
        const int Octal = 8;
        const int MaximumDigits = 5;
        return value.Length is > 0 and <= MaximumDigits && value.All(digit => digit is >= '0' and <= '7') && Convert.ToInt32(value, Octal) is <= 0xFFF and var mode
            ? mode
            : throw Invalid($"'{ObjectName.Printable(value)}' is not a value of the option 'mode'. Give octal permission bits, such as 0755 or 1777.");
    }

    private static ClusterException Unknown(string option)
    {
        var names = Own.Select(own => own.Name).Concat(AttributeTable.All.Select(attribute => attribute.Name)).Append(Help);
        var nearest = names.MinBy(name => Distance(name.ToUpperInvariant(), option.ToUpperInvariant()));
        return Invalid($"There is no option '{ObjectName.Printable(option)}'. Do you mean '{nearest}'? '-o help' prints all options.");
    }

    // Levenshtein's distance.
    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + (left[i - 1] == right[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[right.Length];
    }

    private static ClusterException Invalid(string message) => new(ErrorCode.InvalidArgument, message);
}
