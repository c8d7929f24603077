using System.Diagnostics;

namespace HedvigStorage.Conformance;

/// <summary>
/// The plugin host as a service of a real systemd, beside that machine's own Docker Engine, through all that interrupts it.
/// </summary>
public sealed class ServiceTests(ServiceFixture services) : IClassFixture<ServiceFixture>
{
    private SystemdMachine Machine => services.Machine;

    [SkippableFact]
    public async Task Installed_with_one_command_it_serves_docker_and_installing_it_again_changes_nothing()
    {
        SkipWithoutMachine();
        await services.UseVolumeAsync("first");
        var before = await TimesAsync();

        (await services.HvAsync("plugin", "install", "--mode", "service", "--host", "machine")).Expect(0);
        (await services.HvAsync("plugin", "install", "--host", "machine")).Expect(0);

        Assert.Equal(before, await TimesAsync());
        var status = await services.StatusAsync();
        Assert.Equal(("Service", "active (running), enabled", true), (
            status.GetProperty("mode").GetString(), status.GetProperty("service").GetString(), status.GetProperty("running").GetBoolean()));
        (await services.HvAsync("plugin", "test")).Expect(0);
    }

    [SkippableTheory]
    [InlineData(
        "systemctl disable --now hedvig-plugin.service hedvig-plugin.socket",
        "state: inactive (dead), disabled -> Running",
        "It is installed in the mode Service and does not run.")]
    [InlineData(
        "systemctl disable hedvig-plugin.service",
        "state: active (running), disabled -> active (running), enabled",
        "It runs with other settings.")]
    [InlineData("echo Environment=A=1 >> /etc/systemd/system/hedvig-plugin.service", "state: active (running), enabled, "
        + "changed by hand -> active (running), enabled", "It runs with other settings.")]
    [InlineData("sed -i s/HV_HOST=.*/HV_HOST=other/ /etc/hedvigstorage/plugin.env", "state: active (running), enabled, "
        + "changed by hand -> active (running), enabled", "It runs with other settings.")]
    [InlineData("sed -i /HV_CLUSTER/d /etc/hedvigstorage/plugin.env", "state: active (running), enabled, "
        + "changed by hand -> active (running), enabled", "It runs with other settings.")]
    [InlineData(
        "sed -i 's/HV_HOST=.*/HV_HOST=\"other\"/' /etc/hedvigstorage/plugin.env; systemctl restart hedvig-plugin.service",
        "state: active (running), enabled, changed by hand -> active (running), enabled",
        "It runs with other settings.")]
    public async Task What_somebody_changes_of_the_service_is_found_with_its_reason_and_mended_by_the_document(
        string change, string difference, string reason)
    {
        SkipWithoutMachine();
        const string Document = "/root/site.json";
        await File.WriteAllTextAsync(
            Machine.PathOf(Document), """{ "name": "service", "docker": { "plugin": { "mode": "Service", "host": "machine" } } }""");
        (await services.HvAsync("apply", Document)).Expect(0);
        (await services.HvAsync("test", Document)).Expect(0);
        var writer = await services.RunWriterAsync("drifted");

        _ = await Machine.ShellAsync(change);
        var found = (await services.HvAsync("test", Document)).Expect(2).Output;
        Assert.Contains(difference, found, StringComparison.Ordinal);
        Assert.Contains("plugin/hedvig: " + reason, found, StringComparison.Ordinal);

        (await services.HvAsync("apply", Document)).Expect(0);
        (await services.HvAsync("test", Document)).Expect(0);
        Assert.Equal("enabled", await Machine.ShellAsync("systemctl is-enabled hedvig-plugin.service"));
        Assert.Equal("no", await Machine.ShellAsync("systemctl show hedvig-plugin.service --property NeedDaemonReload --value"));
        _ = await services.WaitForMoreAsync(writer, await services.WaitForMoreAsync(writer, 0));
        await services.RemoveAsync(writer);
    }

    [SkippableFact]
    public async Task Killed_it_is_started_again_while_calls_wait_and_volumes_and_tools_at_work_stay()
    {
        SkipWithoutMachine();
        var writer = await services.RunWriterAsync("killed");
        var process = await services.ProcessAsync();
        // It stands in for a check of a file system, which must not end half way.
        var tool = await Machine.ShellAsync(
            "sh -c 'echo $$ > /sys/fs/cgroup/system.slice/hedvig-plugin.service/cgroup.procs; exec sleep 600' >/dev/null 2>&1 & echo $!");
        await Wait.UntilAsync(
            "the tool is at work",
            async () =>
                (await Machine.ShellAsync("cat /sys/fs/cgroup/system.slice/hedvig-plugin.service/cgroup.procs")).Split('\n')
                    .Contains(tool, StringComparer.Ordinal));

        _ = await Machine.ShellAsync($"kill -KILL {process}");
        await services.UseVolumeAsync("meanwhile");

        Assert.NotEqual(process, await services.ProcessAsync());
        Assert.Equal("sleep", await Machine.ShellAsync($"cat /proc/{tool}/comm"));
        _ = await services.WaitForMoreAsync(writer, await services.WaitForMoreAsync(writer, 0));
        _ = await Machine.ShellAsync($"kill {tool}");
        await services.RemoveAsync(writer);
    }

    [SkippableFact]
    public async Task Hanging_it_is_killed_by_the_watchdog_and_started_again_while_calls_wait()
    {
        SkipWithoutMachine();
        const string DropIn = "/run/systemd/system/hedvig-plugin.service.d";
        _ = Directory.CreateDirectory(Machine.PathOf(DropIn));
        await File.WriteAllTextAsync(Machine.PathOf(DropIn + "/quick.conf"), "[Service]\nWatchdogSec=3\n");
        _ = await Machine.ShellAsync("systemctl daemon-reload && systemctl restart hedvig-plugin.service");
        var process = await services.ProcessAsync();

        _ = await Machine.ShellAsync($"kill -STOP {process}");
        await services.UseVolumeAsync("hanging");

        Assert.NotEqual(process, await services.ProcessAsync());
        Assert.Contains(
            "Watchdog timeout",
            await Machine.ShellAsync("journalctl --unit hedvig-plugin.service --output cat --no-pager"),
            StringComparison.Ordinal);
        Directory.Delete(Machine.PathOf(DropIn), recursive: true);
        _ = await Machine.ShellAsync("systemctl daemon-reload && systemctl restart hedvig-plugin.service");
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_a_boot_a_container_that_restarts_always_has_its_volume_and_data_without_help(bool orderly)
    {
        SkipWithoutMachine();
        var writer = await services.RunWriterAsync(orderly ? "orderly" : "powercut", "--restart", "always");
        (await Machine.DockerAsync("exec", writer, "sh", "-c", "echo before > /volume/file; sync")).Expect(0);
        var boot = await Machine.ShellAsync("cat /proc/sys/kernel/random/boot_id");
        var count = await services.WaitForMoreAsync(writer, 0);

        await (orderly ? Machine.ShutDownAsync() : Machine.CutPowerAsync());
        await Machine.BootAsync();

        _ = await services.WaitForMoreAsync(writer, orderly ? count : 0);
        Assert.NotEqual(boot, await Machine.ShellAsync("cat /proc/sys/kernel/random/boot_id"));
        Assert.Equal("before", (await Machine.DockerAsync("exec", writer, "cat", "/volume/file")).Expect(0).Output.Trim());
        await services.RemoveAsync(writer);
        if (orderly)
        {
            await AssertStopsAfterDockerAsync();
        }
    }

    [SkippableFact]
    public async Task Updated_under_containers_that_write_and_start_it_loses_no_call_and_no_write()
    {
        SkipWithoutMachine();
        var writer = await services.RunWriterAsync("updated");
        var process = await services.ProcessAsync();
        using var updated = new CancellationTokenSource();
        var started = StartContainersAsync(updated.Token);

        foreach (var version in new[] { "2", "3", "4" })
        {
            await services.WriteReleaseAsync(version);
            (await services.HvAsync("plugin", "update")).Expect(0);
        }

        await updated.CancelAsync();

        Assert.True(await started > 0);
        Assert.NotEqual(process, await services.ProcessAsync());
        Assert.Contains(
            "# Release 4", await Machine.ShellAsync("cat /opt/hedvigstorage/hedvig-plugin/hv-plugin"), StringComparison.Ordinal);
        _ = await services.WaitForMoreAsync(writer, await services.WaitForMoreAsync(writer, 0));
        Assert.Equal("true", (await Machine.DockerAsync("inspect", "-f", "{{.State.Running}}", writer)).Expect(0).Output.Trim());
        await services.RemoveAsync(writer);
    }

    [SkippableFact]
    public async Task Removing_is_refused_while_a_volume_is_in_use_and_then_leaves_nothing_and_nobody_waiting()
    {
        SkipWithoutMachine();
        (await services.HvAsync("plugin", "install", "--name", "second", "--host", "machine")).Expect(0);
        (
            await Machine.DockerAsync(
                "run",
                "-d",
                "--name",
                "user",
                "--network",
                "none",
                "--volume-driver",
                "second",
                "-v",
                "inuse:/volume",
                TestImages.Busybox,
                "sleep",
                "600")).Expect(0);

        var refused = (await services.HvAsync("plugin", "uninstall", "--name", "second")).Expect(1);
        Assert.Contains("inuse (by the container user)", refused.Errors, StringComparison.Ordinal);
        Assert.True((await services.StatusAsync("second")).GetProperty("running").GetBoolean());

        await RemoveVolumeOfSecondAsync();
        (await services.HvAsync("plugin", "uninstall", "--name", "second")).Expect(0);
        Assert.Empty(
            await Machine.ShellAsync(
                "find /etc/systemd/system /etc/hedvigstorage /opt/hedvigstorage /run/docker/plugins /run/systemd/system -name '*second*'"));
        Assert.DoesNotContain(
            "second",
            await Machine.ShellAsync("systemctl list-units --all 'hedvig-plugin*' --no-legend --plain"),
            StringComparison.Ordinal);

        // An engine that has used a driver asks for it as long as it runs.
        _ = await Machine.ShellAsync("systemctl restart docker.service");
        var watch = Stopwatch.StartNew();
        (await Machine.DockerAsync("volume", "ls")).Expect(0);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [SkippableFact]
    public async Task Another_name_and_folders_with_odd_names_make_units_that_systemd_accepts_and_reads_as_they_were_meant()
    {
        SkipWithoutMachine();
        const string State = "/var/lib/hedvigstorage/50% \"odd\" $HOME ${HOME} `id` \\ # ; state";
        const string Mounts = "/var/lib/hedvigstorage/it's mounted 'here'";

        (
            await services.HvAsync(
                "plugin",
                "install",
                "--mode",
                "service",
                "--name",
                "site-2.b",
                "--host",
                "machine",
                "--state",
                State,
                "--mount-root",
                Mounts)).Expect(0);

        var status = await services.StatusAsync("site-2.b");
        Assert.Equal((State, Mounts), (status.GetProperty("stateDirectory").GetString(), status.GetProperty("mountRoot").GetString()));
        Assert.True(Directory.Exists(Machine.PathOf(State)));
        var verified = (
            await Machine.RunAsync(
                "systemd-analyze",
                "verify",
                "--man=no",
                "/etc/systemd/system/hedvig-plugin-site-2.b.service",
                "/etc/systemd/system/hedvig-plugin-site-2.b.socket")).Expect(0);
        Assert.Equal(string.Empty, verified.Output + verified.Errors);
        (await services.HvAsync("plugin", "uninstall", "--name", "site-2.b")).Expect(0);
    }

    [SkippableFact]
    public async Task Unless_told_otherwise_an_installation_is_a_service_and_a_start_is_a_process()
    {
        SkipWithoutMachine();
        (await services.HvAsync("plugin", "install", "--name", "third", "--host", "machine")).Expect(0);
        Assert.Equal("Service", (await services.StatusAsync("third")).GetProperty("mode").GetString());
        (await services.HvAsync("plugin", "uninstall", "--name", "third")).Expect(0);

        (await services.HvAsync("plugin", "start", "--name", "third", "--host", "machine")).Expect(0);
        Assert.Equal("Process", (await services.StatusAsync("third")).GetProperty("mode").GetString());
        (await services.HvAsync("plugin", "stop", "--name", "third")).Expect(0);
    }

    private void SkipWithoutMachine() => Skip.If(services.Missing is not null, services.Missing);

    private Task<string> TimesAsync() =>
        Machine.ShellAsync(
            "systemctl show hedvig-plugin.service hedvig-plugin.socket --property "
                + "MainPID,ExecMainStartTimestampMonotonic,ActiveEnterTimestampMonotonic,NRestarts; "
                + "stat -c '%n %Z' /etc/systemd/system/hedvig-* /etc/hedvigstorage/* /opt/hedvigstorage/*/*");

    private async Task<int> StartContainersAsync(CancellationToken end)
    {
        var count = 0;
        while (!end.IsCancellationRequested)
        {
            await services.UseVolumeAsync(string.Create(CultureInfo.InvariantCulture, $"new{count++}"));
        }

        return count;
    }

    private async Task RemoveVolumeOfSecondAsync()
    {
        (await Machine.DockerAsync("rm", "-f", "user")).Expect(0);
        (await Machine.DockerAsync("volume", "rm", "inuse")).Expect(0);
    }

    private async Task AssertStopsAfterDockerAsync()
    {
        var lines = (
            await Machine.ShellAsync("journalctl --boot=-1 --unit docker.service --unit hedvig-plugin.service --output cat "
                + "--no-pager")).Split('\n').ToList();
        var docker = lines.FindLastIndex(line => line.StartsWith("Stopped docker.service", StringComparison.Ordinal));
        var plugin = lines.FindLastIndex(line => line.StartsWith("Stopping hedvig-plugin.service", StringComparison.Ordinal));
        Assert.True(docker >= 0 && docker < plugin, string.Join('\n', lines.TakeLast(20)));
    }
}
