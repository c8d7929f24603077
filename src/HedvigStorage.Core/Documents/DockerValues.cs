using HedvigStorage.Docker;

namespace HedvigStorage.Documents;

/// <summary>Reads values of the Docker part of a document; what is not valid is said at its place and is <see langword="null"/>.</summary>
internal static class DockerValues
{
    /// <summary>The word for a time without end.</summary>
    public const string Unlimited = "unlimited";

    // What engines themselves have no limit for; that of a document only catches what cannot be meant.
    private static readonly TimeSpan LongestTime = TimeSpan.FromHours(500_000);

    public static string? WriteTime(TimeSpan? time) => time switch
    {
        { } value when value < TimeSpan.Zero => Unlimited,
        { } value => DurationText.Write(value),
        null => null,
    };

    public static TimeSpan? ReadTime(DocumentNode node, TimeSpan shortest) => node.ReadDuration(shortest, LongestTime);

    // What a plugin host has been told to do stays where it is; there is nothing to forget.
    public static Ensure ReadPluginEnsure(DocumentNode node)
    {
        var ensure = node.Read(WordForm<Ensure>.Instance) as Ensure? ?? default;
        if (ensure == Ensure.Forgotten)
        {
            node.Fail(
                "a plugin cannot be Forgotten: it belongs to its machine, not to a document. Take 'plugin' out of the document instead.");
        }

        return ensure;
    }

    public static string? ReadNotEmpty(DocumentNode node)
    {
        var text = node.ReadText();
        if (text is not null && string.IsNullOrWhiteSpace(text))
        {
            node.Fail("expected a name, found an empty string.");
            return null;
        }

        return text;
    }

    public static IReadOnlyDictionary<string, string>? ReadLabels(DocumentNode node)
    {
        var labels = node.ReadMap();
        foreach (var name in labels?.Keys.Where(DockerLabels.IsOwn) ?? [])
        {
            node.Fail($"the label '{name}' is set by this product itself. Choose a name that does not begin with 'io.hedvigstorage.'.");
        }

        return labels;
    }

    // To an engine, no name is that of its default network.
    public static string? ReadNetworkMode(DocumentNode node)
    {
        var network = node.ReadText() is { Length: > 0 } text ? text : null;
        if (network is not null && ConfiguredNetwork.IsMade(network) && !ObjectName.IsValid(network))
        {
            node.Fail(ObjectName.Describe("network", network));
            return null;
        }

        return network;
    }

    public static TimeSpan? ReadWholeSeconds(DocumentNode node)
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

    public static IReadOnlyList<string>? ReadHealthTest(DocumentNode node)
    {
        if (node.IsText)
        {
            return ReadNotEmpty(node) is not { } line
                ? null
                : string.Equals(line, "none", StringComparison.OrdinalIgnoreCase)
                ? ["NONE"]
                : ["CMD-SHELL", line];
        }

        var test = node.ReadStrings();
        if (test is not null && !(test.Count == 1 && string.Equals(test[0], "NONE", StringComparison.Ordinal))
            && !(test.Count > 1 && test[0] is "CMD" or "CMD-SHELL"))
        {
            node.Fail(
                "a health test is a command line, none, or a list that begins with CMD or CMD-SHELL, such as [ \"CMD\", \"pg_isready\" ].");
        }

        return test;
    }

    private static EnvironmentValue? ReadText(DocumentNode node) =>
        node.ReadScalar() is { } text ? new EnvironmentValue { Text = text } : null;

    public static IReadOnlyDictionary<string, EnvironmentValue>? ReadEnvironment(DocumentNode node)
    {
        var environment = node.ReadMap(value => value.IsObject ? ContainerTable.EnvironmentSource.Read(value) : ReadText(value));
        foreach (var name in environment?.Keys.Where(name => name.Length == 0 || name.IndexOfAny(['=', '\0']) >= 0) ?? [])
        {
            node.Fail($"'{ObjectName.Printable(name)}' is not a valid name of an environment variable: it is empty or has '='.");
        }

        return environment;
    }

    public static string? ReadTarget(DocumentNode node)
    {
        var path = ReadAbsolutePath(node);
        if (path is not null && ContainerPath.Clean(path) is "/")
        {
            node.Fail("nothing can be mounted over all of a container. Give a path such as /var/lib/data.");
            return null;
        }

        return path;
    }

    // Engines take no name of one character, and this product makes a container under the name with the suffix before it replaces the one
    // without.
    public static string? ReadContainerName(DocumentNode node)
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
            node.Fail(
                $"The container name '{name}' is not valid: '{ContainerName.NextSuffix}' at the end marks what an interrupted replacement "
                    + "has left, which is removed.");
            return null;
        }

        return name;
    }

    public static string? ReadHostName(DocumentNode node)
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

    public static string? ReadSubPath(DocumentNode node)
    {
        var path = node.ReadText();
        if (path is not null
            && (path.Length == 0 || path[0] == '/' || path.Any(char.IsControl) || path.Split('/').Contains("..", StringComparer.Ordinal)))
        {
            node.Fail($"'{ObjectName.Printable(path)}' is not a path within the volume, such as data/17.");
            return null;
        }

        return path;
    }

    public static string? ReadAbsolutePath(DocumentNode node)
    {
        var path = node.ReadText();
        if (path is not null && (path.Length == 0 || path[0] != '/' || path.Any(char.IsControl)))
        {
            node.Fail($"'{ObjectName.Printable(path)}' is not an absolute path, such as /var/lib/data.");
            return null;
        }

        return path;
    }

    public static IReadOnlyList<PortMapping>? ReadPorts(DocumentNode node)
    {
        if (node.ReadScalar() is not { } text)
        {
            return null;
        }

        if (!PortMapping.TryParseAll(text, out var ports))
        {
            node.Fail(
                $"'{ObjectName.Printable(text)}' is not a port. Give [ADDRESS:][HOST-PORT:]PORT[/PROTOCOL], such as 5432:5432, "
                    + "127.0.0.1:8080:80/tcp or 9000-9002:9000-9002.");
        }

        return ports;
    }

    public static string? ReadImage(DocumentNode node)
    {
        if (node.ReadText() is not { } image)
        {
            return null;
        }

        if (image.Length > 0 && !ImageName.IsValid(image))
        {
            node.Fail(
                $"'{ObjectName.Printable(image)}' is not the name of an image: give [REGISTRY[:PORT]/]NAME[:TAG][@DIGEST] with a name in "
                    + "small letters, such as postgres:16.");
        }

        return image;
    }

    public static RestartPolicy? ReadRestart(DocumentNode node)
    {
        if (node.ReadText() is not { } text)
        {
            return null;
        }

        if (!RestartPolicy.TryParse(text, out var restart))
        {
            node.Fail(
                $"'{ObjectName.Printable(text)}' is not a restart policy. Give no, always, unless-stopped, "
                    + "on-failure or on-failure:COUNT.");
        }

        return restart;
    }
}
