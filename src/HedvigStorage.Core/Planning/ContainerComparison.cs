using HedvigStorage.Docker;
using HedvigStorage.Documents;
using static HedvigStorage.Planning.OrdinalComparison;

namespace HedvigStorage.Planning;

/// <summary>What a document specifies of a container, and where a container differs from it.</summary>
internal static class ContainerComparison
{
    // What docker stop waits where nobody says.
    private static readonly TimeSpan DefaultStopTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Finds what cannot be changed in place.</summary>
    public static IEnumerable<PropertyChange> Immutable(ContainerFacts facts, Container actual)
    {
        var container = facts.Desired;
        var specification = actual.Specification;
        var image = facts.Image;

        // An image whose name no longer leads to it is unchanged while the container still names it.
        if (image is null ? !ImageName.Same(specification.Image, container.Image) : !Same(image.Id, actual.ImageId))
        {
            yield return ImageName.Same(specification.Image, container.Image)
                ? new PropertyChange("image", $"{specification.Image} ({Short(actual.ImageId)})", $"{container.Image} ({Short(image?.Id)})")
                : new PropertyChange("image", specification.Image, container.Image);
        }

        if (container.Command is { } command && !SameList(CommandOf(container, command, image), specification.Command))
        {
            yield return new PropertyChange("command", Join(specification.Command), Join(command));
        }

        if (container.EntryPoint is { } entryPoint && !SameList(entryPoint, specification.EntryPoint))
        {
            yield return new PropertyChange("entrypoint", Join(specification.EntryPoint), Join(entryPoint));
        }

        if (container.User is { } user && !Same(user, specification.User))
        {
            yield return new PropertyChange("user", specification.User, user);
        }

        // The value of a variable may be a secret: plans show names, and where it comes from.
        var inherited = image ?? new Image { Id = actual.ImageId };
        foreach (var name in DifferentKeys(
            facts.Environment, Beyond(specification.Environment, inherited.Environment), inherited.Environment))
        {
            yield return new PropertyChange(
                $"environment.{name}",
                specification.Environment.ContainsKey(name) ? "(set)" : null,
                facts.Environment!.ContainsKey(name) ? $"({DescribeValue(container, name)})" : null);
        }

        foreach (var name in DifferentKeys(
            container.Labels, Beyond(specification.Labels, inherited.Labels), inherited.Labels).Where(name => !DockerLabels.IsOwn(name)))
        {
            yield return new PropertyChange($"labels.{name}", Value(specification.Labels, name), Value(container.Labels!, name));
        }

        if (container.Mounts is { } mounts && !SameMounts(mounts, specification.Mounts))
        {
            yield return new PropertyChange(
                "mounts",
                Join(specification.Mounts.Where(IsDescribed).Select(DescribeWithDriver)),
                Join(mounts.Select(DescribeWithDriver)));
        }

        if (container.Ports is { } ports && !SameSet(ports.Select(Describe), specification.Ports.Select(Describe)))
        {
            yield return new PropertyChange("ports", Join(specification.Ports.Select(Describe)), Join(ports.Select(Describe)));
        }

        if (NetworkDifference(facts, actual) is { } network)
        {
            yield return network;
        }

        foreach (var change in HealthDifferences(container.Health, specification.Health))
        {
            yield return change;
        }

        if (container.StopTimeout is { } stop && stop != (specification.StopTimeout ?? DefaultStopTimeout))
        {
            yield return new PropertyChange("stopTimeout", WriteStop(specification.StopTimeout ?? DefaultStopTimeout), WriteStop(stop));
        }

        if (container.WorkingDirectory is { } folder && !Same(folder, specification.WorkingDirectory ?? "/"))
        {
            yield return new PropertyChange("workingDir", specification.WorkingDirectory, folder);
        }

        if (container.HostName is { } host && !Same(host, specification.HostName))
        {
            yield return new PropertyChange("hostname", specification.HostName, host);
        }

        foreach (var setting in Named(container))
        {
            var (before, after) = (ContainerSettings.Of(specification.Settings, setting), container.Settings[setting.Name]);
            if (!before.SequenceEqual(after, StringComparer.Ordinal))
            {
                yield return new PropertyChange(setting.Name, setting.Show(before), setting.Show(after));
            }
        }
    }

    /// <summary>Finds what can be changed in place.</summary>
    public static IEnumerable<PropertyChange> Mutable(ConfiguredContainer container, Container actual)
    {
        if (container.Restart is { } restart && restart != actual.Specification.Restart)
        {
            yield return new PropertyChange("restart", actual.Specification.Restart.ToString(), restart.ToString());
        }

        var runs = actual.State is "running" or "restarting" or "paused";
        if (runs != (container.State == ContainerState.Running) || Same(actual.State, "paused"))
        {
            yield return new PropertyChange("state", actual.State, container.State.ToString());
        }
        else if (runs && container.WaitHealthy is not null && !HealthWait.IsHealthy(actual))
        {
            yield return new PropertyChange("health", actual.Health?.Status, "healthy");
        }
    }

    /// <summary>Lists what the document specifies, for people.</summary>
    public static IEnumerable<PropertyChange> Specified(ContainerFacts facts) =>
        Desired(facts.Desired, facts.Environment?.Keys.OrderBy(name => name, StringComparer.Ordinal));

    /// <summary>
    /// Lists what the document specifies, for its digest: of the environment also the texts that it has itself, but no value from
    /// elsewhere.
    /// </summary>
    public static IEnumerable<PropertyChange> Digested(ConfiguredContainer container) => Desired(container, container.Environment?.Keys)
        .Concat(
            (container.Environment ?? new Dictionary<string, EnvironmentValue>(StringComparer.Ordinal))
                .Select(
                    variable => new PropertyChange($"environment.{variable.Key}", null, variable.Value.Text ?? variable.Value.ToString())));

    /// <summary>Makes the specification of a new container.</summary>
    public static ContainerSpecification Specification(ContainerFacts facts, IReadOnlyDictionary<string, string> labels)
    {
        var container = facts.Desired;
        return new ContainerSpecification
        {
            Image = container.Image,
            Command = container.Command,
            EntryPoint = container.EntryPoint,
            User = container.User,
            Environment = facts.Environment ?? new Dictionary<string, string>(StringComparer.Ordinal),
            Mounts = container.Mounts ?? [],
            Ports = container.Ports ?? [],
            Restart = container.Restart ?? RestartPolicy.No,
            Labels = DockerLabels.Join(container.Labels, labels),
            NetworkMode = container.Network,
            Health = container.Health,
            StopTimeout = container.StopTimeout,
            WorkingDirectory = container.WorkingDirectory,
            HostName = container.HostName,
            Settings = container.Settings,
        };
    }

    /// <summary>Tells whether neither the container nor its image says what to run, where the image is there to be asked.</summary>
    public static bool HasNothingToRun(ContainerFacts facts) => facts.Image is { } image
        && (facts.Desired.EntryPoint ?? image.EntryPoint) is null or { Count: 0 }
        && CommandOf(facts.Desired, facts.Desired.Command ?? [], image).Count == 0;

    /// <summary>Takes away what an image sets itself.</summary>
    public static Dictionary<string, string> Beyond(
        IReadOnlyDictionary<string, string> all, IReadOnlyDictionary<string, string> inherited) => all
        .Where(pair => !(inherited.TryGetValue(pair.Key, out var value) && Same(value, pair.Value)))
        .ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);

    /// <summary>Tells whether a document can describe a mount; a pipe of Windows, for one, it cannot.</summary>
    public static bool IsDescribed(ContainerMount mount) => mount.Type is "volume" or "bind" or "image" && mount.Source.Length > 0;

    /// <summary>Writes a time to stop for people, as documents have it.</summary>
    public static string WriteStop(TimeSpan time) => DockerValues.WriteTime(time)!;

    private static IEnumerable<PropertyChange> Desired(ConfiguredContainer container, IEnumerable<string>? environment)
    {
        var pairs = new (string Property, string? Value)[]
        {
            ("image", container.Image), ("command", Join(container.Command)), (
                "entrypoint", Join(container.EntryPoint)), ("user", container.User),
            ("environment", Join(environment)), ("environmentFile", Join(container.EnvironmentFiles)),
            ("mounts", Join(container.Mounts?.Select(Describe))), ("ports", Join(container.Ports?.Select(Describe))),
            ("restart", container.Restart?.ToString()), (
                "labels", Join(container.Labels?.Select(label => $"{label.Key}={label.Value}"))), ("network", container.Network),
            ("health.test", Join(container.Health?.Test)), (
                "health.interval", Write(container.Health?.Interval)), ("health.timeout", Write(container.Health?.Timeout)),
            ("health.startPeriod", Write(container.Health?.StartPeriod)), (
                "health.retries", container.Health?.Retries?.ToString(CultureInfo.InvariantCulture)),
            ("waitHealthy", Write(container.WaitHealthy)), ("stopTimeout", container.StopTimeout is { } stop ? WriteStop(stop) : null), (
                "workingDir", container.WorkingDirectory), ("hostname", container.HostName),
            ("state", container.State.ToString()),
        };
        return pairs
            .Concat(Named(container).Select(setting => (Property: setting.Name, Value: setting.Show(container.Settings[setting.Name]))))
            .Where(pair => pair.Value is not null)
            .Select(pair => new PropertyChange(pair.Property, null, pair.Value));
    }

    private static IEnumerable<ContainerSetting> Named(ConfiguredContainer container) =>
        ContainerSettings.All.Where(setting => container.Settings.ContainsKey(setting.Name));

    // An engine keeps by its id the network that a container was connected to: where another one has the name now, the container cannot be
    // started.
    private static PropertyChange? NetworkDifference(ContainerFacts facts, Container actual)
    {
        if (facts.Desired.Network is not { } network)
        {
            return facts.NetworkIsRemade
                ? new PropertyChange("network", $"{actual.Specification.NetworkMode} (recreated)", "default")
                : null;
        }

        var mode = facts.SharedWith is { } other ? "container:" + other : actual.Specification.NetworkMode;
        if (!ConfiguredNetwork.IsMade(network))
        {
            return Same(Normal(network), Normal(mode)) ? null : new PropertyChange("network", mode, network);
        }

        if (facts.Network is { } made && (Same(mode, network) || Same(mode, made.Id)))
        {
            return facts.NetworkIsRemade || !actual.Networks.TryGetValue(made.Name, out var id) || (id.Length > 0 && !Same(id, made.Id))
                ? new PropertyChange("network", $"{network} (another one)", network)
                : null;
        }

        return new PropertyChange("network", Same(mode, network) ? $"{network} (gone)" : mode, network);
    }

    private static IEnumerable<PropertyChange> HealthDifferences(HealthCheck? desired, HealthCheck? actual)
    {
        if (desired?.Test is { } test && !SameList(test, actual?.Test))
        {
            yield return new PropertyChange("health.test", Join(actual?.Test), Join(test));
        }

        var times = new (string Property, TimeSpan? Desired, TimeSpan Actual)[]
        {
            ("health.interval", desired?.Interval, actual?.Interval ?? HealthCheck.DefaultTime),
            ("health.timeout", desired?.Timeout, actual?.Timeout ?? HealthCheck.DefaultTime),
            ("health.startPeriod", desired?.StartPeriod, actual?.StartPeriod ?? TimeSpan.Zero),
        };
        foreach (var time in times.Where(time => time.Desired is { } wanted && wanted != time.Actual && !(
            wanted == TimeSpan.Zero && time.Actual <= HealthCheck.ShortestTime)))
        {
            yield return new PropertyChange(time.Property, DurationText.Write(time.Actual), DurationText.Write(time.Desired!.Value));
        }

        if (desired?.Retries is { } retries && retries != (actual?.Retries ?? HealthCheck.DefaultRetries))
        {
            yield return new PropertyChange(
                "health.retries",
                (actual?.Retries ?? HealthCheck.DefaultRetries).ToString(CultureInfo.InvariantCulture),
                retries.ToString(CultureInfo.InvariantCulture));
        }
    }

    // An engine takes an empty command for none that was given: only an entry point of the container's own takes the image's away.
    private static IReadOnlyList<string> CommandOf(ConfiguredContainer container, IReadOnlyList<string> command, Image? image) =>
        command.Count == 0 && container.EntryPoint is null or { Count: 0 } ? image?.Command ?? [] : command;

    private static string DescribeValue(ConfiguredContainer container, string name) =>
        container.Environment is { } environment && environment.TryGetValue(name, out var value)
            ? value.Text is null
            ? value.ToString()
            : "changed"
            : "from an environment file";

    private static IEnumerable<string> DifferentKeys(
        IReadOnlyDictionary<string, string>? desired,
        Dictionary<string, string> actual,
        IReadOnlyDictionary<string, string> inherited) => desired is null
        ? []
        : desired.Keys.Union(actual.Keys, StringComparer.Ordinal)
            .Where(
                name =>
                    !Same(
                        Value(desired, name),
                        actual.TryGetValue(name, out var value) ? value : desired.ContainsKey(name) ? Value(inherited, name) : null))
            .OrderBy(name => name, StringComparer.Ordinal);

    private static bool SameMounts(IReadOnlyList<ContainerMount> desired, IReadOnlyList<ContainerMount> actual)
    {
        var there = actual.Where(IsDescribed).ToArray();
        return SameSet(desired.Select(Describe), there.Select(Describe))
            && desired.All(mount => there.All(other => !Same(Describe(mount), Describe(other)) || IsMountedSo(mount, other)));
    }

    private static string Describe(ContainerMount mount)
    {
        var kind = Same(mount.Type, "image") ? "image " : string.Empty;
        var part = mount.SubPath is null ? string.Empty : $"[{mount.SubPath}]";
        return $"{kind}{mount.Source}{part}:{mount.Target}{(mount.ReadOnly ? ":ro" : string.Empty)}";
    }

    // A copy that the document does not rule out may have been ruled out: nothing has to change for it.
    private static bool IsMountedSo(ContainerMount desired, ContainerMount actual) =>
        (desired.Driver is null || string.IsNullOrEmpty(actual.Driver) || Same(desired.Driver, actual.Driver))
            && (actual.NoCopy || !desired.NoCopy);

    private static string DescribeWithDriver(ContainerMount mount) =>
        Describe(mount) + (mount.NoCopy ? ":nocopy" : string.Empty)
            + (string.IsNullOrEmpty(mount.Driver) ? string.Empty : $" ({mount.Driver})");

    private static string Describe(PortMapping port) => port.ToString();

    // The engine's default network goes by several names.
    private static string Normal(string? mode) => mode is null or "default" ? "bridge" : mode;

    private static string? Write(TimeSpan? time) => time is { } value ? DurationText.Write(value) : null;

    private static string? Value(IReadOnlyDictionary<string, string> map, string name) =>
        map.TryGetValue(name, out var value) ? value : null;

    private static bool SameSet(IEnumerable<string> left, IEnumerable<string> right) =>
        new HashSet<string>(left, StringComparer.Ordinal).SetEquals(right);

    private static string? Join(IEnumerable<string>? items) => items is null ? null : string.Join(" ", items);

    // The start of a digest, as docker prints it.
    private static string Short(string? id) =>
        id is null ? "?" : id.Substring(id.IndexOf(':') + 1) is { Length: > 12 } digits ? digits.Substring(0, 12) : id;
}
