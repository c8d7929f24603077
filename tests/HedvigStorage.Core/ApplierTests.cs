using HedvigStorage.Planning;
using HedvigStorage.Tests.Fakes;

namespace HedvigStorage.Tests;

public sealed class ApplierTests
{
    private const string Desired = """
        {
          "policies": [ { "name": "p" } ],
          "volumes": [ { "name": "a", "size": "1GB", "policy": "p" }, { "name": "b", "size": "1GB" } ],
          "snapshots": [ { "volume": "a", "name": "s" }, { "volume": "b", "name": "s" } ]
        }
        """;

    private readonly FakeCluster _cluster = new();

    [Fact]
    public async Task A_step_that_fails_stops_what_depends_on_it_and_nothing_else_and_a_second_run_does_the_rest()
    {
        _ = _cluster.Failing.Add("create policy/p");
        var report = await ApplyAsync();
        Assert.False(report.Succeeded);
        Assert.Equal(
            new Dictionary<string, StepState>(StringComparer.Ordinal)
            {
                ["policy/p"] = StepState.Failed,
                ["volume/a"] = StepState.Skipped,
                ["snapshot/a@s"] = StepState.Skipped,
                ["volume/b"] = StepState.Succeeded,
                ["snapshot/b@s"] = StepState.Succeeded,
            },
            report.Outcomes.ToDictionary(outcome => outcome.Step.Id, outcome => outcome.State, StringComparer.Ordinal));
        Assert.Contains(
            "was made to fail", report.Outcomes.First(outcome => outcome.Step.Id == "policy/p").Error, StringComparison.Ordinal);

        _cluster.Failing.Clear();
        Assert.True((await ApplyAsync()).Succeeded);
        Assert.Equal(5, _cluster.Changes.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(5, _cluster.Changes.Count);
    }

    [Fact]
    public async Task An_unexpected_exception_in_a_step_is_that_steps_failure_and_the_report_is_whole()
    {
        _cluster.Broken = "create policy/p";
        var report = await ApplyAsync();
        var failed = Assert.Single(report.Outcomes, outcome => outcome.State == StepState.Failed);
        Assert.Equal(("policy/p", ErrorCode.Internal), (failed.Step.Id, failed.Code));
        Assert.Contains("NotSupportedException: broken", failed.Error, StringComparison.Ordinal);
        Assert.Equal(2, report.Outcomes.Count(outcome => outcome.State == StepState.Succeeded));
        Assert.Equal(5, report.Outcomes.Count);
    }

    [Fact]
    public async Task An_unexpected_exception_of_a_batch_is_its_steps_failure_and_the_report_is_whole()
    {
        _cluster.Broken = "create volume/b";
        var report = await ApplyAsync();
        Assert.Equal(5, report.Outcomes.Count);
        Assert.Contains(
            "NotSupportedException: broken",
            report.Outcomes.First(outcome => outcome.Step.Id == "volume/b").Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Progress_that_cannot_be_shown_stops_no_step_and_is_told()
    {
        var shown = 0;
        var report = await ApplyAsync(_ => throw new System.IO.IOException($"No space left {++shown}"));
        Assert.True(report.Succeeded);
        Assert.Equal(5, _cluster.Changes.Count);
        Assert.Equal("No space left 1", report.ProgressFailure?.Message);
    }

    [Fact]
    public async Task When_the_work_is_ended_no_further_step_begins_and_those_begun_are_finished()
    {
        using var ended = new CancellationTokenSource();
        var report = await ApplyAsync(
            progress =>
            {
                if (progress is { State: StepState.Running, Step.Id: "policy/p" })
                {
                    ended.Cancel();
                }
            },
            ended.Token);
        Assert.Equal(StepState.Succeeded, report.Outcomes.First(outcome => outcome.Step.Id == "policy/p").State);
        Assert.Equal(StepState.Skipped, report.Outcomes.First(outcome => outcome.Step.Id == "volume/a").State);
    }

    [Fact]
    public async Task Every_step_tells_when_it_begins_and_how_it_ends()
    {
        var lines = new List<(string Id, StepState State)>();
        _ = await ApplyAsync(progress => lines.Add((progress.Step.Id, progress.State)));
        Assert.All(
            lines.GroupBy(line => line.Id, StringComparer.Ordinal),
            step => Assert.Equal([StepState.Running, StepState.Succeeded], step.Select(line => line.State)));
        Assert.Equal(5, lines.Select(line => line.Id).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task New_volumes_are_made_many_by_one_request_and_one_that_fails_is_told_by_itself()
    {
        _ = _cluster.Failing.Add("create volume/v007");
        var report = await ApplyManyAsync(600);
        Assert.Equal(600, _cluster.Batches.Sum());
        Assert.All(_cluster.Batches, count => Assert.InRange(count, 1, BatchSize.Most));
        Assert.InRange(_cluster.Batches.Count, 5, 24);
        Assert.Equal(BatchSize.First, _cluster.Batches[0]);
        var failed = Assert.Single(report.Outcomes, outcome => outcome.State != StepState.Succeeded);
        Assert.Equal(("volume/v007", StepState.Failed, ErrorCode.Internal), (failed.Step.Id, failed.State, failed.Code));
        Assert.Equal(599, _cluster.Volumes.Count);
    }

    [Fact]
    public async Task A_request_for_many_that_fails_as_a_whole_fails_each_of_its_steps_and_what_depends_on_them_is_not_begun()
    {
        _ = _cluster.Failing.Add("create volumes");
        var report = await ApplyAsync();
        Assert.Equal(
            [("policy/p", StepState.Succeeded, null), ("volume/a", StepState.Failed, ErrorCode.Unreachable), (
                "volume/b",
                StepState.Failed,
                ErrorCode.Unreachable), ("snapshot/a@s", StepState.Skipped, null), ("snapshot/b@s", StepState.Skipped, (ErrorCode?)null)],
            report.Outcomes.Select(outcome => (outcome.Step.Id, outcome.State, outcome.Code)));
    }

    [Fact]
    public async Task A_cluster_that_makes_one_volume_a_request_is_asked_for_each()
    {
        _cluster.Capabilities = _cluster.Capabilities with { VolumeBatches = false };
        Assert.True((await ApplyManyAsync(20)).Succeeded);
        Assert.Empty(_cluster.Batches);
        Assert.Equal(20, _cluster.Volumes.Count);
    }

    private async Task<ApplyReport> ApplyManyAsync(int count)
    {
        var volumes = Enumerable.Range(0, count)
            .Select(number => $$"""{ "name": "v{{number.ToString("000", CultureInfo.InvariantCulture)}}", "size": "1GB" }""");
        var plan = await new Planner(new PlanTargets(_cluster))
            .PlanAsync(Document.Read($$"""{ "volumes": [ {{string.Join(',', volumes)}} ] }"""), CancellationToken.None);
        return await Applier.ApplyAsync(plan, new ApplyOptions(), progress: null, CancellationToken.None);
    }

    private async Task<ApplyReport> ApplyAsync(Action<StepProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var plan = await new Planner(new PlanTargets(_cluster)).PlanAsync(Document.Read(Desired), CancellationToken.None);
        return await Applier.ApplyAsync(plan, new ApplyOptions(), progress, cancellationToken);
    }
}
