using HedvigStorage.Docker;
using HedvigStorage.Hosting;

namespace HedvigStorage.Documents;

/// <summary>Reads the Docker part of a configuration.</summary>
internal static class DockerReader
{
    /// <summary>The word for a time without end.</summary>
    public const string Unlimited = "unlimited";

    // What engines themselves have no limit for; that of a document only catches what cannot be meant.
    private static readonly TimeSpan LongestTime = TimeSpan.FromHours(500_000);

    public static DockerConfiguration Read(DocumentNode node)
    {
        var docker = new DockerConfiguration();
        DocumentNode? containers = null;
        DocumentNode? volumes = null;
        var members = ConfigurationReader.Members();
        members["optional"] = member => docker = docker with { Optional = member.ReadFlag() ?? false };
        members["plugin"] = member => docker = docker with { Plugin = ReadPlugin(member) };
        members["networks"] = member => docker = docker with { Networks = member.ReadList(ReadNetwork) };

        // Read last, whatever the order in the document: a mount needs the driver's name, and its volume's.
        members["volumes"] = member => volumes = member;
        members["containers"] = member => containers = member;
        node.ReadObject(members);
        var driver = docker.DriverName;
        docker = volumes is null ? docker : docker with { Volumes = volumes.ReadList(volume => ReadVolume(volume, driver)) };
        string DriverOf(string volume) => docker.Volumes.FirstOrDefault(other => string.Equals(other.Name, volume, StringComparison.Ordinal))?.Driver ?? driver;
        return containers is null ? docker : docker with { Containers = containers.ReadList(container => ReadContainer(container, DriverOf)) };
    }

    private static ConfiguredNetwork? ReadNetwork(DocumentNode node)
    {
        string? name = null;
        var network = new ConfiguredNetwork { Name = string.Empty };
        var members = ConfigurationReader.Members();
        members["name"] = member => name = member.ReadName("network");
        members["ensure"] = member => network = network with { Ensure = member.ReadWord<Ensure>() ?? default };
        members["driver"] = member => network = network with { Driver = ReadNotEmpty(member) };
        members["internal"] = member => network = network with { Internal = member.ReadFlag() };
        members["labels"] = member => network = network with { Labels = ReadLabels(member) };
        node.ReadObject(members, ["name"]);
        return name is null ? null : network with { Name = name };
    }

    private static ConfiguredDockerVolume? ReadVolume(DocumentNode node, string driver)
    {
        string? name = null;
        var volume = new ConfiguredDockerVolume { Name = string.Empty, Driver = driver };
        var members = ConfigurationReader.Members();
        members["name"] = member => name = member.ReadName("volume");
        members["ensure"] = member => volume = volume with { Ensure = member.ReadWord<Ensure>() ?? default };
        members["driver"] = member => volume = volume with { Driver = ReadNotEmpty(member) ?? driver };
        members["options"] = member => volume = volume with { Options = member.ReadMap() };
        members["labels"] = member => volume = volume with { Labels = ReadLabels(member) };
        node.ReadObject(members, ["name"]);
        return name is null ? null : volume with { Name = name };
    }

    private static ConfiguredPlugin ReadPlugin(DocumentNode node)
    {
        var plugin = new ConfiguredPlugin();
        var members = ConfigurationReader.Members();
        members["ensure"] = member => plugin = plugin with { Ensure = ReadPluginEnsure(member) };
        members["mode"] = member => plugin = plugin with { Mode = member.ReadWord<DockerPluginMode>() };
        members["version"] = member => plugin = plugin with { Version = ReadNotEmpty(member) };
        members["stateDirectory"] = member => plugin = plugin with { StateDirectory = ReadAbsolutePath(member) };
        members["mountRoot"] = member => plugin = plugin with { MountRoot = ReadAbsolutePath(member) };
        members["dataDirectory"] = member => plugin = plugin with { DataDirectory = ReadAbsolutePath(member) };
        members["onlineGrowth"] = member => plugin = plugin with { OnlineGrowth = member.ReadFlag() };
        members["name"] = member => plugin = plugin with { Name = member.ReadName("plugin") ?? plugin.Name };
        members["host"] = member => plugin = plugin with { Host = member.ReadName("host") };
        node.ReadObject(members);
        return plugin;
    }

    private static ConfiguredContainer? ReadContainer(DocumentNode node, Func<string, string> driver)
    {
        string? name = null;
        var container = new ConfiguredContainer { Name = string.Empty };
        var members = ConfigurationReader.Members();
        members["name"] = member => name = ReadContainerName(member);
        members["ensure"] = member => container = container with { Ensure = member.ReadWord<Ensure>() ?? default };
        members["image"] = member => container = container with { Image = ReadImage(member) ?? string.Empty };
        members["state"] = member => container = container with { State = member.ReadWord<ContainerState>() ?? default };
        members["command"] = member => container = container with { Command = member.ReadStrings() };
        members["entrypoint"] = member => container = container with { EntryPoint = member.ReadStrings() };
        members["user"] = member => container = container with { User = member.ReadScalar() is { Length: > 0 } user ? user : null };
        members["environment"] = member => container = container with { Environment = ReadEnvironment(member) };
        members["mounts"] = member => container = container with { Mounts = member.ReadList(mount => ReadMount(mount, driver)) };
        members["ports"] = member => container = container with { Ports = member.ReadList(ReadPorts).SelectMany(ports => ports).ToArray() };
        members["restart"] = member => container = container with { Restart = ReadRestart(member) };
        members["labels"] = member => container = container with { Labels = ReadLabels(member) };
        members["network"] = member => container = container with { Network = ReadNetworkMode(member) };
        members["environmentFile"] = member => container = container with { EnvironmentFiles = member.IsText ? member.ReadText() is { } file ? [file] : null : member.ReadStrings() };
        members["health"] = member => container = container with { Health = ReadHealth(member) };
        members["waitHealthy"] = member => container = container with { WaitHealthy = member.ReadDuration(TimeSpan.FromSeconds(1)) };
        members["dependsOn"] = member => container = container with { DependsOn = member.ReadList(other => other.ReadName("container")) };
        members["stopTimeout"] = member => container = container with { StopTimeout = ReadWholeSeconds(member) };
        members["workingDir"] = member => container = container with { WorkingDirectory = ReadAbsolutePath(member) };
        members["hostname"] = member => container = container with { HostName = ReadHostName(member) };
        members["recreate"] = member => container = container with { Recreate = member.ReadFlag() ?? false };
        var settings = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        ContainerSettingsReader.AddTo(members, settings);
        node.ReadObject(members, ["name"]);
        return name is null ? null : container with { Name = name, Settings = settings };
    }

    // What a plugin host has been told to do stays where it is; there is nothing to forget.
    private static Ensure ReadPluginEnsure(DocumentNode node)
    {
        var ensure = node.ReadWord<Ensure>() ?? default;
        if (ensure == Ensure.Forgotten)
        {
            node.Fail("a plugin cannot be Forgotten: it belongs to its machine, not to a document. Take 'plugin' out of the document instead.");
        }

        return ensure;
    }

    private static string? ReadNotEmpty(DocumentNode node)
    {
        var text = node.ReadText();
        if (text is not null && string.IsNullOrWhiteSpace(text))
        {
            node.Fail("expected a name, found an empty string.");
            return null;
        }

        return text;
    }

    private static IReadOnlyDictionary<string, string>? ReadLabels(DocumentNode node)
    {
        var labels = node.ReadMap();
        foreach (var name in labels?.Keys.Where(DockerLabels.IsOwn) ?? [])
        {
            node.Fail($"the label '{name}' is set by this product itself. Choose a name that does not begin with 'io.hedvigstorage.'.");
        }

        return labels;
    }

    // To an engine, no name is that of its default network.
    private static string? ReadNetworkMode(DocumentNode node)
    {
        var network = node.ReadText() is { Length: > 0 } text ? text : null;
        if (network is not null && ConfiguredNetwork.IsMade(network) && !ObjectName.IsValid(network))
        {
            node.Fail(ObjectName.Describe("network", network));
            return null;
        }

        return network;
    }

    private static TimeSpan? ReadWholeSeconds(DocumentNode node)
    {
        if (node.IsText && string.Equals(node.ReadText(), Unlimited, StringComparison.OrdinalIgnoreCase))
        {
            return TimeSpan.FromSeconds(-1);
        }

        var time = node.ReadDuration(TimeSpan.Zero, LongestTime);
        if (time is { } value && value.Ticks % TimeSpan.TicksPerSecond != 0)
        {
            node.Fail($"{DurationText.Write(value)} is not a whole number of seconds.");
        }

        return time;
    }

    private static HealthCheck ReadHealth(DocumentNode node)
    {
        var shortest = HealthCheck.ShortestTime;
        var health = new HealthCheck();
        var members = ConfigurationReader.Members();
        members["test"] = member => health = health with { Test = ReadHealthTest(member) };
        members["interval"] = member => health = health with { Interval = member.ReadDuration(shortest, LongestTime) };
        members["timeout"] = member => health = health with { Timeout = member.ReadDuration(shortest, LongestTime) };
        members["startPeriod"] = member => health = health with { StartPeriod = member.ReadDuration(TimeSpan.Zero, LongestTime) };
        members["retries"] = member => health = health with { Retries = member.ReadInteger(1, 1000) };
        node.ReadObject(members);
        return health;
    }

    private static IReadOnlyList<string>? ReadHealthTest(DocumentNode node)
    {
        if (node.IsText)
        {
            return ReadNotEmpty(node) is not { } line ? null : string.Equals(line, "none", StringComparison.OrdinalIgnoreCase) ? ["NONE"] : ["CMD-SHELL", line];
        }

        var test = node.ReadStrings();
        if (test is not null && !(test.Count == 1 && string.Equals(test[0], "NONE", StringComparison.Ordinal)) && !(test.Count > 1 && test[0] is "CMD" or "CMD-SHELL"))
        {
            node.Fail("a health test is a command line, none, or a list that begins with CMD or CMD-SHELL, such as [ \"CMD\", \"pg_isready\" ].");
        }

        return test;
    }

    private static EnvironmentValue? ReadEnvironmentValue(DocumentNode node)
    {
        if (!node.IsObject)
        {
            return node.ReadScalar() is { } text ? new EnvironmentValue { Text = text } : null;
        }

        var given = 0;
        var value = new EnvironmentValue();
        var members = ConfigurationReader.Members();
        members["file"] = member =>
        {
            given++;
            value = value with { File = ReadNotEmpty(member) };
        };
        members["secret"] = member =>
        {
            given++;
            value = value with { Secret = member.ReadName("secret") };
        };
        node.ReadObject(members);
        if (given != 1)
        {
            node.Fail("give either 'file', the path of a file with the value, or 'secret', a secret's name.");
        }

        return value;
    }

    private static IReadOnlyDictionary<string, EnvironmentValue>? ReadEnvironment(DocumentNode node)
    {
        var environment = node.ReadMap(ReadEnvironmentValue);
        foreach (var name in environment?.Keys.Where(name => name.Length == 0 || name.IndexOfAny(['=', '\0']) >= 0) ?? [])
        {
            node.Fail($"'{ObjectName.Printable(name)}' is not a valid name of an environment variable: it is empty or has '='.");
        }

        return environment;
    }

    private static ContainerMount? ReadMount(DocumentNode node, Func<string, string> driver)
    {
        string? volume = null;
        string? source = null;
        string? image = null;
        string? target = null;
        string? subPath = null;
        var readOnly = false;
        var noCopy = false;
        var members = ConfigurationReader.Members();
        members["volume"] = member => volume = member.ReadName("volume");
        members["source"] = member => source = ReadAbsolutePath(member);
        members["image"] = member => image = ReadNotEmpty(member) is null ? null : ReadImage(member);
        members["target"] = member => target = ReadTarget(member);
        members["readOnly"] = member => readOnly = member.ReadFlag() ?? false;
        members["noCopy"] = member => noCopy = member.ReadFlag() ?? false;
        members["subPath"] = member => subPath = ReadSubPath(member);
        node.ReadObject(members, ["target"]);
        if (new[] { volume, source, image }.Count(what => what is not null) != 1)
        {
            node.Fail("give either 'volume', a volume's name, or 'source', a path of the host, or 'image', an image's name.");
            return null;
        }

        if (source is not null && (noCopy || subPath is not null))
        {
            node.Fail("'noCopy' and 'subPath' are of volumes, not of paths of the host.");
        }

        if (image is not null && noCopy)
        {
            node.Fail("'noCopy' is of volumes, not of images.");
        }

        return target is null ? null : new ContainerMount
        {
            Type = volume is not null ? "volume" : image is not null ? "image" : "bind",
            Source = volume ?? image ?? source!,
            Target = target,
            ReadOnly = readOnly && image is null,
            NoCopy = noCopy,
            SubPath = subPath,
            Driver = volume is null ? null : driver(volume),
        };
    }

    private static string? ReadTarget(DocumentNode node)
    {
        var path = ReadAbsolutePath(node);
        if (path is not null && ContainerPath.Clean(path) is "/")
        {
            node.Fail("nothing can be mounted over all of a container. Give a path such as /var/lib/data.");
            return null;
        }

        return path;
    }

    // Engines take no name of one character, and this product makes a container under the name with the suffix before it replaces the one without.
    private static string? ReadContainerName(DocumentNode node)
    {
        const int Shortest = 2;
        var name = node.ReadName("container");
        if (name is { Length: < Shortest })
        {
            node.Fail($"The container name '{name}' is too short: a Docker Engine takes names of {Shortest} characters or more.");
            return null;
        }

        if (name is not null && ContainerName.IsNext(name))
        {
            node.Fail($"The container name '{name}' is not valid: '{ContainerName.NextSuffix}' at the end marks what an interrupted replacement has left, which is removed.");
            return null;
        }

        return name;
    }

    private static string? ReadHostName(DocumentNode node)
    {
        // sethostname(2).
        const int Longest = 64;
        var name = node.ReadName("host");
        if (name is { Length: > Longest })
        {
            node.Fail($"The host name has {name.Length} characters, and the kernel takes {Longest} at most.");
            return null;
        }

        return name;
    }

    private static string? ReadSubPath(DocumentNode node)
    {
        var path = node.ReadText();
        if (path is not null && (path.Length == 0 || path[0] == '/' || path.Any(char.IsControl) || path.Split('/').Contains("..", StringComparer.Ordinal)))
        {
            node.Fail($"'{ObjectName.Printable(path)}' is not a path within the volume, such as data/17.");
            return null;
        }

        return path;
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

    private static IReadOnlyList<PortMapping>? ReadPorts(DocumentNode node)
    {
        if (node.ReadScalar() is not { } text)
        {
            return null;
        }

        if (!PortMapping.TryParseAll(text, out var ports))
        {
            node.Fail($"'{ObjectName.Printable(text)}' is not a port. Give [ADDRESS:][HOST-PORT:]PORT[/PROTOCOL], such as 5432:5432, 127.0.0.1:8080:80/tcp or 9000-9002:9000-9002.");
        }

        return ports;
    }

    private static string? ReadImage(DocumentNode node)
    {
        if (node.ReadText() is not { } image)
        {
            return null;
        }

        if (image.Length > 0 && !ImageName.IsValid(image))
        {
            node.Fail($"'{ObjectName.Printable(image)}' is not the name of an image: give [REGISTRY[:PORT]/]NAME[:TAG][@DIGEST] with a name in small letters, such as postgres:16.");
        }

        return image;
    }

    private static RestartPolicy? ReadRestart(DocumentNode node)
    {
        if (node.ReadText() is not { } text)
        {
            return null;
        }

        if (!RestartPolicy.TryParse(text, out var restart))
        {
            node.Fail($"'{ObjectName.Printable(text)}' is not a restart policy. Give no, always, unless-stopped, on-failure or on-failure:COUNT.");
        }

        return restart;
    }
}
