using Microsoft.Extensions.Time.Testing;

namespace HedvigStorage.PluginHost.Tests;

/// <summary>
/// dockerd gives up a Mount after 120 s and an Unmount after 60 s, and then shows no cause: the answer comes before that, and says one.
/// </summary>
public sealed class BudgetTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch);

    [SkippableFact]
    public async Task A_mount_that_takes_too_long_tells_its_step_in_time_and_goes_on_so_that_the_next_try_succeeds()
    {
        await using var plugin = await PluginFixture.StartAsync(_time);
        Assert.Equal(string.Empty, await plugin.CreateAsync("slow"));
        var gate = new TaskCompletionSource();
        plugin.Cluster.AttachGate = gate.Task;

        var mount = plugin.MountErrorAsync("slow", "first");
        await ReachAsync(plugin, "Attach");
        _time.Advance(TimeSpan.FromSeconds(109));
        Assert.False(mount.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(2));
        var error = await mount;

        Assert.Contains("not mounted yet after 110 s", error, StringComparison.Ordinal);
        Assert.Contains("taking the lease", error, StringComparison.Ordinal);
        gate.SetResult();
        Assert.EndsWith("/slow", await plugin.MountAsync("slow", "second"), StringComparison.Ordinal);

        // The first was told that it failed, so it has no use to end: one Unmount is the last.
        Assert.Equal(string.Empty, await plugin.UnmountAsync("slow", "second"));
        Assert.False(plugin.IsMounted("slow"));
    }

    [SkippableFact]
    public async Task A_slow_volume_keeps_no_other_waiting()
    {
        await using var plugin = await PluginFixture.StartAsync(_time);
        Assert.Equal(string.Empty, await plugin.CreateAsync("slow"));
        Assert.Equal(string.Empty, await plugin.CreateAsync("quick"));
        var gate = new TaskCompletionSource();
        plugin.Cluster.AttachGate = gate.Task;
        var slow = plugin.MountAsync("slow", "a");
        await ReachAsync(plugin, "Attach");
        plugin.Cluster.AttachGate = Task.CompletedTask;

        _ = await plugin.MountAsync("quick", "b");

        Assert.False(slow.IsCompleted);
        gate.SetResult();
        _ = await slow;
        Assert.Equal(string.Empty, await plugin.UnmountAsync("slow", "a"));
        Assert.Equal(string.Empty, await plugin.UnmountAsync("quick", "b"));
    }

    [SkippableFact]
    public async Task An_unmount_that_takes_too_long_tells_so_in_time_and_goes_on()
    {
        await using var plugin = await PluginFixture.StartAsync(_time);
        Assert.Equal(string.Empty, await plugin.CreateAsync("slow"));
        _ = await plugin.MountAsync("slow", "a");
        var gate = new TaskCompletionSource();
        plugin.Cluster.DetachGate = gate.Task;

        var unmount = plugin.UnmountAsync("slow", "a");
        await ReachAsync(plugin, "Detach");
        _time.Advance(TimeSpan.FromSeconds(51));

        Assert.Contains("not unmounted yet after 50 s", await unmount, StringComparison.Ordinal);
        gate.SetResult();
        plugin.Cluster.DetachGate = Task.CompletedTask;
        Assert.EndsWith("/slow", await plugin.MountAsync("slow", "b"), StringComparison.Ordinal);
        Assert.Equal(string.Empty, await plugin.UnmountAsync("slow", "b"));
    }

    private static async Task ReachAsync(PluginFixture plugin, string call)
    {
        while (!System.Linq.Enumerable.Contains(plugin.Cluster.Calls, call))
        {
            await Task.Delay(5);
        }
    }
}
