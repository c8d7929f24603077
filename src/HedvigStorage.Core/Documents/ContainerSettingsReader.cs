using HedvigStorage.Docker;

namespace HedvigStorage.Documents;

/// <summary>Reads the settings of containers that have no member of their own.</summary>
internal static class ContainerSettingsReader
{
    /// <summary>Adds readers for them.</summary>
    /// <param name="members">The readers of a container's members.</param>
    /// <param name="settings">Takes what is read.</param>
    public static void AddTo(IDictionary<string, Action<DocumentNode>> members, IDictionary<string, IReadOnlyList<string>> settings)
    {
        foreach (var group in ContainerSettings.All.GroupBy(setting => setting.Name.Split('.')[0], StringComparer.Ordinal))
        {
            if (group.First().Name.Length == group.Key.Length)
            {
                var setting = group.First();
                members[group.Key] = member => Read(setting, member, settings);
                continue;
            }

            members[group.Key] = node =>
            {
                var inner = ConfigurationReader.Members();
                foreach (var setting in group)
                {
                    inner[setting.Name.Substring(group.Key.Length + 1)] = member => Read(setting, member, settings);
                }

                node.ReadObject(inner);
            };
        }
    }

    private static void Read(ContainerSetting setting, DocumentNode node, IDictionary<string, IReadOnlyList<string>> settings)
    {
        var items = setting.Form switch
        {
            ContainerSettingForm.List or ContainerSettingForm.Set => node.ReadStrings(),
            ContainerSettingForm.Map => node.ReadMap()?.Select(pair => pair.Key + "=" + pair.Value).ToArray(),
            ContainerSettingForm.Flag => node.ReadFlag() is { } flag ? [flag ? "true" : "false"] : null,
            _ => node.ReadScalar() is { } text ? [text] : null,
        };
        if (items is null)
        {
            return;
        }

        try
        {
            settings[setting.Name] = setting.Normalise(items);
        }
        catch (FormatException e)
        {
            node.Fail(e.Message);
        }
    }
}
