using System.Text.Json.Nodes;
using HedvigStorage.ClusterHost.Catalog;
using HedvigStorage.ClusterHost.Volumes;

namespace HedvigStorage.ClusterHost.Tests;

/// <summary>Schedules with a clock that the tests move. It begins on Sunday, 2026-11-22, at 12:00.</summary>
public sealed class SnapshotScheduleTests : IAsyncLifetime
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly TemporaryDirectory _directory = new();
    private readonly ManualTime _time = new();
    private ScheduleSite _site = null!;

    public async Task InitializeAsync() => _site = await ScheduleSite.StartAsync(_directory["data"], _time);

    public async Task DisposeAsync()
    {
        await _site.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Thirty_hours_leave_the_hourly_snapshots_that_the_policy_keeps_and_those_of_midnight_and_monday()
    {
        await _site.MakePolicyAsync("p", new SnapshotSchedule { Hourly = 24, Daily = 7, Weekly = 4 });
        await _site.MakeVolumeAsync("v", "p");
        await _site.MakeVolumeAsync("other", policy: null);
        await _site.RoundAsync();
        Assert.Empty(_site.List("v"));

        for (var hour = 1; hour <= 30; hour++)
        {
            await _site.RoundAfterAsync(Hour);
            await _site.RoundAsync();
        }

        var snapshots = _site.List("v");
        var first = new DateTimeOffset(2026, 11, 22, 19, 0, 0, TimeSpan.Zero);
        var expected = Enumerable.Range(0, 24).Select(hour => $"hourly-{first.AddHours(hour):yyyyMMdd'T'HHmm'Z'}").ToArray();
        Assert.Equal(expected, Names(SnapshotFrequency.Hourly));
        Assert.Equal(["daily-20261123T0000Z"], Names(SnapshotFrequency.Daily));
        Assert.Equal(["weekly-20261123T0000Z"], Names(SnapshotFrequency.Weekly));
        Assert.Equal(26, snapshots.Length);
        Assert.Empty(_site.List("other"));
        Assert.Equal((32, 6, 0), (_site.Scheduler.Taken, _site.Scheduler.Removed, _site.Scheduler.Failed));
        await Eventually.TrueAsync(() => Directory.GetFiles(_site.SnapshotDirectory).Length == 26, "the images of those removed have gone");

        string[] Names(SnapshotFrequency frequency) =>
            snapshots.Where(snapshot => snapshot.Frequency == frequency).Select(snapshot => snapshot.Name).ToArray();
    }

    [Fact]
    public async Task After_three_days_without_a_host_one_snapshot_of_each_frequency_is_caught_up()
    {
        await _site.MakePolicyAsync("p", new SnapshotSchedule { Hourly = 24, Daily = 7, Weekly = 4 });
        await _site.MakeVolumeAsync("v", "p");
        await _site.RoundAfterAsync(Hour);
        _time.Advance(TimeSpan.FromDays(3) + (20 * Minute));
        await RestartAsync();
        await _site.RoundAsync();
        await _site.RoundAsync();
        Assert.Equal(
            ["daily-20261125T0000Z", "hourly-20261122T1300Z", "hourly-20261125T1300Z", "weekly-20261123T0000Z"],
            _site.Names("v"),
            StringComparer.Ordinal);
        Assert.Equal(
            new DateTimeOffset(2026, 11, 25, 13, 20, 0, TimeSpan.Zero),
            _site.List("v").Single(snapshot => snapshot.Name == "hourly-20261125T1300Z").CreatedAt);
    }

    [Fact]
    public async Task Snapshots_that_somebody_took_are_neither_counted_nor_removed_whatever_their_name()
    {
        await _site.MakePolicyAsync("p", new SnapshotSchedule { Hourly = 2 });
        await _site.MakeVolumeAsync("v", "p");
        await _site.TakeAsync("v", "mine");
        await _site.TakeAsync("v", "hourly-20261122T1300Z");
        for (var hour = 1; hour <= 3; hour++)
        {
            await _site.RoundAfterAsync(Hour);
            Assert.Null(_site.List("v").Single(snapshot => snapshot.Name == "hourly-20261122T1300Z").Frequency);
            Assert.Equal(
                hour == 1,
                _site.Names("v").Contains("hourly-20261122T1300Z-2", StringComparer.Ordinal)
                    && !_site.Names("v").Contains("hourly-20261122T1400Z", StringComparer.Ordinal));
        }

        Assert.Equal(
            ["hourly-20261122T1300Z", "hourly-20261122T1400Z", "hourly-20261122T1500Z", "mine"], _site.Names("v"), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Asking_for_a_snapshot_under_the_name_of_a_scheduled_one_is_a_conflict()
    {
        await _site.MakePolicyAsync("p", new SnapshotSchedule { Hourly = 2 });
        await _site.MakeVolumeAsync("v", "p");
        await _site.RoundAfterAsync(Hour);
        var error = await Assert.ThrowsAsync<ClusterException>(() => _site.TakeAsync("v", "hourly-20261122T1300Z"));
        Assert.Equal(ErrorCode.Conflict, error.Code);
        Assert.Contains("the schedule took it", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lowered_count_removes_the_oldest_and_a_schedule_taken_away_or_another_policy_leaves_all()
    {
        await _site.MakePolicyAsync("p", new SnapshotSchedule { Hourly = 24 });
        await _site.MakePolicyAsync("q", SnapshotSchedule.None);
        await _site.MakeVolumeAsync("v", "p");
        await _site.MakeVolumeAsync("w", "p");
        for (var hour = 1; hour <= 5; hour++)
        {
            await _site.RoundAfterAsync(Hour);
        }

        _ = await _site.Volumes.UpdateAsync("w", new VolumeChange { Policy = "q" });
        await ScheduleAsync(new SnapshotSchedule { Hourly = 2 });
        Assert.Equal(["hourly-20261122T1600Z", "hourly-20261122T1700Z"], _site.Names("v"), StringComparer.Ordinal);
        Assert.Equal(5, _site.List("w").Length);

        await ScheduleAsync(SnapshotSchedule.None);
        await _site.RoundAfterAsync(3 * Hour);
        Assert.Equal(2, _site.List("v").Length);
        Assert.Equal(5, _site.List("w").Length);

        // What is given back counts those that have stayed.
        await ScheduleAsync(new SnapshotSchedule { Hourly = 2 });
        Assert.Equal(2, _site.List("v").Length);
        await _site.RoundAfterAsync(Hour);
        Assert.Equal(["hourly-20261122T1700Z", "hourly-20261122T2100Z"], _site.Names("v"), StringComparer.Ordinal);

        async Task ScheduleAsync(SnapshotSchedule schedule)
        {
            _ = await _site.Policies.UpdateAsync("p", new PolicyChange { SnapshotSchedule = schedule });
            await _site.RoundAsync();
        }
    }

    [Fact]
    public async Task A_volume_that_was_made_or_given_the_policy_or_the_schedule_since_the_instant_gets_none_for_it()
    {
        await _site.MakePolicyAsync("p", new SnapshotSchedule { Hourly = 24 });
        await _site.MakePolicyAsync("late", SnapshotSchedule.None);
        await _site.MakeVolumeAsync("given", policy: null);
        await _site.MakeVolumeAsync("scheduled", "late");
        await _site.MakeVolumeAsync("there", "p");
        _time.Advance(Hour + (30 * Minute));
        await _site.MakeVolumeAsync("made", "p");
        _ = await _site.Volumes.CloneAsync(new VolumeSpecification { Name = "clone", SourceVolume = "there" }, null);
        _ = await _site.Volumes.UpdateAsync("given", new VolumeChange { Policy = "p" });
        _ = await _site.Policies.UpdateAsync("late", new PolicyChange { SnapshotSchedule = new SnapshotSchedule { Hourly = 1 } });
        await _site.RoundAsync();
        Assert.Equal(["hourly-20261122T1300Z"], _site.Names("there"), StringComparer.Ordinal);
        string[] others = ["made", "clone", "given", "scheduled"];
        Assert.All(others, name => Assert.Empty(_site.List(name)));

        // The same policy again, and another count, begin nothing again.
        _time.Advance(30 * Minute);
        _ = await _site.Volumes.UpdateAsync("given", new VolumeChange { Policy = "p" });
        _ = await _site.Policies.UpdateAsync("late", new PolicyChange { SnapshotSchedule = new SnapshotSchedule { Hourly = 2 } });
        await _site.RoundAsync();
        Assert.All(others, name => Assert.Equal(["hourly-20261122T1400Z"], _site.Names(name), StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_volume_that_fails_stops_no_other_is_told_of_once_and_tried_again_ever_more_seldom()
    {
        await _site.MakePolicyAsync("p", new SnapshotSchedule { Hourly = 24 });
        var bad = await _site.MakeVolumeAsync("bad", "p");
        await _site.MakeVolumeAsync("good", "p");
        _site.Engine.SnapshotFaults[bad.Id!] = new ClusterException(ErrorCode.NoSpace, "The disk is full.");
        _time.Advance(Hour);
        for (var minute = 0; minute < 20; minute++)
        {
            await _site.RoundAsync();
            _time.Advance(Minute);
        }

        // At once, and 1, 3, 7 and 15 minutes later.
        Assert.Equal((1, 5), (_site.Scheduler.Taken, _site.Scheduler.Failed));
        Assert.Equal(["hourly-20261122T1300Z"], _site.Names("good"), StringComparer.Ordinal);
        Assert.Empty(_site.List("bad"));
        Assert.Single(Directory.GetFiles(_site.SnapshotDirectory));
        Assert.Equal(
            ["The snapshot hourly-20261122T1300Z of the volume 'bad' cannot be taken and is tried again until the next one is due: "
                + "The disk is full."],
            _site.Log.Messages,
            StringComparer.Ordinal);
        var told = Assert.Single((await _site.Audit.ListAsync(new AuditQuery { UserName = SnapshotScheduler.UserName })).Items);
        Assert.Equal(("MakeSnapshot", "failure", "The disk is full."), (told.Type, told.Outcome, told.Message));
        Assert.Equal("hourly-20261122T1300Z", JsonNode.Parse(told.Parameters)!["snapshotName"]!.GetValue<string>());

        _site.Engine.SnapshotFaults.Clear();
        await _site.RoundAfterAsync(12 * Minute);
        Assert.Equal(["hourly-20261122T1300Z"], _site.Names("bad"), StringComparer.Ordinal);
        await _site.RoundAfterAsync(Hour);
        Assert.Equal(2, _site.List("bad").Length);
    }

    [Fact]
    public async Task What_was_never_taken_is_given_up_when_the_next_one_is_due()
    {
        await _site.MakePolicyAsync("p", new SnapshotSchedule { Hourly = 24 });
        var volume = await _site.MakeVolumeAsync("v", "p");
        _site.Engine.SnapshotFaults[volume.Id!] = new ClusterException(ErrorCode.NoSpace, "The disk is full.");
        await _site.RoundAfterAsync(Hour);
        await _site.RoundAfterAsync(Hour);
        Assert.Equal(2, _site.Log.Messages.Count);
        _site.Engine.SnapshotFaults.Clear();
        await _site.RoundAfterAsync(Minute);
        Assert.Equal(["hourly-20261122T1400Z"], _site.Names("v"), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_host_that_dies_with_a_snapshot_half_taken_takes_it_once_after_its_start()
    {
        await _site.MakePolicyAsync("p", new SnapshotSchedule { Hourly = 24 });
        var volume = await _site.MakeVolumeAsync("v", "p");

        // What the services do not expect leaves the catalog as a kill would: begun, with a file.
        _site.Engine.SnapshotFaults[volume.Id!] = new InvalidOperationException("killed");
        await _site.RoundAfterAsync(Hour);
        Assert.Single(Directory.GetFiles(_site.SnapshotDirectory));
        await RestartAsync();
        Assert.Empty(_site.List("v"));
        Assert.Empty(Directory.GetFiles(_site.SnapshotDirectory));
        await _site.RoundAsync();
        Assert.Equal(["hourly-20261122T1300Z"], _site.Names("v"), StringComparer.Ordinal);
        await RestartAsync();
        await _site.RoundAsync();
        Assert.Equal(0, _site.Engine.SnapshotAttempts);
        Assert.Single(_site.List("v"));
    }

    [Fact]
    public async Task A_snapshot_that_somebody_removes_is_not_taken_again()
    {
        await _site.MakePolicyAsync("p", new SnapshotSchedule { Hourly = 24 });
        await _site.MakeVolumeAsync("v", "p");
        await _site.RoundAfterAsync(Hour);
        await _site.Snapshots.DeleteAsync("v", "hourly-20261122T1300Z", null);
        await _site.RoundAfterAsync(Minute);
        await RestartAsync();
        await _site.RoundAfterAsync(Minute);
        Assert.Empty(_site.List("v"));
    }

    [Fact]
    public async Task Protection_stops_neither_scheduled_snapshots_nor_their_removal_and_a_removed_volume_takes_its_own_along()
    {
        await _site.MakePolicyAsync("p", new SnapshotSchedule { Hourly = 1 });
        await _site.MakeVolumeAsync("v", "p");
        _ = await _site.Volumes.UpdateAsync("v", new VolumeChange { Protected = true });
        await _site.RoundAfterAsync(Hour);
        await _site.RoundAfterAsync(Hour);
        Assert.Equal(["hourly-20261122T1400Z"], _site.Names("v"), StringComparer.Ordinal);
        _ = await _site.Volumes.UpdateAsync("v", new VolumeChange { Protected = false });
        await _site.Volumes.DeleteAsync("v");
        await _site.MakeVolumeAsync("v", "p");
        await _site.RoundAsync();
        Assert.Empty(_site.List("v"));
        await _site.RoundAfterAsync(Hour);
        Assert.Single(_site.List("v"));
        await RestartAsync();
        Assert.Single(_site.List("v"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_clock_that_was_ahead_when_a_policy_or_a_volume_was_made_does_not_end_the_schedule(bool policyToo)
    {
        if (!policyToo)
        {
            await _site.MakePolicyAsync("p", new SnapshotSchedule { Hourly = 24 });
        }

        _time.Advance(TimeSpan.FromDays(400));
        if (policyToo)
        {
            await _site.MakePolicyAsync("p", new SnapshotSchedule { Hourly = 24 });
        }

        await _site.MakeVolumeAsync("v", "p");
        _time.Advance(-TimeSpan.FromDays(400));
        await _site.RoundAsync();
        Assert.Empty(_site.List("v"));
        Assert.Contains("clock was ahead", Assert.Single(_site.Log.Messages), StringComparison.Ordinal);
        await _site.RoundAfterAsync(Hour);
        Assert.Equal(["hourly-20261122T1300Z"], _site.Names("v"));
    }

    [Fact]
    public async Task Health_tells_of_a_snapshot_that_is_overdue_until_it_is_there()
    {
        await _site.MakePolicyAsync("p", new SnapshotSchedule { Hourly = 24 });
        var volume = await _site.MakeVolumeAsync("v", "p");
        await _site.RoundAsync();
        var image = _site.ImageOf(volume);
        File.Move(image, image + ".away");
        await _site.RoundAfterAsync(Hour);
        Assert.Empty(_site.Scheduler.FindProblems());
        await _site.RoundAfterAsync(20 * Minute);
        Assert.Contains("hourly-20261122T1300Z of the volume 'v'", Assert.Single(_site.Scheduler.FindProblems()), StringComparison.Ordinal);
        File.Move(image + ".away", image);
        await _site.RoundAfterAsync(5 * Minute);
        Assert.Empty(_site.Scheduler.FindProblems());
        Assert.Equal(["hourly-20261122T1300Z"], _site.Names("v"));
        _time.Advance(2 * Hour);
        Assert.Contains(
            "should have been at 2026-11-22 14:00:00Z", Assert.Single(_site.Scheduler.FindProblems()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(13, true)]
    [InlineData(14, false)]
    [InlineData(15, false)]
    [InlineData(24, true)]
    public void A_clock_set_back_a_little_repeats_nothing_and_one_that_was_far_ahead_does_not_end_the_schedule(int done, bool due)
    {
        var day = new DateTimeOffset(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);
        Assert.Equal(
            due, ScheduleClock.IsDue(new ScheduledVolume("id", "v", SnapshotFrequency.Hourly, day, day.AddHours(done)), day.AddHours(14)));
    }

    [Theory]
    [InlineData("2026-11-22T23:59:59+00:00", "2026-11-16T00:00:00+00:00")]
    [InlineData("2026-11-23T00:00:00+00:00", "2026-11-23T00:00:00+00:00")]
    [InlineData("2026-11-23T00:30:00+01:00", "2026-11-16T00:00:00+00:00")]
    public void A_week_begins_at_mondays_midnight_in_utc(string now, string due) => Assert.Equal(
        DateTimeOffset.Parse(due, System.Globalization.CultureInfo.InvariantCulture),
        ScheduleClock.LastDue(SnapshotFrequency.Weekly, DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public async Task A_host_takes_and_removes_scheduled_snapshots_by_itself_and_counts_them()
    {
        await using var host = await InProcessHost.StartAsync(
            configure: options => options with { Time = _time, ScheduleInterval = TimeSpan.FromMilliseconds(20) });
        await host.Client.OkAsync("AddPolicy", Policy(2));
        await host.Client.OkAsync("AddVirtualDisk", new JsonObject { ["name"] = "v", ["size"] = "16MB", ["policy"] = "p" });
        for (var hour = 13; hour <= 15; hour++)
        {
            _time.Advance(Hour);
            await HasAsync($"taken_total {hour - 12}");
        }

        await HasAsync("removed_total 1");
        await host.Client.LoginAsync(host.Owner.UserName, host.Owner.Password);
        Assert.Equal(["hourly-20261122T1400Z", "hourly-20261122T1500Z"], await NamesAsync());
        var listed = (await host.Client.OkAsync("ListPolicies"))!["policies"]![0]!["snapshotSchedule"]!;
        Assert.Equal(2, listed["hourly"]!.GetValue<int>());
        Assert.Equal("Hourly", (await host.Client.OkAsync("ListSnapshots"))!["snapshots"]![0]!["frequency"]!.GetValue<string>());
        Assert.Contains("hourly=2", await host.Client.FailAsync("Conflict", "AddPolicy", Policy(3)), StringComparison.Ordinal);

        // A lowered count does not wait for the full hour.
        await host.Client.OkAsync("UpdatePolicy", Policy(1));
        await HasAsync("removed_total 2");
        Assert.Equal(["hourly-20261122T1500Z"], await NamesAsync());

        static JsonObject Policy(int hourly) => new() { ["name"] = "p", ["snapshotSchedule"] = new JsonObject { ["hourly"] = hourly } };

        async Task HasAsync(string part)
        {
            var deadline = DateTime.UtcNow.AddSeconds(60);
            while (!(await host.Client.Http.GetStringAsync("/metrics")).Contains(
                "hedvig_scheduled_snapshots_" + part, StringComparison.Ordinal))
            {
                Assert.True(DateTime.UtcNow < deadline, part);
                await Task.Delay(20);
            }
        }

        async Task<string[]> NamesAsync() =>
            (await host.Client.OkAsync("ListSnapshots"))!["snapshots"]!.AsArray().Select(snapshot => snapshot!["name"]!.GetValue<string>())
                .ToArray();
    }

    private async Task RestartAsync()
    {
        await _site.DisposeAsync();
        _site = await ScheduleSite.StartAsync(_directory["data"], _time);
    }
}
