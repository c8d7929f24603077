using HedvigStorage.Docker;
using HedvigStorage.Documents;
using HedvigStorage.Planning;

namespace HedvigStorage.Moving;

/// <summary>
/// A volume that follows its containers from one Docker Engine to another: they are stopped at the source, the leases end, the same
/// containers are made and started at the destination, and only then those at the source are removed. A failure on the way starts those at
/// the source again. The containers never run at both, and no lease of a host that is alive is ended in its place.
/// </summary>
public sealed class VolumeMove
{
    private readonly ICluster _cluster;
    private readonly IDockerEngine _source;
    private readonly IDockerEngine _destination;
    private readonly VolumeMoveOptions _options;
    private readonly IReadOnlyList<MovedContainer> _containers;
    private readonly string? _leftOver;

    private VolumeMove(
        ICluster cluster,
        IDockerEngine source,
        IDockerEngine destination,
        VolumeMoveOptions options,
        string volume,
        VolumeMovePlanner found,
        IReadOnlyList<MovedContainer> containers,
        string? leftOver)
    {
        (_cluster, _source, _destination, _options, _containers, _leftOver) = (cluster, source, destination, options, containers, leftOver);
        Volume = volume;
        Volumes = found.Volumes.ToArray();
        Notes = found.Notes;
    }

    /// <summary>Gets the volume that is to move.</summary>
    public string Volume { get; }

    /// <summary>Gets all volumes that move, because containers mount them together.</summary>
    public IReadOnlyList<string> Volumes { get; }

    /// <summary>Gets the names of the containers that move.</summary>
    public IReadOnlyList<string> Containers => _containers.Select(container => container.Name).ToArray();

    /// <summary>Gets what somebody should know before.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Gets the steps in their order; none if there is nothing to do.</summary>
    public IReadOnlyList<VolumeMoveStep> Steps => DescribeSteps().ToArray();

    /// <summary>Finds what is to be done. Nothing is changed.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="source">The engine whose containers mount the volume.</param>
    /// <param name="destination">The engine that gets them.</param>
    /// <param name="volume">The volume.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ClusterException">The volume is not there, an engine does not answer, or something could not run at the
    /// destination; the message says what to do.</exception>
    public static async Task<VolumeMove> PlanAsync(
        ICluster cluster,
        IDockerEngine source,
        IDockerEngine destination,
        string volume,
        VolumeMoveOptions options,
        CancellationToken cancellationToken)
    {
        var known = await cluster.FindVolumeAsync(volume, cancellationToken).ConfigureAwait(false)
            ?? throw new ClusterException(
                ErrorCode.NotFound, $"There is no volume '{ObjectName.Printable(volume)}' on the cluster {cluster.Address}.");
        var found = new VolumeMovePlanner(source, destination, options);
        var containers = await found.FindAsync(volume, cancellationToken).ConfigureAwait(false);
        var leftOver = containers.Count == 0 && known.Attachment is { } lease
            && !await IsThereAsync(destination, volume, cancellationToken).ConfigureAwait(false)
            ? lease.Host
            : null;
        return new VolumeMove(cluster, source, destination, options, volume, found, containers, leftOver);
    }

    /// <summary>Moves.</summary>
    /// <param name="report">Takes lines on how far it is.</param>
    /// <param name="cancellationToken">Ends it; the containers are then started at the source again, unless they run at the destination
    /// already.</param>
    /// <exception cref="ClusterException">It failed; the message says why, and where the containers are now.</exception>
    public async Task RunAsync(Action<string>? report, CancellationToken cancellationToken)
    {
        if (_containers.Count == 0)
        {
            if (_leftOver is not null)
            {
                _ = await _cluster.FenceAttachmentAsync(Volume, cancellationToken).ConfigureAwait(false);
            }

            return;
        }

        var holders = await FindHoldersAsync(cancellationToken).ConfigureAwait(false);
        var made = new List<string>();
        try
        {
            await StopAsync(report, cancellationToken).ConfigureAwait(false);
            await EndLeasesAsync(holders, report, cancellationToken).ConfigureAwait(false);
            await MakeAsync(made, report, cancellationToken).ConfigureAwait(false);
            await StartAsync(report, cancellationToken).ConfigureAwait(false);
        }
        catch (ClusterException exception)
        {
            throw new ClusterException(
                exception.Code,
                $"The volume '{Volume}' was not moved: {exception.Message.TrimEnd('.')}. "
                    + $"{await GoBackAsync(made, holders, report).ConfigureAwait(false)}");
        }
        catch (OperationCanceledException)
        {
            _ = await GoBackAsync(made, holders, report).ConfigureAwait(false);
            throw;
        }

        await RemoveAsync(report).ConfigureAwait(false);
    }

    private static async Task<bool> IsThereAsync(IDockerEngine destination, string volume, CancellationToken cancellationToken) =>
        (await destination.ListContainersAsync(labels: null, volume, cancellationToken).ConfigureAwait(false))
            .Any(
                container =>
                    container.Volumes.Contains(volume, StringComparer.Ordinal) && container.State is "running" or "restarting" or "paused");

    private IEnumerable<VolumeMoveStep> DescribeSteps()
    {
        if (_leftOver is not null)
        {
            yield return new VolumeMoveStep(Volume, $"End the left-over attachment of the host {_leftOver}");
        }

        foreach (var container in _containers.Reverse().Where(container => container.Runs))
        {
            yield return new VolumeMoveStep(container.Name, $"Stop the container at {_source.Address}");
        }

        foreach (var volume in _containers.Count > 0 ? Volumes : [])
        {
            yield return new VolumeMoveStep(volume, "Wait until the attachment ends");
        }

        foreach (var container in _containers)
        {
            yield return new VolumeMoveStep(
                container.Name,
                container.Runs
                    ? $"Create and start the container at {_destination.Address}"
                    : $"Create the container at {_destination.Address}");
        }

        foreach (var container in _containers.Reverse())
        {
            yield return new VolumeMoveStep(container.Name, $"Remove the container at {_source.Address}");
        }
    }

    private async Task<Dictionary<string, string>> FindHoldersAsync(CancellationToken cancellationToken)
    {
        var holders = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var volume in Volumes)
        {
            if ((await _cluster.FindVolumeAsync(volume, cancellationToken).ConfigureAwait(false))?.Attachment is { } lease)
            {
                holders.Add(volume, lease.Host);
            }
        }

        return holders;
    }

    // Those that were made last may need the others, and end first.
    private async Task StopAsync(Action<string>? report, CancellationToken cancellationToken)
    {
        foreach (var container in _containers.Reverse().Where(container => container.Runs))
        {
            report?.Invoke($"stopping {container.Name} at {_source.Address}");
            await _source.StopContainerAsync(container.Name, timeout: null, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task EndLeasesAsync(Dictionary<string, string> holders, Action<string>? report, CancellationToken cancellationToken)
    {
        foreach (var holder in holders)
        {
            // Where nothing ran, nobody gives a lease back: it is left over, or another's, and then the engine refuses.
            var used = _containers.Any(
                container =>
                    container.Runs
                        && container.Recipe.Mounts.Any(mount => string.Equals(mount.Source, holder.Key, StringComparison.Ordinal)));
            if (used)
            {
                await AttachmentWait.UntilReleasedAsync(_cluster, holder.Key, holder.Value, _options.Limit, report, cancellationToken)
                    .ConfigureAwait(false);
            }
            else
            {
                _ = await _cluster.FenceAttachmentAsync(holder.Key, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task MakeAsync(List<string> made, Action<string>? report, CancellationToken cancellationToken)
    {
        foreach (var container in _containers)
        {
            report?.Invoke($"making {container.Name} at {_destination.Address}");

            // Noted before: a call that fails may have made it all the same.
            made.Add(container.Name);
            try
            {
                _ = await _destination.CreateContainerAsync(container.Name, container.Recipe, cancellationToken).ConfigureAwait(false);
            }
            catch (ClusterException exception) when (exception.Code == ErrorCode.Conflict)
            {
                // Somebody else has made one of that name, which is not to be taken away.
                _ = made.Remove(container.Name);
                throw;
            }
        }
    }

    private async Task StartAsync(Action<string>? report, CancellationToken cancellationToken)
    {
        foreach (var container in _containers.Where(container => container.Runs))
        {
            report?.Invoke($"starting {container.Name} at {_destination.Address}");
            await _destination.StartContainerAsync(container.Name, cancellationToken).ConfigureAwait(false);
            if (_options.WaitHealthy && container.Actual.Specification.Health is { } health && health.Test is not ["NONE"])
            {
                var configured = new ConfiguredContainer { Name = container.Name, WaitHealthy = _options.Limit };
                await HealthWait.RunAsync(
                    _destination,
                    configured,
                    new StepContext(line => report?.Invoke($"{container.Name}: {line}")),
                    cancellationToken).ConfigureAwait(false);
            }
        }
    }

    // The containers run at the destination: what is left is done to its end, whoever gives up.
    private async Task RemoveAsync(Action<string>? report)
    {
        foreach (var container in _containers.Reverse())
        {
            report?.Invoke($"removing {container.Name} at {_source.Address}");
            try
            {
                await _source.RemoveContainerAsync(container.Name, force: false, CancellationToken.None).ConfigureAwait(false);
            }
            catch (ClusterException exception)
            {
                throw new ClusterException(
                    exception.Code,
                    $"The volume '{Volume}' was moved, and its containers are at {_destination.Address} now, "
                        + $"but the container '{container.Name}' could not be removed at {_source.Address}: "
                        + $"{exception.Message.TrimEnd('.')}. Remove it there.");
            }
        }
    }

    /// <summary>
    /// Takes what was made at the destination away and starts the containers at the source again; tells in words where they are then.
    /// </summary>
    private async Task<string> GoBackAsync(List<string> made, Dictionary<string, string> holders, Action<string>? report)
    {
        var names = string.Join(", ", _containers.Where(container => container.Runs).Select(container => $"'{container.Name}'"));
        try
        {
            foreach (var name in Enumerable.Reverse(made))
            {
                report?.Invoke($"removing {name} at {_destination.Address}");
                await RemoveMadeAsync(name).ConfigureAwait(false);
            }
        }
        catch (ClusterException exception)
        {
            // Both must never run: rather none.
            return $"What was made at {_destination.Address} could not be taken away: {exception.Message.TrimEnd('.')}. "
                + $"So that nothing runs twice, the containers at {_source.Address} were left stopped: "
                + $"remove {string.Join(", ", made.Select(name => $"'{name}'"))} at {_destination.Address}, "
                + $"then start {names} at {_source.Address}.";
        }

        await WaitForLeasesAsync(holders, report).ConfigureAwait(false);
        var failures = new List<string>();
        foreach (var container in _containers.Where(container => container.Runs))
        {
            report?.Invoke($"starting {container.Name} at {_source.Address} again");
            try
            {
                await _source.StartContainerAsync(container.Name, CancellationToken.None).ConfigureAwait(false);
            }
            catch (ClusterException exception)
            {
                failures.Add(
                    $"The container '{container.Name}' could not be started at {_source.Address} again: {exception.Message.TrimEnd('.')}.");
            }
        }

        return failures.Count > 0 ? string.Join(" ", failures)
            : names.Length == 0 ? $"The containers at {_source.Address} are as they were."
            : $"The containers at {_source.Address} run again.";
    }

    // Nothing runs at the destination any more. Where this cannot be known, or takes too long, the start at the source shows it: a lease of
    // another keeps it from running.
    private async Task WaitForLeasesAsync(Dictionary<string, string> holders, Action<string>? report)
    {
        try
        {
            foreach (var volume in Volumes)
            {
                if ((await _cluster.FindVolumeAsync(volume, CancellationToken.None).ConfigureAwait(false))?.Attachment is { } lease
                    && !(holders.TryGetValue(volume, out var holder) && string.Equals(holder, lease.Host, StringComparison.Ordinal)))
                {
                    await AttachmentWait.UntilReleasedAsync(_cluster, volume, lease.Host, _options.Limit, report, CancellationToken.None)
                        .ConfigureAwait(false);
                }
            }
        }
        catch (ClusterException exception)
        {
            report?.Invoke(exception.Message);
        }
    }

    private async Task RemoveMadeAsync(string name)
    {
        try
        {
            await _destination.StopContainerAsync(name, timeout: null, CancellationToken.None).ConfigureAwait(false);
        }
        catch (ClusterException exception) when (exception.Code == ErrorCode.NotFound)
        {
            return;
        }

        await _destination.RemoveContainerAsync(name, force: false, CancellationToken.None).ConfigureAwait(false);
    }
}
