namespace HedvigStorage.ClusterHost.Rest;

/// <summary>
/// The typed parameters of a request. Lenient where real clients are: whole numbers may be written as floats or strings, booleans as
/// strings, words in any letter case. Every error names the parameter, its value and what would be right.
/// </summary>
internal sealed class Parameters(string requestType, RequestValue? value)
{
    private static readonly IReadOnlyDictionary<string, RequestValue> NoMembers = new Dictionary<string, RequestValue>(
        StringComparer.Ordinal);
    private readonly IReadOnlyDictionary<string, RequestValue> _members = value?.Members ?? NoMembers;

    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<string>> _named = new(StringComparer.Ordinal);

    /// <summary>
    /// Writes the parameters that have been read, but for secrets, as JSON. What nobody reads may be anything, so it is not shown.
    /// </summary>
    public string Describe() => ParameterText.Write(_members, _read, _named);

    /// <summary>Reads a text that is never shown.</summary>
    public string? Secret(string name) => Member(name) switch
    {
        null => null,
        { Kind: RequestValueKind.Text or RequestValueKind.Number or RequestValueKind.Boolean } found => found.Text,
        var found =>
            throw new ClusterException(ErrorCode.InvalidArgument, $"{requestType}: the parameter '{name}' is {found.Text}; give a string."),
    };

    public string RequiredSecret(string name) => Secret(name) ?? throw Missing(name);

    public string RequiredText(string name) => Text(name) ?? throw Missing(name);

    public string? Text(string name) => Find(name) switch
    {
        null => null,
        { Kind: RequestValueKind.Text or RequestValueKind.Number or RequestValueKind.Boolean } found => found.Text,
        var found => throw Wrong(name, found, "a string"),
    };

    /// <summary>Reads a list of strings; a single string counts as a list of one.</summary>
    public IReadOnlyList<string>? Texts(string name) => Find(name) switch
    {
        null => null,
        { Kind: RequestValueKind.List } found when found.Items.All(item => item.Kind is RequestValueKind.Text or RequestValueKind.Number) =>
            found.Items.Select(item => item.Text).ToArray(),
        { Kind: RequestValueKind.Text } found => [found.Text],
        var found => throw Wrong(name, found, "a list of strings"),
    };

    public IReadOnlyList<string> RequiredTexts(string name) => Texts(name) is { Count: > 0 } texts ? texts : throw Missing(name);

    /// <summary>
    /// Reads a list of objects, each with a name of its own; all that is shown of them are their names, but those of all.
    /// </summary>
    /// <param name="name">The parameter.</param>
    /// <param name="member">The member of an object that names it.</param>
    /// <param name="most">How many there may be.</param>
    public IReadOnlyList<Parameters> RequiredObjects(string name, string member, int most)
    {
        var found = Find(name);
        if (found is not { Kind: RequestValueKind.List, Items.Count: > 0 } || found.Items.Any(item => item.Kind != RequestValueKind.Object))
        {
            throw found is null or { Kind: RequestValueKind.List, Items.Count: 0 }
                ? Missing(name)
                : Wrong(name, found, "a list of objects");
        }

        if (found.Items.Count > most)
        {
            throw new ClusterException(
                ErrorCode.InvalidArgument,
                $"{requestType}: the parameter '{name}' is a list of {found.Items.Count}; give at most {most} at once.");
        }

        var objects = found.Items.Select(item => new Parameters(requestType, item)).ToArray();
        var names = objects.Select(item => item.RequiredText(member)).ToArray();
        _named[name] = names;
        return names.GroupBy(text => text, StringComparer.Ordinal).FirstOrDefault(group => group.Skip(1).Any()) is { Key: var twice }
            ? throw new ClusterException(
                ErrorCode.InvalidArgument,
                $"{requestType}: the parameter '{name}' has '{ObjectName.Printable(twice)}' twice. Give it once.")
            : objects;
    }

    public bool? Flag(string name) => Find(name) switch
    {
        null => null,
        { Kind: RequestValueKind.Boolean or RequestValueKind.Text } found when bool.TryParse(found.Text, out var flag) => flag,
        var found => throw Wrong(name, found, "true or false"),
    };

    public long? Integer(string name, long minimum, long maximum) => Find(name) switch
    {
        null => null,
        { Kind: RequestValueKind.Number or RequestValueKind.Text } found
            when decimal.TryParse(found.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number == decimal.Truncate(number) && number >= minimum && number <= maximum => (long)number,
        var found => throw Wrong(name, found, $"a whole number from {minimum} to {maximum}"),
    };

    public T? Word<T>(string name)
        where T : struct, Enum => Find(name) switch
        {
            null => null,
            { Kind: RequestValueKind.Text } found when AttributeTable.TryParseWord<T>(found.Text, out var word) => word,
            var found => throw Wrong(name, found, string.Join(" or ", Enum.GetNames<T>())),
        };

    /// <summary>Reads one of some words, in any letter case, and answers it as it is written here.</summary>
    public string? OneOf(string name, params string[] words) => Find(name) switch
    {
        null => null,
        { Kind: RequestValueKind.Text } found when Array.Find(
            words, word => word.Equals(found.Text, StringComparison.OrdinalIgnoreCase)) is { } word => word,
        var found => throw Wrong(name, found, string.Join(" or ", words)),
    };

    public T RequiredWord<T>(string name)
        where T : struct, Enum => Word<T>(name) ?? throw Missing(name);

    /// <summary>
    /// Reads a size: an object of <c>unit</c> and <c>value</c>, or a bare number of bytes or text as <see cref="ByteSize.Parse"/> reads it.
    /// </summary>
    public ByteSize? Size(string name)
    {
        var found = Find(name);
        if (found is null)
        {
            return null;
        }

        var text = found.Text;
        if (found.Kind == RequestValueKind.Object)
        {
            var size = new Parameters(requestType, found);
            text = size.Text("value") is { } count ? count + (size.Text("unit") ?? size.Text("units")) : throw Missing(name + ".value");
        }
        else if (found.Kind is not (RequestValueKind.Number or RequestValueKind.Text))
        {
            throw Wrong(name, found, "a size, such as {unit:'GB', value:10}");
        }

        return ByteSize.TryParse(text, out var bytes, out var error)
            ? bytes
            : throw new ClusterException(
                ErrorCode.InvalidArgument, $"{requestType}: the parameter '{name}' is wrong: {ObjectName.Printable(error!)}");
    }

    public ByteSize RequiredSize(string name) => Size(name) ?? throw Missing(name);

    public DateTimeOffset? Instant(string name) => Find(name) switch
    {
        null => null,
        { Kind: RequestValueKind.Text } found
            when DateTimeOffset.TryParse(found.Text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) =>
                instant,
        var found => throw Wrong(name, found, "an instant such as 2026-01-31T12:00:00Z"),
    };

    /// <summary>Reads labels, which are checked where they are set; a value of null takes a label away.</summary>
    public IReadOnlyDictionary<string, string?>? Labels() => Labels("labels");

    public IReadOnlyDictionary<string, string?>? Labels(string name) => Find(name) switch
    {
        null => null,
        { Kind: RequestValueKind.Object } found =>
            found.Members.ToDictionary(label => label.Key, label => LabelValue(label.Key, label.Value), StringComparer.Ordinal),
        var found => throw Wrong(name, found, "an object of names and strings"),
    };

    public IReadOnlyDictionary<string, string?> RequiredLabels() => Labels() ?? throw Missing("labels");

    /// <summary>Reads a snapshot schedule. A member that is not known is refused: it would be a schedule that is not kept.</summary>
    public SnapshotSchedule? SnapshotSchedule()
    {
        const string Name = "snapshotSchedule";
        const string Right = "an object of numbers for hourly, daily and weekly";
        switch (Find(Name))
        {
            case null:
                return null;
            case { Kind: RequestValueKind.Object } found:
                if (found.Members.Keys.FirstOrDefault(key => key is not ("hourly" or "daily" or "weekly")) is { } unknown)
                {
                    throw new ClusterException(
                        ErrorCode.InvalidArgument,
                        $"{requestType}: the parameter '{Name}' has a member '{ObjectName.Printable(unknown)}'; give {Right}.");
                }

                var members = new Parameters(requestType, found);
                return new SnapshotSchedule
                {
                    Hourly = (int)(members.Integer("hourly", 0, HedvigStorage.SnapshotSchedule.MaximumHourly) ?? 0),
                    Daily = (int)(members.Integer("daily", 0, HedvigStorage.SnapshotSchedule.MaximumDaily) ?? 0),
                    Weekly = (int)(members.Integer("weekly", 0, HedvigStorage.SnapshotSchedule.MaximumWeekly) ?? 0),
                };
            case var found:
                throw Wrong(Name, found, Right);
        }
    }

    public int PageSize() => (int)(Integer("pageSize", 1, 1000) ?? 1000);

    /// <summary>Reads the value of a property; names and texts as they are.</summary>
    public object? Property(string name, PropertyForm form) => form switch
    {
        FlagForm => Flag(name),
        WholeNumberForm number => (int?)Integer(name, number.Minimum, number.Maximum),
        ModeForm => (int?)Integer(name, 0, PermissionBits.Maximum),
        WordForm word => OneOf(name, [.. word.Words]) is { } found ? word.Parse(found, out _) : null,
        NamesForm => Texts(name) is { } texts ? NamesForm.Clean(texts) : null,
        _ => Text(name),
    };

    /// <summary>Reads the attributes, as AddVirtualDisk names them.</summary>
    public VolumeAttributes Attributes()
    {
        var attributes = AttributeTable.All.Aggregate(
            VolumeAttributes.None,
            (read, attribute) => Property(attribute.WireName, attribute.Form) is { } value ? attribute.Set(read, value) : read);
        attributes.Check();
        return attributes;
    }

    private string? LabelValue(string label, RequestValue found) => found.Kind switch
    {
        RequestValueKind.Null => null,
        RequestValueKind.List or RequestValueKind.Object =>
            throw new ClusterException(
                ErrorCode.InvalidArgument, $"{requestType}: the label '{ObjectName.Printable(label)}' is {found.Text}; give a string."),
        _ => found.Text,
    };

    private RequestValue? Find(string name)
    {
        var found = Member(name);
        if (found is not null)
        {
            _ = _read.Add(name);
        }

        return found;
    }

    private RequestValue? Member(string name) =>
        _members.TryGetValue(name, out var found) && found.Kind != RequestValueKind.Null ? found : null;

    private ClusterException Missing(string name) => new(ErrorCode.InvalidArgument, $"{requestType} needs the parameter '{name}'.");

    private ClusterException Wrong(string name, RequestValue found, string right)
    {
        var shown = found.Kind is RequestValueKind.List or RequestValueKind.Object ? found.Text : $"'{ObjectName.Printable(found.Text)}'";
        return new ClusterException(ErrorCode.InvalidArgument, $"{requestType}: the parameter '{name}' is {shown}; give {right}.");
    }
}
