using System.Text.Json.Nodes;
using HedvigStorage.ClusterHost.Volumes;

namespace HedvigStorage.ClusterHost.Tests;

/// <summary>
/// Scheduled snapshots of volumes that are attached, mounted and written, with a clock that the tests move and real disks.
/// </summary>
public sealed class MountedScheduleTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [SkippableFact]
    public async Task Of_a_volume_under_write_load_each_hour_is_a_clean_file_system_and_only_the_schedules_own_snapshots_are_removed()
    {
        Skip.IfNot(Shell.IsRoot, "Mounting needs root.");
        using var directory = new TemporaryDirectory();
        var time = new ManualTime();
        await using var host = await InProcessHost.StartAsync(
            directory["data"], options => options with { Overcommit = 0, Time = time, ScheduleInterval = TimeSpan.FromMilliseconds(20) });
        await host.Client.OkAsync("AddPolicy", new JsonObject { ["name"] = "p", ["snapshotSchedule"] = new JsonObject { ["hourly"] = 2 } });
        await host.Client.OkAsync(
            "AddVirtualDisk",
            new JsonObject { ["name"] = "v", ["size"] = "64MB", ["diskType"] = "BLOCK", ["fileSystem"] = "ext4", ["policy"] = "p" });
        var image = (await host.Client.AttachAsync("v"))["result"]!["device"]!["path"]!.GetValue<string>();
        LoopMount.Format("ext4", image);
        using var mount = LoopMount.Open("ext4", image, directory["source"]);
        await WriteAsync(mount.MountPoint, "synced", 1);
        await host.Client.SnapshotAsync("v", "mine");

        var before = 0;
        await using (var load = new Load(mount.MountPoint))
        {
            for (var hour = 13; hour <= 16; hour++)
            {
                await load.GoesOnAsync();
                before = load.Written;
                time.Advance(Hour);
                await TakenAsync(hour - 12);
            }

            await load.GoesOnAsync();
        }

        await RemovedAsync(2);
        await host.Client.LoginAsync(host.Owner.UserName, host.Owner.Password);
        var names = (await host.Client.OkAsync("ListSnapshots"))!["snapshots"]!.AsArray()
            .Select(snapshot => snapshot!["name"]!.GetValue<string>());
        Assert.Equal(["hourly-20261122T1500Z", "hourly-20261122T1600Z", "mine"], names, StringComparer.Ordinal);

        foreach (var (snapshot, least) in new[] { ("hourly-20261122T1600Z", before - 1), ("mine", -1) })
        {
            await host.Client.CloneAsync("v", "of-" + snapshot, snapshot);
            var cloned = await host.Client.ImagePathAsync("of-" + snapshot);

            // A file system that was frozen needs no journal.
            LoopMount.Check("ext4", cloned);
            using var mounted = LoopMount.Open("ext4", cloned, directory[snapshot]);
            Assert.Equal("1", await File.ReadAllTextAsync(Path.Combine(mounted.MountPoint, "synced")));
            Assert.InRange(Last(mounted.MountPoint), least, int.MaxValue);
        }

        Task TakenAsync(int count) => HasAsync($"taken_total {count}");

        Task RemovedAsync(int count) => HasAsync($"removed_total {count}");

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
    }

    [SkippableFact]
    public async Task A_file_system_that_somebody_else_has_frozen_stays_so_and_its_snapshot_is_taken_when_it_is_thawed()
    {
        Skip.IfNot(Shell.IsRoot, "Mounting needs root.");
        using var directory = new TemporaryDirectory();
        await using var site = await ScheduleSite.StartAsync(directory["data"], new ManualTime());
        await site.MakePolicyAsync("p", new SnapshotSchedule { Hourly = 2 });
        var image = site.ImageOf(await site.MakeVolumeAsync("v", "p"));
        LoopMount.Format("ext4", image);
        using var mount = LoopMount.Open("ext4", image, directory["source"]);
        Shell.Run("fsfreeze", "--freeze", mount.MountPoint);
        var isFrozen = true;
        try
        {
            await site.RoundAfterAsync(Hour);
            Assert.Empty(site.Names("v"));
            Assert.Empty(Directory.GetFiles(site.SnapshotDirectory));
            var told = Assert.Single(site.Log.Messages);
            Assert.Contains("hourly-20261122T1300Z of the volume 'v' cannot be taken and is tried again", told, StringComparison.Ordinal);
            Assert.Contains($"mounted at {mount.MountPoint}, which cannot be frozen for a clean image", told, StringComparison.Ordinal);
            Assert.Equal(
                "failure",
                Assert.Single((await site.Audit.ListAsync(new AuditQuery { UserName = SnapshotScheduler.UserName })).Items).Outcome);

            // Whoever has frozen it relies on it; thawing what is not frozen fails.
            isFrozen = Shell.Try("fsfreeze", "--unfreeze", mount.MountPoint).Status == 0;
            Assert.True(isFrozen, "The file system was thawed under the one who had frozen it.");
        }
        finally
        {
            _ = Shell.Try("fsfreeze", "--unfreeze", mount.MountPoint);
        }

        await WriteAsync(mount.MountPoint, "late", 2).WaitAsync(TimeSpan.FromSeconds(20));
        await site.RoundAfterAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(["hourly-20261122T1300Z"], site.Names("v"));
        await WriteAsync(mount.MountPoint, "after", 3).WaitAsync(TimeSpan.FromSeconds(20));
    }

    [SkippableFact]
    public async Task A_snapshot_that_fails_while_the_file_system_is_frozen_leaves_it_thawed_and_is_told_of()
    {
        Skip.IfNot(Shell.IsRoot, "Mounting needs root.");
        using var directory = new TemporaryDirectory();
        await using var site = await ScheduleSite.StartAsync(directory["data"], new ManualTime());
        await site.MakePolicyAsync("p", new SnapshotSchedule { Hourly = 2 });
        var volume = await site.MakeVolumeAsync("v", "p");
        var image = site.ImageOf(volume);
        LoopMount.Format("ext4", image);
        using var mount = LoopMount.Open("ext4", image, directory["source"]);
        await site.TakeAsync("v", "mine");

        // Nothing can be written where snapshots are kept.
        var snapshots = site.SnapshotDirectory;
        Directory.Move(snapshots, snapshots + ".away");
        await site.RoundAfterAsync(Hour);

        await WriteAsync(mount.MountPoint, "after", 1).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.NotEqual(0, Shell.Try("fsfreeze", "--unfreeze", mount.MountPoint).Status);
        Assert.Contains(
            "hourly-20261122T1300Z of the volume 'v' cannot be taken and is tried again",
            Assert.Single(site.Log.Messages),
            StringComparison.Ordinal);
        Directory.Move(snapshots + ".away", snapshots);
        await site.RoundAfterAsync(TimeSpan.FromMinutes(1));

        // The one that failed still has its name while it cannot be taken away.
        Assert.Collection(
            site.Names("v"),
            name => Assert.StartsWith("hourly-20261122T1300Z", name, StringComparison.Ordinal),
            name => Assert.Equal("mine", name));
    }

    private static int Last(string directory) =>
        Directory.GetFiles(directory, "load*")
            .Select(file => int.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, out var number) ? number : 0).Append(-1)
            .Max();

    private static async Task WriteAsync(string directory, string name, int content)
    {
        await using var file = new FileStream(Path.Combine(directory, name), FileMode.Create);
        await file.WriteAsync(Encoding.ASCII.GetBytes(content.ToString(CultureInfo.InvariantCulture)));
        file.Flush(flushToDisk: true);
    }

    // Writes and flushes one number after the other.
    private sealed class Load : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _work;
        private int _written;

        public Load(string directory) => _work = Task.Run(async () =>
        {
            while (!_stop.IsCancellationRequested)
            {
                await WriteAsync(directory, $"load{_written % 50}", _written);
                _ = Interlocked.Increment(ref _written);
            }
        });

        public int Written => Volatile.Read(ref _written);

        public async Task GoesOnAsync()
        {
            var before = Written;
            await Eventually.TrueAsync(() => Written > before + 5 || _work.IsCompleted, "the load writes");
            Assert.False(_work.IsCompleted);
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _work;
            _stop.Dispose();
        }
    }
}
