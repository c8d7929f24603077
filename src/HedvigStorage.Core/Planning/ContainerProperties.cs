using HedvigStorage.Docker;
using HedvigStorage.Documents;
using static HedvigStorage.Planning.OrdinalComparison;

namespace HedvigStorage.Planning;

/// <summary>
/// All properties of containers, in the order in which they are shown; digests rest on it. Names and values of settings that are only
/// handed on come from <see cref="ContainerSettings"/>.
/// </summary>
internal static class ContainerProperties
{
    // What docker stop waits where nobody says.
    private static readonly TimeSpan DefaultStopTimeout = TimeSpan.FromSeconds(10);

    public const string Environment = "environment";

    public static IReadOnlyList<ContainerProperty> All { get; } =
    [
        new("image", container => container.Image) { Differences = CompareImages },
        new("command", container => Join(container.Command))
        {
            Differences = (facts, actual) => facts.Desired.Command is { } command
                && ContainerImage.CommandOf(facts.Desired, command, facts.Image) is var meant
                && !SameList(meant, actual.Specification.Command)
                    ? [new PropertyChange("command", Join(actual.Specification.Command), Join(command))]
                    : [],
            Unnamed = (facts, present) => facts.Desired.Command is null ? Join(present.Command) : null,
        },
        new("entrypoint", container => Join(container.EntryPoint))
        {
            Differences = (facts, actual) => facts.Desired.EntryPoint is { } entryPoint
                && !SameList(entryPoint, actual.Specification.EntryPoint)
                    ? [new PropertyChange("entrypoint", Join(actual.Specification.EntryPoint), Join(entryPoint))]
                    : [],
            Unnamed = (facts, present) => facts.Desired.EntryPoint is null ? Join(present.EntryPoint) : null,
        },
        Text("user", container => container.User, specification => specification.User),
        new(Environment, container => Join(container.Environment?.Keys))
        {
            Differences = CompareEnvironments,
            Unnamed = (facts, present) => facts.Environment is null ? Join(present.Environment.Keys) : null,
        },
        new("environmentFile", container => Join(container.EnvironmentFiles)),
        new("mounts", container => Join(container.Mounts?.Select(ContainerMounts.Describe)))
        {
            Differences = (facts, actual) => facts.Desired.Mounts is { } mounts
                && !ContainerMounts.Same(mounts, actual.Specification.Mounts)
                    ? [new PropertyChange(
                        "mounts",
                        Join(actual.Specification.Mounts.Where(ContainerMounts.IsDescribed).Select(ContainerMounts.DescribeWithDriver)),
                        Join(mounts.Select(ContainerMounts.DescribeWithDriver)))]
                    : [],
            Unnamed = (facts, present) => facts.Desired.Mounts is null
                ? Join(present.Mounts.Where(ContainerMounts.IsDescribed).Select(mount => $"{mount.Source}:{mount.Target}"))
                : null,
        },
        new("ports", container => Join(container.Ports))
        {
            Differences = (facts, actual) => facts.Desired.Ports is { } ports
                && !SameSet(ports.Select(port => port.ToString()), actual.Specification.Ports.Select(port => port.ToString()))
                    ? [new PropertyChange("ports", Join(actual.Specification.Ports), Join(ports))]
                    : [],
            Unnamed = (facts, present) => facts.Desired.Ports is null ? Join(present.Ports) : null,
        },
        new("restart", container => container.Restart?.ToString())
        {
            IsInPlace = true,
            Differences = (facts, actual) => facts.Desired.Restart is { } restart && restart != actual.Specification.Restart
                ? [new PropertyChange("restart", actual.Specification.Restart.ToString(), restart.ToString())]
                : [],
            Unnamed = (facts, present) =>
                facts.Desired.Restart is null && present.Restart != RestartPolicy.No ? present.Restart.ToString() : null,
        },
        new("labels", container => Join(container.Labels?.Select(label => $"{label.Key}={label.Value}")))
        {
            Differences = CompareLabels,
            Unnamed = (facts, present) =>
                facts.Desired.Labels is null ? Join(present.Labels.Keys.Where(name => !DockerLabels.IsOwn(name))) : null,
        },
        new("network", container => container.Network)
        {
            Differences = (facts, actual) => ContainerNetwork.FindDifference(facts, actual) is { } change ? [change] : [],
            Unnamed = (facts, present) => facts.Desired.Network is not null || present.NetworkMode is null or "default" or "bridge" ? null
                : facts.SharedWith is { } other ? "container:" + other
                : present.NetworkMode,
        },
        new("health.test", container => Join(container.Health?.Test))
        {
            Differences = (facts, actual) => facts.Desired.Health?.Test is { } test && !SameList(test, actual.Specification.Health?.Test)
                ? [new PropertyChange("health.test", Join(actual.Specification.Health?.Test), Join(test))]
                : [],
            Unnamed = (facts, present) =>
                facts.Desired.Health is null && present.Health is { } health ? Join(health.Test) ?? "times" : null,
            WholeName = "health",
        },
        HealthTime("interval", health => health.Interval, HealthCheck.DefaultTime),
        HealthTime("timeout", health => health.Timeout, HealthCheck.DefaultTime),
        HealthTime("startPeriod", health => health.StartPeriod, TimeSpan.Zero),
        new("health.retries", container => Write(container.Health?.Retries))
        {
            Differences = (facts, actual) => facts.Desired.Health?.Retries is { } retries
                && (actual.Specification.Health?.Retries ?? HealthCheck.DefaultRetries) is var there && retries != there
                    ? [new PropertyChange("health.retries", Write(there), Write(retries))]
                    : [],
        },
        new("waitHealthy", container => Write(container.WaitHealthy)) { IsInPlace = true },
        new("stopTimeout", container => WriteStop(container.StopTimeout))
        {
            Differences = (facts, actual) => facts.Desired.StopTimeout is { } stop
                && (actual.Specification.StopTimeout ?? DefaultStopTimeout) is var there && stop != there
                    ? [new PropertyChange("stopTimeout", WriteStop(there), WriteStop(stop))]
                    : [],
            Unnamed = (facts, present) => facts.Desired.StopTimeout is null ? WriteStop(present.StopTimeout) : null,
        },
        Text("workingDir", container => container.WorkingDirectory, specification => specification.WorkingDirectory, otherwise: "/"),
        Text("hostname", container => container.HostName, specification => specification.HostName),
        new("state", container => container.State.ToString()) { IsInPlace = true, Differences = CompareStates },
        .. ContainerSettings.All.Select(Setting),
    ];

    private static ContainerProperty Text(
        string name,
        Func<ConfiguredContainer, string?> desired,
        Func<ContainerSpecification, string?> actual,
        string? otherwise = null) => new(name, desired)
    {
        Differences = (facts, container) => desired(facts.Desired) is { } wanted
            && actual(container.Specification) is var there && !Same(wanted, there ?? otherwise)
                ? [new PropertyChange(name, there, wanted)]
                : [],
        Unnamed = (facts, present) => desired(facts.Desired) is null ? actual(present) : null,
    };

    private static ContainerProperty HealthTime(string name, Func<HealthCheck, TimeSpan?> get, TimeSpan otherwise) =>
        new("health." + name, container => container.Health is { } health ? Write(get(health)) : null)
        {
            Differences = (facts, container) =>
            {
                var there = (container.Specification.Health is { } health ? get(health) : null) ?? otherwise;
                return facts.Desired.Health is { } desired && get(desired) is { } wanted && wanted != there
                    && !(wanted == TimeSpan.Zero && there <= HealthCheck.ShortestTime)
                    ? [new PropertyChange("health." + name, Write(there), Write(wanted))]
                    : [];
            },
        };

    private static ContainerProperty Setting(ContainerSetting setting) => new(
        setting.Name, container => container.Settings.TryGetValue(setting.Name, out var value) ? setting.Show(value) : null)
    {
        Differences = (facts, actual) => facts.Desired.Settings.TryGetValue(setting.Name, out var wanted)
            && ContainerSettings.Of(actual.Specification.Settings, setting) is var there
            && !there.SequenceEqual(wanted, StringComparer.Ordinal)
                ? [new PropertyChange(setting.Name, setting.Show(there), setting.Show(wanted))]
                : [],
        Unnamed = (facts, present) =>
            !facts.Desired.Settings.ContainsKey(setting.Name) && present.Settings.TryGetValue(setting.Name, out var value)
                ? setting.Show(value)
                : null,
    };

    // An image whose name no longer leads to it is unchanged while the container still names it.
    private static IEnumerable<PropertyChange> CompareImages(ContainerFacts facts, Container actual)
    {
        var (there, wanted, image) = (actual.Specification.Image, facts.Desired.Image, facts.Image);
        if (image is null ? !ImageName.Same(there, wanted) : !Same(image.Id, actual.ImageId))
        {
            yield return ImageName.Same(there, wanted)
                ? new PropertyChange("image", $"{there} ({Short(actual.ImageId)})", $"{wanted} ({Short(image?.Id)})")
                : new PropertyChange("image", there, wanted);
        }
    }

    // The value of a variable may be a secret: plans show names, and where it comes from.
    private static IEnumerable<PropertyChange> CompareEnvironments(ContainerFacts facts, Container actual)
    {
        var inherited = ContainerImage.Of(facts, actual).Environment;
        var there = actual.Specification.Environment;
        return DifferentKeys(facts.Environment, ContainerImage.Beyond(there, inherited), inherited).Select(name => new PropertyChange(
            $"environment.{name}",
            there.ContainsKey(name) ? "(set)" : null,
            facts.Environment!.ContainsKey(name) ? $"({DescribeValue(facts.Desired, name)})" : null));
    }

    private static IEnumerable<PropertyChange> CompareLabels(ContainerFacts facts, Container actual)
    {
        var inherited = ContainerImage.Of(facts, actual).Labels;
        var there = actual.Specification.Labels;
        return DifferentKeys(facts.Desired.Labels, ContainerImage.Beyond(there, inherited), inherited)
            .Where(name => !DockerLabels.IsOwn(name))
            .Select(name => new PropertyChange($"labels.{name}", Value(there, name), Value(facts.Desired.Labels!, name)));
    }

    private static IEnumerable<PropertyChange> CompareStates(ContainerFacts facts, Container actual)
    {
        var container = facts.Desired;
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

    private static string DescribeValue(ConfiguredContainer container, string name) =>
        container.Environment is { } environment && environment.TryGetValue(name, out var value)
            ? value.Text is null ? value.ToString() : "changed"
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

    private static string? Value(IReadOnlyDictionary<string, string> map, string name) =>
        map.TryGetValue(name, out var value) ? value : null;

    private static string? Write(int? number) => number?.ToString(CultureInfo.InvariantCulture);

    private static string? Write(TimeSpan? time) => time is { } value ? DurationText.Write(value) : null;

    private static string? WriteStop(TimeSpan? time) => DockerValues.WriteTime(time);

    private static string? Join<T>(IEnumerable<T>? items) => items is null ? null : string.Join(" ", items);

    // The start of a digest, as docker prints it.
    private static string Short(string? id) =>
        id is null ? "?" : id.Substring(id.IndexOf(':') + 1) is { Length: > 12 } digits ? digits.Substring(0, 12) : id;
}
