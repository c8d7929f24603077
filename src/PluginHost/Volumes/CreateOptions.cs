using HedvigStorage.Properties;
using VolumeProperty =
    HedvigStorage.Properties.ObjectProperty<HedvigStorage.VolumeSpecification, HedvigStorage.Volume, HedvigStorage.VolumeChange>;

namespace HedvigStorage.PluginHost.Volumes;

/// <summary>The options of <c>docker volume create -o</c>.</summary>
internal static class CreateOptions
{
    /// <summary>The option that prints the others.</summary>
    public const string Help = "help";

    private static readonly VolumeProperty[] Options = [.. VolumeProperties.All.Where(property => property.OptionName is not null)];

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
            throw Invalid(
                "The options 'uid', 'gid' and 'mode' are for a new file system; a clone has the root directory of its source. "
                    + "Leave them out, or change the directory in a container.");
        }

        specification.Attributes.Check();
        return specification;
    }

    /// <summary>Describes all options, for people.</summary>
    public static string Describe()
    {
        var text = new StringBuilder("The options (-o NAME=VALUE) of this driver are:\n");
        foreach (var option in Options)
        {
            _ = text.Append(CultureInfo.InvariantCulture, $"  {option.OptionName,-18} {option.OptionHelp}\n");
        }

        return text.Append("No volume was made.").ToString();
    }

    private static VolumeSpecification With(VolumeSpecification specification, string option, string value)
    {
        var property = VolumeProperties.FindOption(option) ?? throw Unknown(option);
        var read = property.Attribute is { } attribute
            ? attribute.Parse(value)
            : property.Form.Parse(value, out var error) ?? throw Wrong(property, value, error!);
        return property.With(specification, read);
    }

    private static ClusterException Wrong(VolumeProperty property, string value, string error) => Invalid(property.Form is WordForm words
        ? $"'{ObjectName.Printable(value)}' is not a value of the option '{property.OptionName}'. Give {string.Join(" or ", words.Words)}."
        : $"The option '{property.OptionName}' has the wrong value '{ObjectName.Printable(value)}': {error}");

    private static ClusterException Unknown(string option)
    {
        var names = Options.Select(known => known.OptionName!).Append(Help);
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
