using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using HedvigStorage.Client.Plans;
using HedvigStorage.Planning;

namespace HedvigStorage.Cli.Output;

/// <summary>One JSON object a line, on standard output, errors too: a program reads one stream.</summary>
internal sealed class JsonLines(TextWriter writer, TimeProvider time) : IOutput
{
    public void Say(string line) => Write(new MessageDocument("message", line), OutputJson.Readable.MessageDocument);

    public void Show(Plan plan, ApplyOptions? given = null) =>
        Write(PlanDocument.From(plan, time.GetUtcNow()), PlanJson.Readable.PlanDocument);

    public void Show(ClusterDocument cluster) => Write(cluster, OutputJson.Readable.ClusterDocument);

    public void Show(ClusterBackupDocument backup) => Write(backup, OutputJson.Readable.ClusterBackupDocument);

    public void Show(ClusterCheckDocument check) => Write(check, OutputJson.Readable.ClusterCheckDocument);

    public void Show(PluginDocument plugin) => Write(plugin, OutputJson.Readable.PluginDocument);

    public void Show(PluginTestDocument test) => Write(test, OutputJson.Readable.PluginTestDocument);

    public void Show(IReadOnlyCollection<VolumeDocument> volumes)
    {
        foreach (var volume in volumes)
        {
            Write(volume, OutputJson.Readable.VolumeDocument);
        }
    }

    public void Show(IReadOnlyCollection<SnapshotDocument> snapshots)
    {
        foreach (var snapshot in snapshots)
        {
            Write(snapshot, OutputJson.Readable.SnapshotDocument);
        }
    }

    public void Fail(ErrorCode code, string message) =>
        Write(new ErrorDocument("error", code.ToString(), message), OutputJson.Readable.ErrorDocument);

    public async Task<ApplyReport> ApplyAsync(Plan plan, ApplyOptions options, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var report = await Applier.ApplyAsync(
            plan,
            options,
            progress => Write(
                new ProgressDocument(
                    "step", progress.Step.Id, progress.Step.Action.ToString(), progress.State.ToString(), progress.Message),
                OutputJson.Readable.ProgressDocument),
            cancellationToken);
        int Count(StepState state) => report.Outcomes.Count(outcome => outcome.State == state);
        Write(
            new ResultDocument(
                "result",
                report.Succeeded,
                Count(StepState.Succeeded),
                Count(StepState.Failed),
                Count(StepState.Skipped),
                Math.Round(time.GetElapsedTime(started).TotalSeconds, 3)),
            OutputJson.Readable.ResultDocument);
        return report;
    }

    private void Write<T>(T document, JsonTypeInfo<T> type)
    {
        writer.WriteLine(JsonSerializer.Serialize(document, type));
        writer.Flush();
    }
}
