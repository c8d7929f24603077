namespace HedvigStorage.Documents;

/// <summary>Reads a configuration from a document, and says everything that is wrong with it.</summary>
public static class ConfigurationReader
{
    /// <summary>Reads a configuration.</summary>
    /// <param name="document">Dictionaries, lists and plain values.</param>
    /// <param name="source">The document's name, for messages.</param>
    /// <exception cref="ConfigurationException">The document is not a configuration.</exception>
    public static Configuration Read(object? document, string source)
    {
        var errors = new List<string>();
        var configuration = ReadRoot(new DocumentNode(document, "$", errors), source);
        if (errors.Count == 0)
        {
            errors.AddRange(ConfigurationRules.Check(configuration));
        }

        return errors.Count == 0 ? configuration : throw new ConfigurationException(source, errors);
    }

    internal static Dictionary<string, Action<DocumentNode>> Members() => new(StringComparer.OrdinalIgnoreCase);

    private static Configuration ReadRoot(DocumentNode root, string source)
    {
        var configuration = new Configuration { Source = source };
        var members = Members();
        members["name"] = node => configuration = configuration with { Name = node.ReadName("document") };
        members["policies"] = node => configuration = configuration with { Policies = node.ReadList(ReadPolicy) };
        members["volumes"] = node => configuration = configuration with { Volumes = node.ReadList(ReadVolume) };
        members["snapshots"] = node => configuration = configuration with { Snapshots = node.ReadList(ReadSnapshot) };
        members["access"] = node => configuration = configuration with { Access = node.ReadList(ReadAccess) };
        members["docker"] = node => configuration = configuration with { Docker = DockerReader.Read(node) };
        root.ReadObject(members);
        return configuration;
    }

    private static ConfiguredPolicy? ReadPolicy(DocumentNode node)
    {
        string? name = null;
        var policy = new ConfiguredPolicy { Name = string.Empty };
        var attributes = VolumeAttributes.None;
        var members = Members();
        members["name"] = member => name = member.ReadName("policy");
        members["ensure"] = member => policy = policy with { Ensure = member.ReadWord<Ensure>() ?? default };
        members["description"] = member => policy = policy with { Description = member.ReadDescription() };
        members["snapshotSchedule"] = member => policy = policy with { SnapshotSchedule = ReadSchedule(member) };
        AddAttributes(members, () => attributes, value => attributes = value);
        node.ReadObject(members, ["name"]);
        CheckAttributes(node, attributes);
        return name is null ? null : policy with { Name = name, Attributes = attributes };
    }

    private static ConfiguredVolume? ReadVolume(DocumentNode node)
    {
        string? name = null;
        var volume = new ConfiguredVolume { Name = string.Empty };
        var attributes = VolumeAttributes.None;
        var members = Members();
        members["name"] = member => name = member.ReadName("volume");
        members["ensure"] = member => volume = volume with { Ensure = member.ReadWord<Ensure>() ?? default };
        members["size"] = member => volume = volume with { Size = member.ReadSize() };
        members["type"] = member => volume = volume with { Type = member.ReadWord<VolumeType>() };
        members["policy"] = member => volume = volume with { Policy = member.ReadName("policy") };
        members["fileSystem"] = member => volume = volume with { FileSystem = member.ReadWord<VolumeFileSystem>() };
        members["uid"] = member => volume = volume with { Uid = member.ReadInteger(0, int.MaxValue) };
        members["gid"] = member => volume = volume with { Gid = member.ReadInteger(0, int.MaxValue) };
        members["mode"] = member => volume = volume with { Mode = member.ReadMode() };
        members["protect"] = member => volume = volume with { Protect = member.ReadFlag() };
        members["takeover"] = member => volume = volume with { Takeover = member.ReadWord<TakeoverPolicy>() };
        members["description"] = member => volume = volume with { Description = member.ReadDescription() };
        members["from"] = member => volume = volume with { From = member.ReadName("volume") };
        members["snapshot"] = member => volume = volume with { Snapshot = member.ReadName("snapshot") };
        AddAttributes(members, () => attributes, value => attributes = value);
        node.ReadObject(members, ["name"]);
        CheckAttributes(node, attributes);
        return name is null ? null : volume with { Name = name, Attributes = attributes };
    }

    private static ConfiguredSnapshot? ReadSnapshot(DocumentNode node)
    {
        string? volume = null;
        string? name = null;
        var ensure = Ensure.Present;
        var members = Members();
        members["volume"] = member => volume = member.ReadName("volume");
        members["name"] = member => name = member.ReadName("snapshot");
        members["ensure"] = member => ensure = member.ReadWord<Ensure>() ?? default;
        node.ReadObject(members, ["volume", "name"]);
        return volume is null || name is null ? null : new ConfiguredSnapshot { Volume = volume, Name = name, Ensure = ensure };
    }

    private static ConfiguredAccess? ReadAccess(DocumentNode node)
    {
        string? volume = null;
        string? target = null;
        string? address = null;
        AccessRuleType? type = null;
        var mapped = true;
        var ensure = Ensure.Present;
        var members = Members();
        members["volume"] = member => volume = member.ReadName("volume");
        members["target"] = member => target = member.ReadName("target");
        members["type"] = member => type = member.ReadWord<AccessRuleType>();
        members["address"] = member => address = member.ReadText();
        members["mapped"] = member => mapped = member.ReadFlag() ?? true;
        members["ensure"] = member => ensure = member.ReadWord<Ensure>() ?? default;
        node.ReadObject(members, ["volume", "target", "type", "address"]);
        if (volume is null || target is null || address is null || type is null)
        {
            return null;
        }

        try
        {
            return new ConfiguredAccess { Volume = volume, Target = target, Type = type.Value, Address = AccessAddress.Check(type.Value, address), Ensure = ensure, Mapped = mapped };
        }
        catch (ClusterException e)
        {
            node.Fail(e.Message);
            return null;
        }
    }

    private static SnapshotSchedule ReadSchedule(DocumentNode node)
    {
        var schedule = SnapshotSchedule.None;
        var members = Members();
        members["hourly"] = member => schedule = schedule with { Hourly = member.ReadInteger(0, SnapshotSchedule.MaximumHourly) ?? 0 };
        members["daily"] = member => schedule = schedule with { Daily = member.ReadInteger(0, SnapshotSchedule.MaximumDaily) ?? 0 };
        members["weekly"] = member => schedule = schedule with { Weekly = member.ReadInteger(0, SnapshotSchedule.MaximumWeekly) ?? 0 };
        node.ReadObject(members);
        return schedule;
    }

    private static void AddAttributes(Dictionary<string, Action<DocumentNode>> members, Func<VolumeAttributes> get, Action<VolumeAttributes> set)
    {
        foreach (var attribute in AttributeTable.All)
        {
            members[attribute.Name] = member => set(member.ReadAttribute(attribute, get()));
        }
    }

    private static void CheckAttributes(DocumentNode node, VolumeAttributes attributes)
    {
        try
        {
            attributes.Check();
        }
        catch (ClusterException e)
        {
            node.Fail(e.Message);
        }
    }
}
