using HedvigStorage.Tests.Shared;

namespace HedvigStorage.ClusterHost.Tests;

public sealed class SystemdTests
{
    [SkippableFact]
    public async Task The_unit_passes_systemds_own_check()
    {
        Skip.IfNot(UnitFiles.IsInstalled("systemd-analyze"), "systemd-analyze is not installed.");
        using var folder = new TemporaryDirectory();
        Assert.Equal((0, string.Empty), await UnitFiles.VerifyAsync(folder.Path, "hv-cluster", "hedvig-cluster.service"));
    }

    [Fact]
    public async Task Systemd_hears_that_it_is_ready_alive_and_stopping()
    {
        using var folder = new TemporaryDirectory();
        using var manager = new ServiceManager(folder["notify"]);
        await using var host = await HostProcess.StartAsync(
            folder["data"], ["env", "NOTIFY_SOCKET=" + manager.Name, "WATCHDOG_USEC=2000000"]);

        Assert.StartsWith("READY=1\nSTATUS=Serves http://127.0.0.1:", await manager.ReceiveAsync("READY=1"), StringComparison.Ordinal);
        _ = await manager.ReceiveAsync("WATCHDOG=1");
        _ = await manager.ReceiveAsync("WATCHDOG=1");
        Assert.Equal(0, await host.StopAsync());
        _ = await manager.ReceiveAsync("STOPPING=1");
    }
}
