using System;
using System.Collections.Generic;
using System.Linq;
using HedvigStorage.Docker;

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

    private static Dictionary<string, Action<DocumentNode>> Members() => new(StringComparer.OrdinalIgnoreCase);

    private static Configuration ReadRoot(DocumentNode root, string source)
    {
        var configuration = new Configuration { Source = source };
        var members = Members();
        members["policies"] = node => configuration = configuration with { Policies = node.ReadList(ReadPolicy) };
        members["volumes"] = node => configuration = configuration with { Volumes = node.ReadList(ReadVolume) };
        members["snapshots"] = node => configuration = configuration with { Snapshots = node.ReadList(ReadSnapshot) };
        members["access"] = node =>
        {
            if (node.ReadList(_ => string.Empty).Count > 0)
            {
                node.Fail("access rules cannot be converged by this version. Take them out of the document.");
            }
        };
        members["docker"] = node => configuration = configuration with { Docker = ReadDocker(node) };
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
        members["description"] = member => policy = policy with { Description = member.ReadText() };
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
        members["description"] = member => volume = volume with { Description = member.ReadText() };
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

    private static ConfiguredPlugin ReadPlugin(DocumentNode node)
    {
        var plugin = new ConfiguredPlugin();
        var members = Members();
        members["ensure"] = member => plugin = plugin with { Ensure = member.ReadWord<Ensure>() ?? default };
        members["name"] = member => plugin = plugin with { Name = member.ReadName("plugin") ?? plugin.Name };
        members["host"] = member => plugin = plugin with { Host = member.ReadName("host") };
        node.ReadObject(members);
        return plugin;
    }

    private static ConfiguredContainer? ReadContainer(DocumentNode node, string driver)
    {
        string? name = null;
        var container = new ConfiguredContainer { Name = string.Empty };
        var members = Members();
        members["name"] = member => name = member.ReadName("container");
        members["ensure"] = member => container = container with { Ensure = member.ReadWord<Ensure>() ?? default };
        members["image"] = member => container = container with { Image = member.ReadText() ?? string.Empty };
        members["state"] = member => container = container with { State = member.ReadWord<ContainerState>() ?? default };
        members["command"] = member => container = container with { Command = member.ReadStrings() };
        members["entrypoint"] = member => container = container with { EntryPoint = member.ReadStrings() };
        members["user"] = member => container = container with { User = member.ReadScalar() };
        members["environment"] = member => container = container with { Environment = ReadEnvironment(member) };
        members["mounts"] = member => container = container with { Mounts = member.ReadList(mount => ReadMount(mount, driver)) };
        members["ports"] = member => container = container with { Ports = member.ReadList(ReadPort) };
        members["restart"] = member => container = container with { Restart = ReadRestart(member) };
        members["labels"] = member => container = container with { Labels = member.ReadMap() };
        members["network"] = member => container = container with { Network = member.ReadText() };
        node.ReadObject(members, ["name"]);
        return name is null ? null : container with { Name = name };
    }

    private static IReadOnlyDictionary<string, string>? ReadEnvironment(DocumentNode node)
    {
        var environment = node.ReadMap();
        foreach (var name in environment?.Keys.Where(name => name.Length == 0 || name.IndexOfAny(['=', '\0']) >= 0) ?? [])
        {
            node.Fail($"'{ObjectName.Printable(name)}' is no name of an environment variable: it is empty or has '='.");
        }

        return environment;
    }

    private static ContainerMount? ReadMount(DocumentNode node, string driver)
    {
        string? volume = null;
        string? source = null;
        string? target = null;
        var readOnly = false;
        var members = Members();
        members["volume"] = member => volume = member.ReadName("volume");
        members["source"] = member => source = ReadAbsolutePath(member);
        members["target"] = member => target = ReadAbsolutePath(member);
        members["readOnly"] = member => readOnly = member.ReadFlag() ?? false;
        node.ReadObject(members, ["target"]);
        if (volume is null == source is null)
        {
            node.Fail("give either 'volume', a volume's name, or 'source', a path of the host.");
            return null;
        }

        return target is null ? null : new ContainerMount
        {
            Type = volume is null ? "bind" : "volume",
            Source = volume ?? source!,
            Target = target,
            ReadOnly = readOnly,
            Driver = volume is null ? null : driver,
        };
    }

    private static string? ReadAbsolutePath(DocumentNode node)
    {
        var path = node.ReadText();
        if (path is not null && (path.Length == 0 || path[0] != '/' || path.Any(char.IsControl)))
        {
            node.Fail($"'{ObjectName.Printable(path)}' is not an absolute path, such as /var/lib/data.");
            return null;
        }

        return path;
    }

    private static PortMapping? ReadPort(DocumentNode node)
    {
        if (node.ReadScalar() is not { } text)
        {
            return null;
        }

        if (!PortMapping.TryParse(text, out var port))
        {
            node.Fail($"'{ObjectName.Printable(text)}' is no port. Give [ADDRESS:][HOST-PORT:]PORT[/PROTOCOL], such as 5432:5432 or 127.0.0.1:8080:80/tcp.");
        }

        return port;
    }

    private static RestartPolicy? ReadRestart(DocumentNode node)
    {
        if (node.ReadText() is not { } text)
        {
            return null;
        }

        if (!RestartPolicy.TryParse(text, out var restart))
        {
            node.Fail($"'{ObjectName.Printable(text)}' is no restart policy. Give no, always, unless-stopped, on-failure or on-failure:COUNT.");
        }

        return restart;
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

    private static DockerConfiguration ReadDocker(DocumentNode node)
    {
        var docker = new DockerConfiguration();
        DocumentNode? containers = null;
        var members = Members();
        members["optional"] = member => docker = docker with { Optional = member.ReadFlag() ?? false };
        members["plugin"] = member => docker = docker with { Plugin = ReadPlugin(member) };

        // Read last, whatever the order in the document: a mount needs the driver's name.
        members["containers"] = member => containers = member;
        node.ReadObject(members);
        var driver = docker.DriverName;
        return containers is null ? docker : docker with { Containers = containers.ReadList(container => ReadContainer(container, driver)) };
    }
}
