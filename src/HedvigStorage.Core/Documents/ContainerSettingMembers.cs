using HedvigStorage.Docker;
using Settings = System.Collections.Generic.IReadOnlyDictionary<string, System.Collections.Generic.IReadOnlyList<string>>;

namespace HedvigStorage.Documents;

/// <summary>
/// The settings of containers that have no member of their own: those of <see cref="ContainerSettings"/>, whose names before a dot are
/// objects.
/// </summary>
internal static class ContainerSettingMembers
{
    private static readonly string[] WholeNumbers = ["integer", "string"];

    public static IEnumerable<DocumentMember<ConfiguredContainer>> All() => ContainerSettings.All
        .GroupBy(setting => setting.Name.Split('.')[0], StringComparer.Ordinal)
        .Select(
            group =>
                group.First().Name.Length == group.Key.Length ? Lift(group.Key, Of(group.Key, group.First())) : OfGroup(group.Key, group));

    private static DocumentMember<ConfiguredContainer> OfGroup(string name, IEnumerable<ContainerSetting> settings)
    {
        var table = new DocumentTable<Settings>(
            ContainerSettings.None,
            settings.Select(setting => Of(setting.Name.Substring(name.Length + 1), setting)).ToArray())
        {
            Description = ContainerSettings.DescriptionOf(name),
        };
        return new DocumentMember<ConfiguredContainer>(
            name,
            [.. table.Schema()],
            table.Read,
            (container, value) => container with { Settings = Join(container.Settings, (Settings)value) },
            container => table.Write(container.Settings) is { Count: > 0 } part ? part : null);
    }

    private static DocumentMember<ConfiguredContainer> Lift(string name, DocumentMember<Settings> member) => new(
        name,
        member.Schema.ToArray(),
        member.Read,
        (container, value) => container with { Settings = member.With(container.Settings, value) },
        container => member.Write(container.Settings));

    private static DocumentMember<Settings> Of(string name, ContainerSetting setting) => new(
        name,
        SchemaOf(setting),
        node => Read(setting, node),
        (settings, value) =>
            Join(
                settings,
                new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { [setting.Name] = (IReadOnlyList<string>)value }),
        settings => settings.TryGetValue(setting.Name, out var value) ? Write(setting, value) : null)
    {
        Default = setting.Form == ContainerSettingForm.Flag ? false : null,
        Description = setting.Description,
    };

    private static Dictionary<string, IReadOnlyList<string>> Join(Settings settings, Settings more)
    {
        var joined = settings.ToDictionary(setting => setting.Key, setting => setting.Value, StringComparer.Ordinal);
        foreach (var setting in more)
        {
            joined[setting.Key] = setting.Value;
        }

        return joined;
    }

    private static IReadOnlyList<string>? Read(ContainerSetting setting, DocumentNode node)
    {
        var items = setting.Form switch
        {
            ContainerSettingForm.List or ContainerSettingForm.Set => node.ReadStrings(),
            ContainerSettingForm.Map => node.ReadMap()?.Select(pair => pair.Key + "=" + pair.Value).ToArray(),
            ContainerSettingForm.Flag => node.ReadFlag() is { } flag ? [flag ? "true" : "false"] : null,
            _ => node.ReadScalar() is { } text ? [text] : null,
        };
        try
        {
            return items is null ? null : setting.Normalise(items);
        }
        catch (FormatException exception)
        {
            node.Fail(exception.Message);
            return null;
        }
    }

    private static object? Write(ContainerSetting setting, IReadOnlyList<string> value) => setting.Form switch
    {
        ContainerSettingForm.List or ContainerSettingForm.Set => value.Cast<object>().ToList(),
        ContainerSettingForm.Map => WriteMap(value),
        _ when value.Count == 0 => null,
        ContainerSettingForm.Size => setting.Show(value),
        ContainerSettingForm.Number => decimal.Parse(value[0], CultureInfo.InvariantCulture),
        ContainerSettingForm.WholeNumber => long.Parse(value[0], CultureInfo.InvariantCulture),
        ContainerSettingForm.Flag => string.Equals(value[0], "true", StringComparison.Ordinal),
        _ => value[0],
    };

    private static IReadOnlyDictionary<string, object> WriteMap(IReadOnlyList<string> value)
    {
        var part = new DocumentBuilder();
        foreach (var item in value)
        {
            var equals = item.IndexOf('=');
            part.Add(item.Substring(0, equals), item.Substring(equals + 1));
        }

        return part.Build();
    }

    private static IReadOnlyList<KeyValuePair<string, object>> SchemaOf(ContainerSetting setting) => setting.Form switch
    {
        ContainerSettingForm.List or ContainerSettingForm.Set => DocumentSchema.List(DocumentSchema.Type(setting.JsonTypes)),
        ContainerSettingForm.Map => DocumentSchema.Map(DocumentSchema.Type(setting.JsonTypes)),
        ContainerSettingForm.Size when setting.CanBeUnlimited => DocumentSchema.Type("string", "integer"),
        ContainerSettingForm.Size => DocumentSchema.Reference("size"),
        ContainerSettingForm.Number => DocumentSchema.Type("number", "string"),
        ContainerSettingForm.WholeNumber => DocumentSchema.Number(
            WholeNumbers, setting.Minimum, setting.Maximum == long.MaxValue ? null : setting.Maximum),
        ContainerSettingForm.Flag => FlagForm.Instance.Schema,
        _ => DocumentSchema.Type(setting.JsonTypes),
    };
}
