using System.Diagnostics;
using System.Text.Json.Nodes;

namespace HedvigStorage.ClusterHost.Tests;

/// <summary>
/// Every snapshot, clone and revert while the holder of the volume mounts it, checks it, grows it, unmounts it, or has died: what is
/// answered "ok" is a clean file system with all that was acknowledged, and all else is refused in words and leaves nothing. The system's
/// own tools work on the image, slowed down so that each is met in the middle.
/// </summary>
public sealed class HolderAtWorkTests
{
    [SkippableTheory]
    [CombinatorialRows]
    public async Task A_copy_while_the_holder_is_at_work_is_clean_or_refused(string copy, string work, bool reflinks)
    {
        Skip.IfNot(Shell.IsRoot, "Mounting needs root.");
        using var directory = new TemporaryDirectory();
        using var outer = reflinks ? LoopMount.Make("xfs", directory["xfs.img"], directory["xfs"], 1L << 30) : null;
        await using var host = await InProcessHost.StartAsync(
            Path.Combine(outer?.MountPoint ?? directory.Path, "data"), options => options with { Overcommit = 0 });
        await host.Client.CreateAsync("v", "64MB");
        var image = await host.Client.ImagePathAsync("v");
        LoopMount.Format("ext4", image);
        await FillAsync(image, directory["fill"]);
        await host.Client.SnapshotAsync("v", "before");
        if (work == "growing")
        {
            await host.Client.OkAsync("ResizeDisks", new JsonObject { ["virtualDisks"] = new JsonArray("v"), ["size"] = "96MB" });
        }

        Assert.Equal("ok", (await host.Client.AttachAsync("v"))["status"]!.GetValue<string>());
        var mountPoint = directory["mount"];
        _ = Directory.CreateDirectory(mountPoint);
        using var holder = await BeginAsync(work, image, mountPoint);
        try
        {
            var answer = await CopyAsync(host, copy);
            var taken = answer["status"]!.GetValue<string>() == "ok";
            if (copy == "revert")
            {
                Assert.Equal("Busy", answer["code"]!.GetValue<string>());
                Assert.Contains("host1", answer["message"]!.GetValue<string>(), StringComparison.Ordinal);
            }
            else
            {
                // Each of these ends within the time that a copy waits.
                Assert.True(taken, answer.ToJsonString());
            }
        }
        finally
        {
            holder?.WaitForExit();
            EndMount(image, mountPoint);
        }

        if (holder is not null)
        {
            Assert.Equal(0, holder.ExitCode);
        }

        LoopMount.Check("ext4", image);
        Assert.Empty(Directory.GetFiles(host.Directory, "*.tmp", SearchOption.AllDirectories));
        if (copy != "revert")
        {
            await host.Client.OkAsync("Detach", new JsonObject { ["virtualDisk"] = "v", ["host"] = "host1" });
            await AssertCleanAsync(host, copy, directory["copy"]);
        }
    }

    [SkippableTheory]
    [InlineData("snapshot")]
    [InlineData("clone")]
    public async Task A_copy_that_the_holder_keeps_from_being_clean_is_refused_and_names_who_is_at_work(string copy)
    {
        Skip.IfNot(Shell.IsRoot, "The tool is slowed down by strace.");
        using var directory = new TemporaryDirectory();
        await using var host = await InProcessHost.StartAsync(
            directory["data"], options => options with { Overcommit = 0, SettleLimit = TimeSpan.FromMilliseconds(100) });
        await host.Client.CreateAsync("v", "64MB");
        var image = await host.Client.ImagePathAsync("v");
        LoopMount.Format("ext4", image);
        await FillAsync(image, directory["fill"]);
        using var holder = await BeginAsync("checking", image, directory["mount"]);
        var answer = await CopyAsync(host, copy);
        holder!.WaitForExit();
        Assert.Equal("Busy", answer["code"]!.GetValue<string>());
        Assert.Contains("e2fsck", answer["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.Combine(host.Directory, "snapshots")));
        Assert.Single(await host.Client.ListVolumesAsync());
        Assert.Equal("ok", (await CopyAsync(host, copy))["status"]!.GetValue<string>());
    }

    [SkippableFact]
    public async Task A_revert_to_a_snapshot_is_refused_while_a_mount_by_hand_uses_the_volume()
    {
        Skip.IfNot(Shell.IsRoot, "Mounting needs root.");
        using var directory = new TemporaryDirectory();
        await using var host = await InProcessHost.StartAsync(
            directory["data"], options => options with { SettleLimit = TimeSpan.FromMilliseconds(100) });
        await host.Client.CreateAsync("v", "64MB");
        var image = await host.Client.ImagePathAsync("v");
        LoopMount.Format("ext4", image);
        await host.Client.SnapshotAsync("v", "before");
        using (var file = File.OpenHandle(image, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            Assert.Contains("open for writing", await host.Client.FailAsync("Busy", "RevertVolume", Revert()), StringComparison.Ordinal);
        }

        await host.Client.OkAsync("RevertVolume", Revert());
    }

    private static async Task<JsonObject> CopyAsync(InProcessHost host, string copy) => copy switch
    {
        "snapshot" =>
            await host.Client.CallAsync(
                "MakeSnapshot", new JsonObject { ["virtualDisks"] = new JsonArray("v"), ["snapshotName"] = "copy" }),
        "clone" => await host.Client.CallAsync("CloneVdisk", new JsonObject { ["srcVolName"] = "v", ["cloneVolName"] = "copy" }),
        _ => await host.Client.CallAsync("RevertVolume", Revert()),
    };

    private static JsonObject Revert() => new() { ["virtualDisk"] = "v", ["snapshotName"] = "before" };

    /// <summary>Begins what the holder does, and waits until it is in the middle of it.</summary>
    private static async Task<Process?> BeginAsync(string work, string image, string mountPoint)
    {
        var trace = mountPoint + ".trace";
        switch (work)
        {
            case "mounting":
                return await BeginAsync(
                    "mount,move_mount:delay_enter=700000",
                    "mount",
                    ["-o", "loop", image, mountPoint],
                    trace,
                    () => Shell.Run("losetup", "--associated", image).Length > 0);
            case "checking":
                // Directories that are created again are much to write.
                return await BeginAsync("pwrite64:delay_enter=10000", "e2fsck", ["-f", "-y", "-D", image], trace, () => HasWritten(trace));
            case "growing":
                return await BeginAsync("pwrite64:delay_enter=10000", "resize2fs", ["-f", image], trace, () => HasWritten(trace));
            case "unmounting":
                Shell.Run("mount", "-o", "loop", image, mountPoint);
                await File.WriteAllTextAsync(Path.Combine(mountPoint, "last"), "last");
                return await BeginAsync("umount2:delay_exit=700000", "umount", [mountPoint], trace, () => !IsMounted(mountPoint));
            default:
                return null;
        }
    }

    private static async Task<Process> BeginAsync(string slow, string program, string[] arguments, string trace, Func<bool> isInTheMiddle)
    {
        var calls = slow[..slow.IndexOf(':', StringComparison.Ordinal)];
        var start =
            new ProcessStartInfo("strace", ["-f", "-o", trace, "-e", "trace=" + calls, "-e", "inject=" + slow, program, .. arguments])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            };
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await Eventually.TrueAsync(() => process.HasExited || isInTheMiddle(), $"{program} is at work");
        Assert.False(process.HasExited, $"{program} was not slow enough to be met in the middle");
        return process;
    }

    // A call is told when it has ended, so that the first is done and all others are to come.
    private static bool HasWritten(string trace) =>
        File.Exists(trace) && File.ReadLines(trace).Any(line => line.Contains("pwrite64(", StringComparison.Ordinal));

    private static bool IsMounted(string mountPoint) => Shell.Try("mountpoint", "--quiet", mountPoint).Status == 0;

    private static async Task FillAsync(string image, string mountPoint)
    {
        using var mount = LoopMount.Open("ext4", image, mountPoint);
        for (var number = 0; number < 400; number++)
        {
            await File.WriteAllTextAsync(Path.Combine(mount.MountPoint, $"file-with-a-long-name-{number}"), "acknowledged");
        }

        Shell.Run("sync", "-f", mount.MountPoint);
    }

    private static async Task AssertCleanAsync(InProcessHost host, string copy, string mountPoint)
    {
        if (copy == "snapshot")
        {
            await host.Client.CloneAsync("v", "copy", "copy");
        }

        var image = await host.Client.ImagePathAsync("copy");
        using (var mount = LoopMount.Open("ext4", image, mountPoint))
        {
            Assert.Equal(400, Directory.GetFiles(mount.MountPoint, "file-*").Count(file => File.ReadAllText(file) == "acknowledged"));
        }

        LoopMount.Check("ext4", image);
    }

    private static void EndMount(string image, string mountPoint)
    {
        if (IsMounted(mountPoint))
        {
            Shell.Run("umount", mountPoint);
        }

        var deadline = DateTime.UtcNow.AddSeconds(10);
        while (Shell.Run("losetup", "--associated", image).Length > 0 && DateTime.UtcNow < deadline)
        {
            System.Threading.Thread.Sleep(10);
        }
    }

    /// <summary>Every copy with every work; those that differ where blocks are shared once more there.</summary>
    private sealed class CombinatorialRowsAttribute : Xunit.Sdk.DataAttribute
    {
        public override System.Collections.Generic.IEnumerable<object[]> GetData(System.Reflection.MethodInfo testMethod)
        {
            foreach (var copy in new[] { "snapshot", "clone", "revert" })
            {
                foreach (var work in new[] { "mounting", "checking", "growing", "unmounting", "dead" })
                {
                    yield return [copy, work, false];
                    if (copy != "revert")
                    {
                        yield return [copy, work, true];
                    }
                }
            }
        }
    }
}
