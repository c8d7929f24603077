using System.Collections.Generic;
using System.Linq;
using HedvigStorage.Docker;

namespace HedvigStorage.Documents;

/// <summary>Reads the Docker part of a configuration.</summary>
internal static class DockerReader
{
    public static DockerConfiguration Read(DocumentNode node)
    {
        var docker = new DockerConfiguration();
        DocumentNode? containers = null;
        var members = ConfigurationReader.Members();
        members["optional"] = member => docker = docker with { Optional = member.ReadFlag() ?? false };
        members["plugin"] = member => docker = docker with { Plugin = ReadPlugin(member) };

        // Read last, whatever the order in the document: a mount needs the driver's name.
        members["containers"] = member => containers = member;
        node.ReadObject(members);
        var driver = docker.DriverName;
        return containers is null ? docker : docker with { Containers = containers.ReadList(container => ReadContainer(container, driver)) };
    }

    private static ConfiguredPlugin ReadPlugin(DocumentNode node)
    {
        var plugin = new ConfiguredPlugin();
        var members = ConfigurationReader.Members();
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
        var members = ConfigurationReader.Members();
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
        var members = ConfigurationReader.Members();
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
}
