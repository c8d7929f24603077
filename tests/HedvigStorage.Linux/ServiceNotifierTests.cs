using System.Collections.Concurrent;
using HedvigStorage.Linux.Systemd;
using HedvigStorage.Tests.Shared;

namespace HedvigStorage.Linux.Tests;

public sealed class ServiceNotifierTests
{
    private readonly ConcurrentQueue<string> _warnings = new();

    [SkippableFact]
    public async Task A_host_that_does_not_answer_is_neither_ready_nor_alive()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "systemd is part of Linux.");
        using var manager = new ServiceManager("@hv-" + Guid.NewGuid().ToString("N"));
        using var notifier = Make(("NOTIFY_SOCKET", manager.Name), ("WATCHDOG_USEC", "400000"));
        using var stopping = new CancellationTokenSource();
        var answers = false;
        var running = notifier.RunAsync(
            _ => Volatile.Read(ref answers) ? Task.CompletedTask : throw new IOException("refused"), "Serves.", stopping.Token);

        Assert.Equal("STATUS=Does not answer yet: refused", await manager.ReceiveAsync());
        Volatile.Write(ref answers, true);
        _ = await manager.ReceiveAsync("READY=1");
        Assert.Equal("WATCHDOG=1", await manager.ReceiveAsync());
        Volatile.Write(ref answers, false);
        _ = await manager.ReceiveAsync("STATUS=Does not answer its own request: refused");
        for (var count = 0; count < 20; count++)
        {
            Assert.Equal("STATUS=Does not answer its own request: refused", await manager.ReceiveAsync());
        }

        Volatile.Write(ref answers, true);
        Assert.Equal("WATCHDOG=1\nSTATUS=Serves.", await manager.ReceiveAsync("WATCHDOG=1"));
        await stopping.CancelAsync();
        await running;
        Assert.Empty(_warnings);
    }

    [SkippableFact]
    public async Task A_host_that_is_stuck_is_not_alive()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "systemd is part of Linux.");
        using var manager = new ServiceManager("@hv-" + Guid.NewGuid().ToString("N"));
        using var notifier = Make(("NOTIFY_SOCKET", manager.Name), ("WATCHDOG_USEC", "400000"));
        using var stopping = new CancellationTokenSource();
        var checks = 0;
        var running = notifier.RunAsync(
            token => Interlocked.Increment(ref checks) == 1 ? Task.CompletedTask : Task.Delay(Timeout.Infinite, token),
            "Serves.",
            stopping.Token);

        Assert.Equal("READY=1\nSTATUS=Serves.", await manager.ReceiveAsync());
        Assert.Equal("STATUS=Does not answer its own request: no answer within 0.1 s", await manager.ReceiveAsync());
        Assert.Equal("STATUS=Does not answer its own request: no answer within 0.1 s", await manager.ReceiveAsync());
        await stopping.CancelAsync();
        await running;
    }

    [Fact]
    public async Task Nothing_is_asked_or_sent_without_a_receiver()
    {
        using var notifier = Make(("WATCHDOG_USEC", "1000"));
        await notifier.RunAsync(_ => throw new InvalidOperationException("The host was asked."), "Serves.", CancellationToken.None);
        await notifier.StoppingAsync("Stops.");
        Assert.False(notifier.IsEnabled);
        Assert.Empty(_warnings);
    }

    [Theory]
    [InlineData("relative")]
    [InlineData("@")]
    [InlineData("vsock:2:1234")]
    public async Task A_receiver_that_cannot_be_is_one_warning(string path)
    {
        using var notifier = Make(("NOTIFY_SOCKET", path));
        await notifier.RunAsync(_ => Task.CompletedTask, "Serves.", CancellationToken.None);
        Assert.Contains($"NOTIFY_SOCKET is '{path}'", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_receiver_that_is_gone_is_one_warning()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "systemd is part of Linux.");
        using var notifier = Make(("NOTIFY_SOCKET", "@hv-" + Guid.NewGuid().ToString("N")));
        await notifier.RunAsync(_ => Task.CompletedTask, "Serves.", CancellationToken.None);
        await notifier.StoppingAsync("Stops.");
        Assert.StartsWith("systemd could not be told", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("30000000", null, 30.0, 0)]
    [InlineData("30000000", "42", 30.0, 0)]
    [InlineData("30000000", "43", null, 0)]
    [InlineData("0", null, null, 1)]
    [InlineData("soon", null, null, 1)]
    [InlineData(null, null, null, 0)]
    public void The_watchdog_is_that_of_this_process(string? microseconds, string? process, double? seconds, int warnings)
    {
        using var notifier = Make(("NOTIFY_SOCKET", "/run/nothing"), ("WATCHDOG_USEC", microseconds), ("WATCHDOG_PID", process));
        Assert.Equal(seconds, notifier.Watchdog?.TotalSeconds);
        Assert.Equal(warnings, _warnings.Count);
    }

    private ServiceNotifier Make(params (string Name, string? Value)[] environment) =>
        new(name => Array.Find(environment, variable => variable.Name == name).Value, 42, _warnings.Enqueue, TimeProvider.System);
}
