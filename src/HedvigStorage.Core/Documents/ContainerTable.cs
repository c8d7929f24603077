using HedvigStorage.Docker;

namespace HedvigStorage.Documents;

/// <summary>Containers, and what they are made of, as documents describe them.</summary>
internal static class ContainerTable
{
    private static readonly string[] TextOrWholeNumber = ["string", "integer"];
    private static readonly IReadOnlyList<KeyValuePair<string, object>> Texts = DocumentSchema.List(DocumentSchema.Type("string"));

    public static DocumentTable<HealthCheck> Health { get; } = new(
        new HealthCheck(),
        new DocumentMember<HealthCheck>(
            "test",
            [.. DocumentSchema.Type("string", "array"), DocumentSchema.Keyword(
                "items", DocumentSchema.Build(DocumentSchema.Type("string")))],
            DockerValues.ReadHealthTest,
            (health, value) => health with { Test = (IReadOnlyList<string>)value },
            health => health.Test is { Count: 1 } ? "none" : WriteTexts(health.Test))
            .Described("A line for the shell, none, or a list that begins with CMD or CMD-SHELL."),
        Time("interval", HealthCheck.ShortestTime, health => health.Interval, (health, time) => health with { Interval = time }),
        Time("timeout", HealthCheck.ShortestTime, health => health.Timeout, (health, time) => health with { Timeout = time }),
        Time("startPeriod", TimeSpan.Zero, health => health.StartPeriod, (health, time) => health with { StartPeriod = time }),
        DocumentMembers.Of<HealthCheck>(
            "retries", new WholeNumberForm(1, 1000), health => health.Retries, (health, value) => health with { Retries = (int)value }))
    {
        Description = "How the engine finds out whether it is healthy. What is left out is the image's, or the engine's default.",
    };

    public static DocumentTable<EnvironmentValue> EnvironmentSource { get; } = new(
        new EnvironmentValue(),
        DocumentMembers.OfText<EnvironmentValue>("file", value => value.File, (value, file) => value with { File = file })
            .Described("A file with the value, relative to the document's folder. One line end at its end does not count."),
        new DocumentMember<EnvironmentValue>(
            "secret",
            DocumentSchema.Reference("name"),
            node => node.ReadName("secret"),
            (value, secret) => value with { Secret = (string)secret },
            value => value.Secret)
            .Described("A secret: a file of that name in the folder of HV_SECRETS, CREDENTIALS_DIRECTORY or /run/secrets."))
    {
        Finish = CheckSource,
    };

    public static DocumentTable<MountMembers> Mount { get; } = new(
        new MountMembers(),
        new DocumentMember<MountMembers>(
            "volume",
            DocumentSchema.Reference("name"),
            node => node.ReadName("volume"),
            (mount, value) => mount with { Volume = (string)value },
            mount => mount.Volume),
        DocumentMembers.OfPath<MountMembers>("source", mount => mount.Source, (mount, value) => mount with { Source = value })
            .Described("A path of the host, instead of a volume."),
        new DocumentMember<MountMembers>(
            "image",
            DocumentSchema.Reference("image"),
            node => DockerValues.ReadNotEmpty(node) is null ? null : DockerValues.ReadImage(node),
            (mount, value) => mount with { Image = (string)value },
            mount => mount.Image)
            .Described("An image, instead of a volume: it can only be read. Docker Engine 28 or later."),
        new DocumentMember<MountMembers>(
            "target",
            DocumentSchema.Text("^/"),
            DockerValues.ReadTarget,
            (mount, value) => mount with { Target = (string)value },
            mount => mount.Target)
        { IsRequired = true, Description = "Where it is mounted. /data and /data/ are the same." },
        Flag<MountMembers>("readOnly", mount => mount.ReadOnly, (mount, flag) => mount with { ReadOnly = flag }),
        Flag<MountMembers>("noCopy", mount => mount.NoCopy, (mount, flag) => mount with { NoCopy = flag })
            .Described("What the image has at the target is not copied onto a volume that is empty."),
        new DocumentMember<MountMembers>(
            "subPath",
            DocumentSchema.Text("^[^/]", minLength: 1),
            DockerValues.ReadSubPath,
            (mount, value) => mount with { SubPath = (string)value },
            mount => mount.SubPath)
            .Described(
                "A folder within the volume or image that is mounted instead of all of it. Docker Engine 26 or later; of an image, "
                    + "28 or later."))
    {
        Finish = (node, mount) => mount.Check(node),
    };

    public static DocumentTable<ConfiguredContainer> Container { get; } = new(
        new ConfiguredContainer { Name = string.Empty },
        [
            new DocumentMember<ConfiguredContainer>(
                "name",
                [.. DocumentSchema.Reference("name"), DocumentSchema.Keyword("minLength", 2)],
                DockerValues.ReadContainerName,
                (container, value) => container with { Name = (string)value },
                container => container.Name)
            { IsRequired = true, Description = "Two characters or more." },
            DocumentMembers.OfEnsure<ConfiguredContainer>(
                container => container.Ensure, (container, ensure) => container with { Ensure = ensure }),
            new DocumentMember<ConfiguredContainer>(
                "image",
                DocumentSchema.Reference("image"),
                DockerValues.ReadImage,
                (container, value) => container with { Image = (string)value },
                container => container.Image.Length > 0 ? container.Image : null),
            new DocumentMember<ConfiguredContainer>(
                "state",
                WordForm<ContainerState>.Instance.Schema,
                node => node.Read(WordForm<ContainerState>.Instance),
                (container, value) => container with { State = (ContainerState)value },
                container => container.State == ContainerState.Running ? null : container.State.ToString())
            { Default = nameof(ContainerState.Running) },
            TextList("command", container => container.Command, (container, texts) => container with { Command = texts })
                .Described("Empty without an entry point: the image's."),
            TextList("entrypoint", container => container.EntryPoint, (container, texts) => container with { EntryPoint = texts })
                .Described("Empty: none, whatever the image has."),
            new DocumentMember<ConfiguredContainer>(
                "user",
                DocumentSchema.Type(TextOrWholeNumber),
                node => node.ReadScalar() is { Length: > 0 } user ? user : null,
                (container, value) => container with { User = (string)value },
                container => container.User),
            DocumentMembers.OfPath<ConfiguredContainer>(
                "workingDir", container => container.WorkingDirectory, (container, value) => container with { WorkingDirectory = value }),
            new DocumentMember<ConfiguredContainer>(
                "hostname",
                [.. DocumentSchema.Reference("name"), DocumentSchema.Keyword("maxLength", 64)],
                DockerValues.ReadHostName,
                (container, value) => container with { HostName = (string)value },
                container => container.HostName)
                .Described("The host's name in the container."),
            new DocumentMember<ConfiguredContainer>(
                "environmentFile",
                [.. DocumentSchema.Type("string", "array"), DocumentSchema.Keyword(
                    "items", DocumentSchema.Build(DocumentSchema.Type("string")))],
                node => node.IsText ? node.ReadText() is { } file ? new[] { file } : null : node.ReadStrings(),
                (container, value) => container with { EnvironmentFiles = (IReadOnlyList<string>)value },
                container => WriteTexts(container.EnvironmentFiles))
                .Described(
                    "Files of lines NAME=VALUE, as docker run --env-file reads them, relative to the document's folder. A later one wins, "
                        + "and 'environment' over all."),
            new DocumentMember<ConfiguredContainer>(
                "environment",
                DocumentSchema.Map(DocumentSchema.Reference("environmentValue")),
                DockerValues.ReadEnvironment,
                (container, value) => container with { Environment = (IReadOnlyDictionary<string, EnvironmentValue>)value },
                container =>
                    container.Environment is { } environment
                        ? DocumentMembers.WriteMap(environment, value => value.Text ?? (object)EnvironmentSource.Write(value))
                        : null)
                .Described("All of it beyond the image's, with environmentFile."),
            new DocumentMember<ConfiguredContainer>(
                "mounts",
                DocumentSchema.List(DocumentSchema.Reference("mount")),
                node => node.ReadList(mount => Mount.Read(mount)?.ToMount()),
                (container, value) => container with { Mounts = (IReadOnlyList<ContainerMount>)value },
                container => container.Mounts?.Select(mount => (object)Mount.Write(MountMembers.Of(mount))).ToList()),
            new DocumentMember<ConfiguredContainer>(
                "ports",
                DocumentSchema.List(DocumentSchema.Type(TextOrWholeNumber)),
                node => node.ReadList(DockerValues.ReadPorts).SelectMany(ports => ports).ToArray(),
                (container, value) => container with { Ports = (IReadOnlyList<PortMapping>)value },
                container => WriteTexts(container.Ports?.Select(port => port.ToString())))
                .Described(
                    "[ADDRESS:][HOST-PORT:]PORT[/PROTOCOL]. PORT may be a range with as many host ports, such as 9000-9002:9000-9002; "
                        + "HOST-PORT alone may be a range out of which the engine chooses, such as 8000-8010:80."),
            new DocumentMember<ConfiguredContainer>(
                "network",
                DocumentSchema.Text(),
                DockerValues.ReadNetworkMode,
                (container, value) => container with { Network = (string)value },
                container => container.Network)
                .Described("A mode, such as none or host, or a network's name. A network that is not there is made."),
            new DocumentMember<ConfiguredContainer>(
                "restart",
                DocumentSchema.Text("^(no|always|unless-stopped|on-failure(:[0-9]+)?)$"),
                DockerValues.ReadRestart,
                (container, value) => container with { Restart = (RestartPolicy)value },
                container => container.Restart?.ToString()),
            new DocumentMember<ConfiguredContainer>(
                "health",
                DocumentSchema.Reference("health"),
                Health.Read,
                (container, value) => container with { Health = (HealthCheck)value },
                container => container.Health is { } health ? Health.Write(health) : null),
            new DocumentMember<ConfiguredContainer>(
                "waitHealthy",
                DocumentSchema.Reference("duration"),
                node => node.ReadDuration(TimeSpan.FromSeconds(1)),
                (container, value) => container with { WaitHealthy = (TimeSpan)value },
                container => DockerValues.WriteTime(container.WaitHealthy))
                .Described(
                    "What makes or starts the container is done only when it is healthy, and fails after this time. Needs 'health'."),
            new DocumentMember<ConfiguredContainer>(
                "dependsOn",
                DocumentSchema.List(DocumentSchema.Reference("name")),
                node => node.ReadList(other => other.ReadName("container")),
                (container, value) => container with { DependsOn = (IReadOnlyList<string>)value },
                container => container.DependsOn.Count > 0 ? WriteTexts(container.DependsOn) : null)
                .Described("Containers of the document that are started before this one, and stopped and removed after it."),
            new DocumentMember<ConfiguredContainer>(
                "stopTimeout",
                [DocumentSchema.Keyword(
                    "anyOf",
                    new[] { DocumentSchema.Build(DocumentSchema.Reference("duration")), DocumentSchema.Build(
                        [DocumentSchema.Keyword("const", DockerValues.Unlimited)]) })],
                node => DockerValues.ReadWholeSeconds(node),
                (container, value) => container with { StopTimeout = (TimeSpan)value },
                container => DockerValues.WriteTime(container.StopTimeout))
                .Described("How long it may take to end before it is killed, in whole seconds, or unlimited."),
            .. ContainerSettingMembers.All(),
            Flag<ConfiguredContainer>("recreate", container => container.Recreate, (container, flag) => container with { Recreate = flag })
                .Described("It may be recreated without further consent where it cannot be changed in place."),
            DocumentMembers.OfLabels<ConfiguredContainer>(
                container => container.Labels, (container, labels) => container with { Labels = labels }),
        ]);

    private static EnvironmentValue? CheckSource(DocumentNode node, EnvironmentValue value)
    {
        if (node.Has("file") == node.Has("secret"))
        {
            node.Fail("give either 'file', the path of a file with the value, or 'secret', a secret's name.");
        }

        return value;
    }

    private static DocumentMember<HealthCheck> Time(
        string name, TimeSpan shortest, Func<HealthCheck, TimeSpan?> get, Func<HealthCheck, TimeSpan, HealthCheck> with) => new(
        name,
        DocumentSchema.Reference("duration"),
        node => DockerValues.ReadTime(node, shortest),
        (health, value) => with(health, (TimeSpan)value),
        health => DockerValues.WriteTime(get(health)));

    private static DocumentMember<T> Flag<T>(string name, Func<T, bool> get, Func<T, bool, T> with) => new(
        name, FlagForm.Instance.Schema, node => node.ReadFlag(), (item, value) => with(item, (bool)value), item => get(item) ? true : null)
    {
        Default = false,
    };

    private static DocumentMember<ConfiguredContainer> TextList(
        string name,
        Func<ConfiguredContainer,
        IReadOnlyList<string>?> get,
        Func<ConfiguredContainer,
        IReadOnlyList<string>,
        ConfiguredContainer> with) => new(
        name,
        Texts,
        node => node.ReadStrings(),
        (container, value) => with(container, (IReadOnlyList<string>)value),
        container => WriteTexts(get(container)));

    private static List<object>? WriteTexts(IEnumerable<string>? texts) => texts?.Cast<object>().ToList();
}
