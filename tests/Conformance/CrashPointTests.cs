using Xunit.Abstractions;

namespace HedvigStorage.Conformance;

/// <summary>
/// The plugin host, or a tool that it runs, is killed at the first, second, third… system call of a kind while it mounts or unmounts, until
/// a call is done before its turn comes. The next plugin host finishes the work and leaves nothing. Without <c>HV_CRASH_POINTS=all</c> only
/// the kinds that change what is mounted or make it durable are taken.
/// </summary>
public sealed class CrashPointTests(ITestOutputHelper output)
{
    private static readonly string[] Changes = ["mount", "umount2", "ioctl", "fdatasync", "fsync", "mkdir", "rmdir"];
    private static readonly string[] Others =
    [
        "pwrite64",
        "fallocate",
        "unlink",
        "rename",
        "execve",
        "sendmsg",
        "sendto",
        "recvmsg",
        "recvfrom",
        "openat",
    ];

    [SkippableFact]
    public Task A_mount_that_was_cut_off_anywhere_succeeds_when_it_is_repeated() => SweepAsync(
        "Mount",
        prepare: (_, _) => Task.CompletedTask,
        finish: async (host, volume, tries) =>
        {
            Assert.True(host.IsMounted(volume));
            await File.WriteAllTextAsync(Path.Combine(host.PathOf(volume), "file"), "content");

            // A Mount that was counted and not answered any more is a use of its own: no plugin host can tell its repetition from a second
            // use of the same ID.
            for (; tries > 0; tries--)
            {
                Assert.Equal(string.Empty, await host.CallAsync("Unmount", volume));
            }
        });

    [SkippableFact]
    public Task An_unmount_that_was_cut_off_anywhere_succeeds_when_it_is_repeated() => SweepAsync(
        "Unmount",
        prepare: async (host, volume) =>
        {
            Assert.Equal(string.Empty, await host.CallAsync("Mount", volume));
            await File.WriteAllTextAsync(Path.Combine(host.PathOf(volume), "file"), "content");
        },
        finish: async (host, volume, _) =>
        {
            await WaitUntilUnmountedAsync(host, volume);
            Assert.Equal(string.Empty, await host.CallAsync("Mount", volume));
            Assert.Equal("content", await File.ReadAllTextAsync(Path.Combine(host.PathOf(volume), "file")));
            Assert.Equal(string.Empty, await host.CallAsync("Unmount", volume));
        });

    private async Task SweepAsync(string call, Func<KillableHost, string, Task> prepare, Func<KillableHost, string, int, Task> finish)
    {
        Skip.IfNot(Programs.IsRoot, "Mounting needs root.");
        Skip.IfNot(Programs.Exists("strace"), "strace is not installed.");
        await using var cluster = await ClusterProcess.StartAsync();
        await using var host = await KillableHost.StartAsync(cluster);
        var points = 0;
        foreach (var systemCall in Environment.GetEnvironmentVariable("HV_CRASH_POINTS") == "all" ? [.. Changes, .. Others] : Changes)
        {
            for (var (number, wasHit) = (1, true); wasHit; number++)
            {
                var volume = string.Create(CultureInfo.InvariantCulture, $"{systemCall}-{number}");
                Assert.Equal(string.Empty, await host.CallAsync("Create", volume));
                await prepare(host, volume);
                wasHit = await host.CutOffAsync(systemCall, number, call, volume);
                output.WriteLine($"{call} at {volume}: {(wasHit ? "cut off" : "done")}");
                if (wasHit)
                {
                    points++;
                    Assert.Equal(string.Empty, await host.CallAsync(call, volume));
                }

                await finish(host, volume, wasHit ? 2 : 1);
                await AssertNothingLeftAsync(cluster, host, volume);
            }
        }

        output.WriteLine($"{points} points");
        Assert.True(points > 0, "Nothing was cut off.");
    }

    private static async Task AssertNothingLeftAsync(ClusterProcess cluster, KillableHost host, string volume)
    {
        await WaitUntilUnmountedAsync(host, volume);
        await Wait.UntilAsync(
            $"the lease of {volume} is given back",
            async () => (await cluster.AskAsync("ListAttachments"))["attachments"]!.AsArray().Count == 0);
        Assert.Equal(string.Empty, await host.CallAsync("Remove", volume));
        Assert.Null(await cluster.FindVolumeAsync(volume));
        Assert.DoesNotContain(
            cluster.Folder, (await Programs.RunAsync("losetup", "/", environment: null, "-a")).Expect(0).Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(host.PathOf(volume)), "Its mountpoint is left.");
    }

    // Whoever makes a mount namespace in the same moment, as other tests' containers do, holds what is mounted until that is theirs alone;
    // the host tries again then.
    private static Task WaitUntilUnmountedAsync(KillableHost host, string volume) =>
        Wait.UntilAsync($"{volume} is unmounted", () => Task.FromResult(!host.IsMounted(volume)));
}
