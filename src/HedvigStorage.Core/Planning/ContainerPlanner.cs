using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using HedvigStorage.Docker;
using HedvigStorage.Documents;

namespace HedvigStorage.Planning;

/// <summary>Plans containers. Most of a container cannot be changed in place: it is made anew, and its volumes are kept.</summary>
internal static class ContainerPlanner
{
    /// <summary>The label by which containers that this product made are known.</summary>
    public const string ManagedLabel = "io.hedvigstorage.managed";

    // A container is made under this name before the one that it replaces is touched.
    private const string NextSuffix = ".hv-next";

    public static PlanStep Plan(IDockerEngine engine, ConfiguredContainer container, Container? actual, Image? image)
    {
        if (actual is null)
        {
            return PlanMissing(engine, container);
        }

        if (container.Ensure == Ensure.Absent)
        {
            return new PlanStep(ResourceKind.Container, container.Name, StepAction.Remove)
            {
                Reason = "The document makes it absent. Its named volumes are kept.",
                Execute = (context, cancellationToken) => RemoveAsync(engine, container.Name, context, cancellationToken),
            };
        }

        var immutable = ImmutableDifferences(container, actual, image).ToArray();
        if (immutable.Length > 0)
        {
            return new PlanStep(ResourceKind.Container, container.Name, StepAction.Replace)
            {
                Reason = "It differs. It is made anew; its volumes are kept.",
                Changes = immutable,
                Execute = (context, cancellationToken) => ReplaceAsync(engine, container, context, cancellationToken),
            };
        }

        var changes = MutableDifferences(container, actual).ToArray();
        return changes.Length == 0
            ? new PlanStep(ResourceKind.Container, container.Name, StepAction.None) { Reason = "It is as desired." }
            : new PlanStep(ResourceKind.Container, container.Name, StepAction.Update)
            {
                Reason = "It differs.",
                Changes = changes,
                Execute = (context, cancellationToken) => UpdateAsync(engine, container, actual, context, cancellationToken),
            };
    }

    private static PlanStep PlanMissing(IDockerEngine engine, ConfiguredContainer container) => container.Ensure == Ensure.Absent
        ? new PlanStep(ResourceKind.Container, container.Name, StepAction.None) { Reason = "It is not there, as desired." }
        : new PlanStep(ResourceKind.Container, container.Name, StepAction.Create)
        {
            Reason = "It is not there.",
            Changes = Specified(container).ToArray(),
            Execute = async (context, cancellationToken) =>
            {
                context.Report("making");
                await engine.RemoveContainerAsync(container.Name + NextSuffix, force: true, cancellationToken).ConfigureAwait(false);
                _ = await engine.CreateContainerAsync(container.Name, Specification(container), cancellationToken).ConfigureAwait(false);
                await StartAsync(engine, container, context, cancellationToken).ConfigureAwait(false);
            },
        };

    private static async Task ReplaceAsync(IDockerEngine engine, ConfiguredContainer container, StepContext context, CancellationToken cancellationToken)
    {
        // What an interrupted run left behind goes first; it never ran.
        var next = container.Name + NextSuffix;
        await engine.RemoveContainerAsync(next, force: true, cancellationToken).ConfigureAwait(false);
        context.Report("making");
        _ = await engine.CreateContainerAsync(next, Specification(container), cancellationToken).ConfigureAwait(false);
        await RemoveAsync(engine, container.Name, context, cancellationToken).ConfigureAwait(false);
        await engine.RenameContainerAsync(next, container.Name, cancellationToken).ConfigureAwait(false);
        await StartAsync(engine, container, context, cancellationToken).ConfigureAwait(false);
    }

    private static async Task RemoveAsync(IDockerEngine engine, string name, StepContext context, CancellationToken cancellationToken)
    {
        // Stopped in its own time first: a database that is killed has to recover.
        context.Report("stopping");
        await engine.StopContainerAsync(name, timeout: null, cancellationToken).ConfigureAwait(false);
        context.Report("removing");
        await engine.RemoveContainerAsync(name, force: false, cancellationToken).ConfigureAwait(false);
    }

    private static async Task StartAsync(IDockerEngine engine, ConfiguredContainer container, StepContext context, CancellationToken cancellationToken)
    {
        if (container.State == ContainerState.Running)
        {
            context.Report("starting");
            await engine.StartContainerAsync(container.Name, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task UpdateAsync(IDockerEngine engine, ConfiguredContainer container, Container actual, StepContext context, CancellationToken cancellationToken)
    {
        if (container.Restart is { } restart && restart != actual.Specification.Restart)
        {
            await engine.UpdateRestartPolicyAsync(container.Name, restart, cancellationToken).ConfigureAwait(false);
        }

        if (container.State == ContainerState.Stopped)
        {
            context.Report("stopping");
            await engine.StopContainerAsync(container.Name, timeout: null, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (string.Equals(actual.State, "dead", StringComparison.Ordinal) || string.Equals(actual.State, "removing", StringComparison.Ordinal))
        {
            throw new ClusterException(ErrorCode.Conflict, $"The container '{container.Name}' is {actual.State} and cannot be started. Remove it, then apply again.");
        }

        await StartAsync(engine, container, context, cancellationToken).ConfigureAwait(false);
    }

    private static IEnumerable<PropertyChange> ImmutableDifferences(ConfiguredContainer container, Container actual, Image? image)
    {
        var specification = actual.Specification;

        // An image whose name no longer leads to it is unchanged while the container still names it.
        if (image is null ? !Same(specification.Image, container.Image) : !Same(image.Id, actual.ImageId))
        {
            yield return Same(specification.Image, container.Image)
                ? new PropertyChange("image", $"{specification.Image} ({Short(actual.ImageId)})", $"{container.Image} ({Short(image?.Id)})")
                : new PropertyChange("image", specification.Image, container.Image);
        }

        if (container.Command is { } command && !SameList(command, specification.Command))
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

        // The value of a variable may be a secret: plans show names only.
        var inherited = image ?? new Image { Id = actual.ImageId };
        foreach (var name in DifferentKeys(container.Environment, Beyond(specification.Environment, inherited.Environment), inherited.Environment))
        {
            yield return new PropertyChange($"environment.{name}", specification.Environment.ContainsKey(name) ? "(set)" : null, container.Environment!.ContainsKey(name) ? "(changed)" : null);
        }

        foreach (var name in DifferentKeys(container.Labels, Beyond(specification.Labels, inherited.Labels), inherited.Labels).Where(name => !Same(name, ManagedLabel)))
        {
            yield return new PropertyChange($"labels.{name}", Value(specification.Labels, name), Value(container.Labels!, name));
        }

        if (container.Mounts is { } mounts && !SameSet(mounts.Select(Describe), specification.Mounts.Select(Describe)))
        {
            yield return new PropertyChange("mounts", Join(specification.Mounts.Select(Describe)), Join(mounts.Select(Describe)));
        }

        if (container.Ports is { } ports && !SameSet(ports.Select(Describe), specification.Ports.Select(Describe)))
        {
            yield return new PropertyChange("ports", Join(specification.Ports.Select(Describe)), Join(ports.Select(Describe)));
        }

        if (container.Network is { } network && !Same(network, specification.NetworkMode))
        {
            yield return new PropertyChange("network", specification.NetworkMode, network);
        }
    }

    private static IEnumerable<PropertyChange> MutableDifferences(ConfiguredContainer container, Container actual)
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
    }

    private static IEnumerable<PropertyChange> Specified(ConfiguredContainer container)
    {
        var pairs = new (string Property, string? Value)[]
        {
            ("image", container.Image), ("command", Join(container.Command)), ("entrypoint", Join(container.EntryPoint)), ("user", container.User),
            ("environment", Join(container.Environment?.Keys)), ("mounts", Join(container.Mounts?.Select(Describe))), ("ports", Join(container.Ports?.Select(Describe))),
            ("restart", container.Restart?.ToString()), ("labels", Join(container.Labels?.Select(label => $"{label.Key}={label.Value}"))), ("network", container.Network),
            ("state", container.State.ToString()),
        };
        return pairs.Where(pair => pair.Value is not null).Select(pair => new PropertyChange(pair.Property, null, pair.Value));
    }

    private static ContainerSpecification Specification(ConfiguredContainer container)
    {
        var labels = (container.Labels ?? new Dictionary<string, string>(StringComparer.Ordinal)).ToDictionary(label => label.Key, label => label.Value, StringComparer.Ordinal);
        labels[ManagedLabel] = "true";
        return new ContainerSpecification
        {
            Image = container.Image,
            Command = container.Command,
            EntryPoint = container.EntryPoint,
            User = container.User,
            Environment = container.Environment ?? new Dictionary<string, string>(StringComparer.Ordinal),
            Mounts = container.Mounts ?? [],
            Ports = container.Ports ?? [],
            Restart = container.Restart ?? RestartPolicy.No,
            Labels = labels,
            NetworkMode = container.Network,
        };
    }

    private static Dictionary<string, string> Beyond(IReadOnlyDictionary<string, string> all, IReadOnlyDictionary<string, string> inherited) => all
        .Where(pair => !(inherited.TryGetValue(pair.Key, out var value) && Same(value, pair.Value)))
        .ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);

    private static IEnumerable<string> DifferentKeys(
        IReadOnlyDictionary<string, string>? desired,
        Dictionary<string, string> actual,
        IReadOnlyDictionary<string, string> inherited) => desired is null
        ? []
        : desired.Keys.Union(actual.Keys, StringComparer.Ordinal)
            .Where(name => !Same(Value(desired, name), actual.TryGetValue(name, out var value) ? value : desired.ContainsKey(name) ? Value(inherited, name) : null))
            .OrderBy(name => name, StringComparer.Ordinal);

    private static string Describe(ContainerMount mount) => $"{mount.Source}:{mount.Target}{(mount.ReadOnly ? ":ro" : string.Empty)}";

    private static string Describe(PortMapping port) => port.ToString();

    private static string? Value(IReadOnlyDictionary<string, string> map, string name) => map.TryGetValue(name, out var value) ? value : null;

    private static bool Same(string? left, string? right) => string.Equals(left, right, StringComparison.Ordinal);

    private static bool SameList(IReadOnlyList<string> left, IReadOnlyList<string>? right) => left.SequenceEqual(right ?? [], StringComparer.Ordinal);

    private static bool SameSet(IEnumerable<string> left, IEnumerable<string> right) => new HashSet<string>(left, StringComparer.Ordinal).SetEquals(right);

    private static string? Join(IEnumerable<string>? items) => items is null ? null : string.Join(" ", items);

    // The start of a digest, as docker prints it.
    private static string Short(string? id) => id is null ? "?" : id.Substring(id.IndexOf(':') + 1) is { Length: > 12 } digits ? digits.Substring(0, 12) : id;
}
