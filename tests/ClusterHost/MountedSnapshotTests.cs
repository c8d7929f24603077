using System.Text.Json.Nodes;

namespace HedvigStorage.ClusterHost.Tests;

/// <summary>Snapshots of volumes that are mounted and written.</summary>
public sealed class MountedSnapshotTests
{
    [SkippableTheory]
    [InlineData("ext4", false)]
    [InlineData("xfs", false)]
    [InlineData("ext4", true)]
    [InlineData("xfs", true)]
    public async Task A_snapshot_under_write_load_is_a_clean_file_system_with_the_data_of_its_instant(string fileSystem, bool reflinks)
    {
        Skip.IfNot(Shell.IsRoot, "Mounting needs root.");
        using var directory = new TemporaryDirectory();
        using var outer = reflinks ? LoopMount.Make("xfs", directory["xfs.img"], directory["xfs"], 2L << 30) : null;
        await using var host = await InProcessHost.StartAsync(
            Path.Combine(outer?.MountPoint ?? directory.Path, "data"), options => options with { Overcommit = 0 });
        Assert.Equal(reflinks, (await host.Client.OkAsync("Capabilities"))!["sharesData"]!.GetValue<bool>());
        await host.Client.CreateAsync("v", "320MB", fileSystem);
        var image = await host.Client.ImagePathAsync("v");
        LoopMount.Format(fileSystem, image);
        using var mount = LoopMount.Open(fileSystem, image, directory["source"]);
        await WriteAsync(mount.MountPoint, "acknowledged", 1);
        using var stop = new CancellationTokenSource();
        var written = 0;
        var load = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await WriteAsync(mount.MountPoint, $"load{written % 50}", written);
                written++;
            }
        });
        await Eventually.TrueAsync(() => Volatile.Read(ref written) > 20, "the load writes");
        var before = Volatile.Read(ref written);
        await host.Client.SnapshotAsync("v", "s");
        var after = Volatile.Read(ref written);
        await Eventually.TrueAsync(() => Volatile.Read(ref written) > after + 5, "the load goes on after the snapshot");
        await host.Client.CloneAsync("v", "c", "s");
        await host.Client.CloneAsync("v", "live");
        await stop.CancelAsync();
        await load;

        foreach (var clone in new[] { "c", "live" })
        {
            var cloned = await host.Client.ImagePathAsync(clone);
            using (var mounted = LoopMount.Open(fileSystem, cloned, directory[clone]))
            {
                Assert.Equal("1", await File.ReadAllTextAsync(Path.Combine(mounted.MountPoint, "acknowledged")));
                var last = Directory.GetFiles(mounted.MountPoint, "load*")
                    .Max(
                        file =>
                            int.Parse(
                                File.ReadAllText(file) is { Length: > 0 } text ? text : "0",
                                System.Globalization.CultureInfo.InvariantCulture));
                Assert.True(last >= before - 1, $"the clone has {last}, {before} were written and flushed before the snapshot");
            }

            LoopMount.Check(fileSystem, cloned);
        }

        Assert.Equal("1", await File.ReadAllTextAsync(Path.Combine(mount.MountPoint, "acknowledged")));
        mount.Unmount();
        LoopMount.Check(fileSystem, image);
    }

    [SkippableFact]
    public async Task A_copy_that_would_stop_writers_too_long_is_taken_back_and_the_mount_goes_on()
    {
        Skip.IfNot(Shell.IsRoot, "Mounting needs root.");
        using var directory = new TemporaryDirectory();
        await using var host = await InProcessHost.StartAsync(directory["data"], options => options with { FreezeLimit = TimeSpan.Zero });
        Skip.If((await host.Client.OkAsync("Capabilities"))!["sharesData"]!.GetValue<bool>(), "The temporary directory shares blocks.");
        await host.Client.CreateAsync("v", "64MB");
        var image = await host.Client.ImagePathAsync("v");
        LoopMount.Format("ext4", image);
        using var mount = LoopMount.Open("ext4", image, directory["source"]);
        var message = await host.Client.FailAsync(
            "Refused", "MakeSnapshot", new JsonObject { ["virtualDisks"] = new JsonArray("v"), ["snapshotName"] = "s" });
        Assert.Contains("XFS or btrfs", message, StringComparison.Ordinal);
        await WriteAsync(mount.MountPoint, "still", 1).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Empty(Directory.GetFiles(directory["data/snapshots"]));
        Assert.Empty((await host.Client.OkAsync("ListSnapshots"))!["snapshots"]!.AsArray());
    }

    [SkippableFact]
    public async Task A_host_that_is_killed_while_the_file_system_is_frozen_leaves_it_thawed()
    {
        Skip.IfNot(Shell.IsRoot, "Mounting needs root.");
        using var directory = new TemporaryDirectory();
        await using var host = await HostProcess.StartAsync(directory["data"]);
        Skip.If((await host.Client.OkAsync("Capabilities"))!["sharesData"]!.GetValue<bool>(), "The temporary directory shares blocks.");
        await host.Client.CreateAsync("v", "2GB");
        var image = await host.Client.ImagePathAsync("v");
        LoopMount.Format("ext4", image);
        using var mount = LoopMount.Open("ext4", image, directory["source"]);

        // Much to copy, so that the freeze lasts long enough to be hit.
        Shell.Run("dd", "if=/dev/urandom", $"of={mount.MountPoint}/big", "bs=4M", "count=350", "status=none", "conv=fsync");
        var snapshot = host.Client.CallAsync(
            "MakeSnapshot", new JsonObject { ["virtualDisks"] = new JsonArray("v"), ["snapshotName"] = "s" });
        await Eventually.TrueAsync(
            () => Directory.GetFiles(directory["data/snapshots"]).Any(file => new FileInfo(file).Length > 0),
            "the copy has begun, so the file system is frozen");
        await host.KillAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => snapshot);

        // A frozen file system would hold this write for ever.
        var write = Shell.Try("timeout", "20", "sh", "-c", $"echo thawed > {mount.MountPoint}/after && sync -f {mount.MountPoint}/after");
        Assert.Equal(0, write.Status);

        await using var again = await HostProcess.StartAsync(directory["data"]);
        Assert.Empty(Directory.GetFiles(directory["data/snapshots"]));
        Assert.Empty((await again.Client.OkAsync("ListSnapshots"))!["snapshots"]!.AsArray());
    }

    private static async Task WriteAsync(string directory, string name, int content)
    {
        await using var file = new FileStream(Path.Combine(directory, name), FileMode.Create);
        await file.WriteAsync(System.Text.Encoding.ASCII.GetBytes(content.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        file.Flush(flushToDisk: true);
    }
}
