using HedvigStorage.Planning;

namespace HedvigStorage.Cli.Output;

/// <summary>Plain lines: results on standard output, errors on standard error.</summary>
internal class PlainText(TextWriter writer, TextWriter errors, TimeProvider time) : IOutput
{
    private const int Named = 3;

    public void Say(string line) => Write(PrintableText.Line(line));

    public void Show(Plan plan, ApplyOptions? given = null)
    {
        foreach (var line in PlanText.Lines(plan, given))
        {
            WritePlanLine(PrintableText.Line(line));
        }
    }

    public void Show(ClusterDocument cluster)
    {
        if (!cluster.Running)
        {
            Say(cluster.Stopped == true ? $"The cluster in {cluster.Data} was stopped." : $"No cluster runs in {cluster.Data}.");
            return;
        }

        Say($"The cluster in {cluster.Data} runs.");
        Say($"  address     {cluster.Address}");
        Say($"  process     {cluster.ProcessId}");
        Say($"  version     {cluster.Version}");
        SayUnlessEmpty("engine", cluster.Engine);
        Say($"  credential  {cluster.CredentialFile}");
        if (cluster.Health is { } health)
        {
            Say($"  health      {(health.Healthy ? "ok" : string.Join(" ", health.Problems))}");
            Say($"  volumes     {health.Volumes}");
            Say($"  capacity    {Capacity(health)}");
        }
    }

    public void Show(ClusterCheckDocument check)
    {
        foreach (var problem in check.Problems)
        {
            Say(problem);
        }

        Say(check.Healthy ? $"Nothing is wrong in {check.Data}." : "\"Damage\" in docs/operating.md tells what to do.");
    }

    public void Show(ClusterBackupDocument backup) => Say(
        string.Create(CultureInfo.InvariantCulture, $"The catalog of {backup.Data} is in {backup.File}, {backup.Bytes} bytes."));

    public void Show(PluginDocument plugin)
    {
        if (!plugin.Running)
        {
            Say($"The plugin host '{plugin.Name}' {(plugin.Mode is null ? "does" : "is installed and does")} not run.");
            SayUnlessEmpty("service", plugin.Service);
            return;
        }

        Say($"The plugin host '{plugin.Name}' runs.");
        SayUnlessEmpty("mode", plugin.Mode);
        SayUnlessEmpty("service", plugin.Service);
        SayUnlessEmpty("process", plugin.ProcessId?.ToString(CultureInfo.InvariantCulture));
        SayUnlessEmpty("version", plugin.Version);
        SayUnlessEmpty("cluster", plugin.Cluster);
        SayUnlessEmpty("host", plugin.Host);
        SayUnlessEmpty("socket", plugin.Socket);
        SayUnlessEmpty("state", plugin.StateDirectory);
        SayUnlessEmpty("mounts", plugin.MountRoot);
        Say(string.Create(CultureInfo.InvariantCulture, $"  volumes     {plugin.MountedVolumes} mounted"));
    }

    public void Show(PluginTestDocument test)
    {
        foreach (var check in test.Checks)
        {
            Say($"  {(check.Passed ? "ok    " : "FAILED")}  {check.Check,-9}  {check.Message}");
        }

        Say(test.Passed ? $"The plugin host '{test.Name}' works." : $"The plugin host '{test.Name}' does not work as it should.");
    }

    public void Show(IReadOnlyCollection<VolumeDocument> volumes)
    {
        SayTable(VolumeDocument.Headings, volumes.Select(volume => volume.Row()), "There are no such volumes.");
        foreach (var volume in volumes.Where(volume => volume.Damage is not null))
        {
            Say($"! {volume.Name} is damaged: {volume.Damage}");
        }
    }

    public void Show(IReadOnlyCollection<SnapshotDocument> snapshots) =>
        SayTable(SnapshotDocument.Headings, snapshots.Select(snapshot => snapshot.Row()), "There are no such snapshots.");

    private void SayTable(string[] headings, IEnumerable<string[]> rows, string none)
    {
        string[][] all = [.. rows];
        foreach (var line in all.Length == 0 ? [none] : TextTable.Lines(headings, all))
        {
            Say(line);
        }
    }

    private void SayUnlessEmpty(string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            Say($"  {name,-10}  {value}");
        }
    }

    public void Fail(ErrorCode code, string message) => errors.WriteLine($"hv: {PrintableText.Lines(message)}");

    public async Task<ApplyReport> ApplyAsync(Plan plan, ApplyOptions options, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var report = await ExecuteAsync(plan, options, cancellationToken);
        Finish(report, time.GetElapsedTime(started));
        return report;
    }

    /// <summary>Writes a line that is safe to show.</summary>
    protected virtual void Write(string line) => writer.WriteLine(line);

    /// <summary>Writes a line of a plan that is safe to show.</summary>
    protected virtual void WritePlanLine(string line) => Write(line);

    /// <summary>Carries out a plan while showing how far it is.</summary>
    protected virtual Task<ApplyReport> ExecuteAsync(Plan plan, ApplyOptions options, CancellationToken cancellationToken)
    {
        var counter = new StepCounter(plan);
        return Applier.ApplyAsync(plan, options, progress => WriteProgress(progress, counter.Count(progress)), cancellationToken);
    }

    private void Finish(ApplyReport report, TimeSpan elapsed)
    {
        foreach (var outcome in report.Outcomes.Where(outcome => outcome.State == StepState.Failed))
        {
            errors.WriteLine(PrintableText.Line($"hv: {outcome.Step.Id} failed: {outcome.Error}"));
        }

        // One failure can leave out hundreds.
        foreach (var group in report.Outcomes.Where(outcome => outcome.State == StepState.Skipped).GroupBy(
            outcome => outcome.Error, StringComparer.Ordinal))
        {
            errors.WriteLine(PrintableText.Line($"hv: {LeftOut([.. group.Select(outcome => outcome.Step.Id)])} left out: {group.Key}"));
        }

        if (report.ProgressFailure is { } failure)
        {
            errors.WriteLine(PrintableText.Line($"hv: progress could not be shown to its end: {failure.Message}"));
        }

        var done = report.Outcomes.Count(outcome => outcome.State == StepState.Succeeded);
        Say(report.Succeeded
            ? string.Create(CultureInfo.InvariantCulture, $"Applied: {Count(done)} in {elapsed.TotalSeconds:0.0} s.")
            : string.Create(
                CultureInfo.InvariantCulture,
                $"Applied {done} of {Count(report.Outcomes.Count)} in {elapsed.TotalSeconds:0.0} s; "
                    + $"the rest can be applied by running it again."));
    }

    private static string Capacity(ClusterHealthDocument health)
    {
        var promised = health.ProvisionedBytes is { } bytes ? $", {new ByteSize(bytes).ToDisplayString()} promised" : string.Empty;
        return health.TotalBytes == 0
            ? "unknown" + promised
            : $"{new ByteSize(health.TotalBytes).ToDisplayString()} in all, {new ByteSize(health.UsedBytes).ToDisplayString()} "
                + $"used{promised}";
    }

    private static string LeftOut(string[] ids) => ids.Length switch
    {
        1 => $"{ids[0]} was",
        <= Named => $"{string.Join(", ", ids)} were",
        _ => string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", ids.Take(Named))} and {ids.Length - Named} more were"),
    };

    private static string Count(int changes) =>
        string.Create(CultureInfo.InvariantCulture, $"{changes} {(changes == 1 ? "change" : "changes")}");

    private void WriteProgress(StepProgress progress, string count)
    {
        if (progress.State == StepState.Skipped)
        {
            return;
        }

        var word = progress.State switch
        {
            StepState.Running => progress.Message.Length == 0 ? "begins" : progress.Message,
            StepState.Succeeded => "done" + count,
            _ => "failed" + count,
        };
        Say($"  {progress.Step.Id}: {word}");
    }
}
