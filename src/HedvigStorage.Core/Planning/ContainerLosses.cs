using HedvigStorage.Docker;

namespace HedvigStorage.Planning;

/// <summary>What a container has and the one that replaces it will not: a document describes only what it names.</summary>
internal static class ContainerLosses
{
    /// <summary>Tells it in sentences, each with a blank before it; empty if nothing is lost.</summary>
    public static string Describe(ContainerFacts facts, Container actual)
    {
        var unnamed = Unnamed(facts, ContainerRecipe.Of(actual, facts.PresentImage)).ToArray();
        var others = Others(actual).ToArray();
        return (unnamed.Length == 0 ? string.Empty : $" What the document does not name is not taken over: {string.Join(", ", unnamed)}.")
            + (others.Length == 0 ? string.Empty : $" No document can name, so that it is lost: {string.Join(", ", others)}.");
    }

    /// <summary>Names what no document can say of a container.</summary>
    public static IEnumerable<string> Others(Container actual) => actual.Specification.Others
        .Concat(
            actual.Specification.Mounts.Where(mount => !ContainerComparison.IsDescribed(mount) && mount.Source.Length > 0)
                .Select(mount => $"the {mount.Type} mount at {mount.Target}"));

    // Values of variables and labels may be secret, and long: their names are enough to look them up.
    private static IEnumerable<string> Unnamed(ContainerFacts facts, ContainerSpecification present)
    {
        var desired = facts.Desired;
        var members = new (bool Named, string Name, string? Value)[]
        {
            (desired.Command is not null, "command", Join(present.Command)),
            (desired.EntryPoint is not null, "entrypoint", Join(present.EntryPoint)),
            (desired.User is not null, "user", present.User),
            (facts.Environment is not null, "environment", Join(present.Environment.Keys)),
            (desired.Labels is not null, "labels", Join(present.Labels.Keys.Where(name => !DockerLabels.IsOwn(name)))),
            (
                desired.Mounts is not null,
                "mounts",
                Join(present.Mounts.Where(ContainerComparison.IsDescribed).Select(mount => $"{mount.Source}:{mount.Target}"))),
            (desired.Ports is not null, "ports", Join(present.Ports.Select(port => port.ToString()))),
            (desired.Restart is not null, "restart", present.Restart == RestartPolicy.No ? null : present.Restart.ToString()),
            (
                desired.Network is not null,
                "network",
                present.NetworkMode is null or "default" or "bridge"
                    ? null
                    : facts.SharedWith is { } other
                    ? "container:" + other
                    : present.NetworkMode),
            (desired.Health is not null, "health", present.Health is null ? null : Join(present.Health.Test) ?? "times"),
            (desired.StopTimeout is not null, "stopTimeout", present.StopTimeout is { } time ? ContainerComparison.WriteStop(time) : null),
            (desired.WorkingDirectory is not null, "workingDir", present.WorkingDirectory),
            (desired.HostName is not null, "hostname", present.HostName),
        };
        return members.Where(member => !member.Named && !string.IsNullOrEmpty(member.Value))
            .Select(member => $"{member.Name} {member.Value}")
            .Concat(ContainerSettings.All
                .Where(setting => !desired.Settings.ContainsKey(setting.Name) && present.Settings.ContainsKey(setting.Name))
                .Select(setting => $"{setting.Name} {setting.Show(present.Settings[setting.Name])}"));
    }

    private static string? Join(IEnumerable<string>? items) => items is null ? null : string.Join(" ", items);
}
