using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using HedvigStorage.Docker;
using HedvigStorage.Documents;
using HedvigStorage.Hosting;

namespace HedvigStorage.Planning;

/// <summary>Plans the Docker part: the plugin host, then images, then containers.</summary>
internal sealed class DockerPlanner
{
    private readonly PlanTargets _targets;

    public DockerPlanner(PlanTargets targets) => _targets = targets;

    public async Task<IReadOnlyList<PlanStep>> PlanAsync(DockerConfiguration docker, List<string> omissions, CancellationToken cancellationToken)
    {
        try
        {
            var steps = new List<PlanStep>();
            var engine = _targets.Docker ?? throw new ClusterException(ErrorCode.Unreachable, "No Docker Engine was named.");
            _ = await engine.GetVersionAsync(cancellationToken).ConfigureAwait(false);
            if (docker.Plugin is { } plugin)
            {
                steps.Add(await PlanPluginAsync(plugin, cancellationToken).ConfigureAwait(false));
            }

            await PlanContainersAsync(engine, docker, steps, cancellationToken).ConfigureAwait(false);
            return steps;
        }
        catch (ClusterException e) when (docker.Optional && e.Code is ErrorCode.Unreachable or ErrorCode.Unsupported)
        {
            omissions.Add($"The Docker part is left out, as the document allows: {e.Message}");
            return [];
        }
    }

    private static async Task PlanContainersAsync(IDockerEngine engine, DockerConfiguration docker, List<PlanStep> steps, CancellationToken cancellationToken)
    {
        var images = new Dictionary<string, Image?>(StringComparer.Ordinal);
        foreach (var container in docker.Containers)
        {
            if (container.Ensure == Ensure.Present && !images.ContainsKey(container.Image))
            {
                images[container.Image] = await engine.FindImageAsync(container.Image, cancellationToken).ConfigureAwait(false);
            }
        }

        foreach (var container in docker.Containers)
        {
            var actual = await engine.FindContainerAsync(container.Name, cancellationToken).ConfigureAwait(false);
            var image = container.Ensure == Ensure.Present ? images[container.Image] : null;
            var step = ContainerPlanner.Plan(engine, container, actual, image);
            if (image is null && step.Action is StepAction.Create or StepAction.Replace && !steps.Any(other => other.Kind == ResourceKind.Image && string.Equals(other.Name, container.Image, StringComparison.Ordinal)))
            {
                steps.Add(PlanPull(engine, container.Image));
            }

            steps.Add(step);
        }
    }

    private static PlanStep PlanPull(IDockerEngine engine, string reference) => new(ResourceKind.Image, reference, StepAction.Create)
    {
        Reason = "The Docker Engine does not have it: it is pulled.",
        Execute = (context, cancellationToken) => engine.PullImageAsync(reference, new Progress(context.Report), cancellationToken),
    };

    private async Task<PlanStep> PlanPluginAsync(ConfiguredPlugin plugin, CancellationToken cancellationToken)
    {
        var installer = _targets.PluginInstaller ?? throw new ClusterException(ErrorCode.Unsupported, "The plugin host cannot be installed from here.");
        var status = await installer.GetStatusAsync(plugin.Name, cancellationToken).ConfigureAwait(false);
        if (plugin.Ensure == Ensure.Absent)
        {
            return status.Running
                ? new PlanStep(ResourceKind.Plugin, plugin.Name, StepAction.Remove)
                {
                    Reason = "The document makes it absent.",
                    Execute = (_, token) => installer.UninstallAsync(plugin.Name, token),
                }
                : new PlanStep(ResourceKind.Plugin, plugin.Name, StepAction.None) { Reason = "It is not there, as desired." };
        }

        var settings = (_targets.PluginSettings ?? throw new ClusterException(ErrorCode.Unsupported, "No settings for the plugin host were given.")) with { Name = plugin.Name };
        settings = plugin.Host is null ? settings : settings with { Host = plugin.Host };
        var changes = Differences(settings, status).ToArray();
        if (status.Running && changes.Length == 0)
        {
            return new PlanStep(ResourceKind.Plugin, plugin.Name, StepAction.None) { Reason = "It runs." };
        }

        if (status.Running && status.MountedVolumes > 0 && !SameAddress(status.Cluster ?? string.Empty, settings.Cluster))
        {
            throw new ClusterException(
                ErrorCode.Refused,
                $"The plugin host '{plugin.Name}' serves the cluster {status.Cluster} and has {status.MountedVolumes} of its volumes mounted, so it is not turned to {settings.Cluster}. Stop their containers first, or give the plugin another name.");
        }

        if (installer.WhyNot() is { } reason)
        {
            throw new ClusterException(ErrorCode.Unsupported, reason);
        }

        return new PlanStep(ResourceKind.Plugin, plugin.Name, status.Running ? StepAction.Update : StepAction.Create)
        {
            Reason = status.Running ? "It runs with other settings. It is started anew; containers keep their volumes." : "It does not run.",
            Changes = changes,
            Execute = (_, token) => installer.InstallAsync(settings, token),
        };
    }

    private static IEnumerable<PropertyChange> Differences(DockerPluginSettings settings, DockerPluginStatus status)
    {
        var before = status.Running ? status : null;
        if (before?.Cluster is null || !SameAddress(before.Cluster, settings.Cluster))
        {
            yield return new PropertyChange("cluster", before?.Cluster, settings.Cluster);
        }

        if (settings.Host is not null && !string.Equals(before?.Host, settings.Host, StringComparison.Ordinal))
        {
            yield return new PropertyChange("host", before?.Host, settings.Host);
        }
    }

    private static bool SameAddress(string left, string right) => string.Equals(left.TrimEnd('/'), right.TrimEnd('/'), StringComparison.OrdinalIgnoreCase);

    // Reports at once on the caller's thread: System.Progress would post each line to the thread pool, out of order.
    private sealed class Progress(Action<string> report) : IProgress<string>
    {
        public void Report(string value) => report(value);
    }
}
