using HedvigStorage.Docker;

namespace HedvigStorage.Documents;

/// <summary>Writes what <see cref="ContainerSettingsReader"/> reads again.</summary>
internal static class ContainerSettingsWriter
{
    public static void AddTo(DocumentBuilder document, IReadOnlyDictionary<string, IReadOnlyList<string>> settings)
    {
        foreach (var group in ContainerSettings.All.Where(setting => settings.ContainsKey(setting.Name)).GroupBy(setting => setting.Name.Split('.')[0], StringComparer.Ordinal))
        {
            if (group.First().Name.Length == group.Key.Length)
            {
                document.Add(group.Key, Value(group.First(), settings[group.Key]));
                continue;
            }

            var part = new DocumentBuilder();
            foreach (var setting in group)
            {
                part.Add(setting.Name.Substring(group.Key.Length + 1), Value(setting, settings[setting.Name]));
            }

            document.Add(group.Key, part.Build());
        }
    }

    private static object? Value(ContainerSetting setting, IReadOnlyList<string> value) => setting.Form switch
    {
        ContainerSettingForm.List or ContainerSettingForm.Set => value.Cast<object>().ToList(),
        ContainerSettingForm.Map => Map(value),
        _ when value.Count == 0 => null,
        ContainerSettingForm.Size => setting.Show(value),
        ContainerSettingForm.Number => decimal.Parse(value[0], CultureInfo.InvariantCulture),
        ContainerSettingForm.WholeNumber => long.Parse(value[0], CultureInfo.InvariantCulture),
        ContainerSettingForm.Flag => string.Equals(value[0], "true", StringComparison.Ordinal),
        _ => value[0],
    };

    private static IReadOnlyDictionary<string, object> Map(IReadOnlyList<string> value)
    {
        var part = new DocumentBuilder();
        foreach (var item in value)
        {
            var equals = item.IndexOf('=');
            part.Add(item.Substring(0, equals), item.Substring(equals + 1));
        }

        return part.Build();
    }
}
