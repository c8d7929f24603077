using System.Runtime.Versioning;
using HedvigStorage.Hosting;

namespace HedvigStorage.Client.Tests;

[SupportedOSPlatform("linux")]
public sealed class ServicePluginsTests
{
    private const string Driver = "site2";
    private readonly CancellationToken _none = CancellationToken.None;

    [SkippableFact]
    public async Task Installing_writes_units_for_the_drivers_name_and_settings_that_only_root_reads_and_starts_the_service()
    {
        using var site = Start();

        var status = await site.Plugins.InstallAsync(site.Settings(), _none);

        Assert.Equal(
            (DockerPluginMode.Service, "active (running), enabled", true, 4711),
            (status.Mode, status.Service, status.Running, status.ProcessId));
        Assert.Equal(["daemon-reload", "enable hedvig-plugin-site2.service", "reset-failed hedvig-plugin-site2.service", "restart hedvig-plugin-site2.service"], site.Calls);
        Assert.Equal(
            [site.Paths.Program(Driver), site.Paths.SettingsFile(Driver), site.Paths.ServiceFile(Driver), site.Paths.SocketFile(Driver)],
            site.Installed);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(site.Paths.SettingsFile(Driver)));
        Assert.True(File.GetUnixFileMode(site.Paths.Program(Driver)).HasFlag(UnixFileMode.OtherExecute));
        var service = await File.ReadAllLinesAsync(site.Paths.ServiceFile(Driver), _none);
        Assert.Contains($"EnvironmentFile={site.Paths.SettingsFile(Driver)}", service);
        Assert.Contains("Requires=hedvig-plugin-site2.socket", service);
        Assert.Contains("Also=hedvig-plugin-site2.socket", service);
        Assert.Contains(
            $"ExecStart=\"{site.Paths.Program(Driver)}\" --state ${{HV_STATE}} --mount-root ${{HV_MOUNT_ROOT}} $HV_PLUGIN_OPTIONS",
            service);
        Assert.Contains($"ListenStream={site.Paths.Socket(Driver)}", await File.ReadAllLinesAsync(site.Paths.SocketFile(Driver), _none));
    }

    [SkippableFact]
    public async Task Installing_again_does_nothing_and_other_settings_or_another_program_restart_the_service_alone()
    {
        using var site = Start();
        _ = await site.Plugins.InstallAsync(site.Settings(), _none);
        site.ForgetCalls();

        _ = await site.Plugins.InstallAsync(site.Settings(), _none);
        Assert.Empty(site.Calls);

        _ = await site.Plugins.InstallAsync(site.Settings() with { Cluster = "http://127.0.0.1:2", SkipCertificateCheck = true }, _none);
        var settings = await File.ReadAllLinesAsync(site.Paths.SettingsFile(Driver), _none);
        Assert.Contains("HV_CLUSTER=\"http://127.0.0.1:2\"", settings);
        Assert.Contains("HV_PLUGIN_OPTIONS=\"--skip-certificate-check\"", settings);
        Assert.Equal("restart hedvig-plugin-site2.service", site.Calls[^1]);
        Assert.DoesNotContain(
            site.Calls, call => call.Contains("socket", StringComparison.Ordinal) || call.StartsWith("stop", StringComparison.Ordinal));

        site.ForgetCalls();
        _ = site.Script("hosts/hv-plugin", "exit 1");
        _ = await site.Plugins.UpdateAsync(Driver, _none);
        Assert.Equal(
            await File.ReadAllBytesAsync(site.File("hosts/hv-plugin"), _none),
            await File.ReadAllBytesAsync(site.Paths.Program(Driver), _none));
        Assert.Equal("restart hedvig-plugin-site2.service", site.Calls[^1]);
        Assert.Equal(settings, await File.ReadAllLinesAsync(site.Paths.SettingsFile(Driver), _none));
    }

    [SkippableTheory]
    [InlineData("daemon-reload")]
    [InlineData("enable")]
    [InlineData("restart")]
    public async Task A_call_of_systemctl_that_fails_is_told_in_its_words_and_nothing_of_the_installation_stays(string verb)
    {
        using var site = Start();
        site.Refuse(verb);

        var error = await Assert.ThrowsAsync<ClusterException>(() => site.Plugins.InstallAsync(site.Settings(), _none));

        Assert.Contains($"systemctl says no to {verb}", error.Message, StringComparison.Ordinal);
        Assert.Empty(site.Installed);
        Assert.Null(await site.Plugins.FindAsync(Driver, _none));
    }

    [SkippableFact]
    public async Task A_service_that_does_not_start_with_its_new_settings_has_the_old_ones_again_and_the_error_has_its_last_words()
    {
        using var site = Start();
        _ = await site.Plugins.InstallAsync(site.Settings(), _none);
        var before = site.Installed.ToDictionary(file => file, File.ReadAllText, StringComparer.Ordinal);
        site.Refuse("restart");
        _ = site.Script("hosts/hv-plugin", "exit 1");

        var error = await Assert.ThrowsAsync<ClusterException>(
            () => site.Plugins.InstallAsync(site.Settings() with { Host = "web2" }, _none));

        Assert.EndsWith("Its last words: hv-plugin: the state cannot be written", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, site.Installed.ToDictionary(file => file, File.ReadAllText, StringComparer.Ordinal));
    }

    [SkippableFact]
    public async Task A_file_of_somebody_else_is_never_overwritten_nor_removed()
    {
        using var site = Start();
        foreach (var file in new[] { site.Paths.ServiceFile(Driver), site.Paths.SocketFile(Driver), site.Paths.SettingsFile(Driver) })
        {
            _ = Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, "[Unit]\n", _none);

            var error = await Assert.ThrowsAsync<ClusterException>(() => site.Plugins.InstallAsync(site.Settings(), _none));
            await site.Plugins.UninstallAsync(Driver, _none);

            Assert.Equal(ErrorCode.Conflict, error.Code);
            Assert.Contains(file, error.Message, StringComparison.Ordinal);
            Assert.Equal([file], site.Installed);
            Assert.Empty(site.Calls);
            File.Delete(file);
        }
    }

    [SkippableFact]
    public async Task Another_plugin_host_at_the_socket_is_left_alone()
    {
        using var site = Start();
        site.Activate();

        var error = await Assert.ThrowsAsync<ClusterException>(() => site.Plugins.InstallAsync(site.Settings(), _none));

        Assert.Equal(ErrorCode.Conflict, error.Code);
        Assert.Empty(site.Installed);
    }

    [SkippableFact]
    public async Task A_service_that_has_failed_is_still_installed_and_the_next_installation_starts_it()
    {
        using var site = Start();
        _ = await site.Plugins.InstallAsync(site.Settings(), _none);
        File.Delete(site.File("active"));

        var failed = await site.Plugins.FindAsync(Driver, _none);
        Assert.Equal((false, "failed (failed), enabled", "http://127.0.0.1:1"), (failed!.Running, failed.Service, failed.Cluster));
        Assert.True((await site.Plugins.InstallAsync(site.Settings(), _none)).Running);
    }

    [SkippableFact]
    public async Task Removing_is_refused_while_volumes_are_mounted_and_then_leaves_nothing()
    {
        using var site = Start();
        _ = await site.Plugins.InstallAsync(site.Settings(), _none);
        site.ForgetCalls();
        site.Volumes = """{"name":"pgdata","mountpoint":"/m/pgdata","mounts":1},{"name":"idle","mountpoint":"","mounts":0}""";

        var error = await Assert.ThrowsAsync<ClusterException>(() => site.Plugins.UninstallAsync(Driver, _none));
        Assert.Equal(ErrorCode.Busy, error.Code);
        Assert.Contains("pgdata", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("idle", error.Message, StringComparison.Ordinal);
        Assert.Empty(site.Calls);

        site.Volumes = string.Empty;
        await site.Plugins.UninstallAsync(Driver, _none);
        await site.Plugins.UninstallAsync(Driver, _none);
        Assert.Equal(
            ["disable --now hedvig-plugin-site2.service hedvig-plugin-site2.socket", "daemon-reload", "reset-failed "
                + "hedvig-plugin-site2.service hedvig-plugin-site2.socket"],
            site.Calls);
        Assert.Empty(site.Installed);
        Assert.Null(await site.Plugins.FindAsync(Driver, _none));
    }

    [SkippableFact]
    public async Task A_build_is_run_where_it_is()
    {
        using var site = Start();
        await File.WriteAllTextAsync(site.File("hosts/hv-plugin.dll"), string.Empty, _none);

        _ = await site.Plugins.InstallAsync(site.Settings(), _none);

        Assert.False(Directory.Exists(site.Paths.Programs));
        Assert.Contains(
            await File.ReadAllLinesAsync(site.Paths.ServiceFile(Driver), _none),
            line => line.StartsWith($"ExecStart=\"{site.File("hosts/hv-plugin")}\" ", StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task What_would_not_work_is_refused_before_anything_is_written()
    {
        using var site = Start();
        await RefusedAsync(site.Settings() with { Socket = "/run/other.sock" }, ErrorCode.InvalidArgument, "/run/other.sock");
        await RefusedAsync(site.Settings() with { Name = new string('n', 120) }, ErrorCode.InvalidArgument, "107 bytes");
        await RefusedAsync(site.Settings() with { CredentialFile = site.File("none.json") }, ErrorCode.Unauthorized, "none.json");
        File.Delete(site.File("hosts/hedvig-plugin.socket"));
        await RefusedAsync(site.Settings(), ErrorCode.NotFound, "hedvig-plugin.socket");

        async Task RefusedAsync(DockerPluginSettings settings, ErrorCode code, string words)
        {
            var error = await Assert.ThrowsAsync<ClusterException>(() => site.Plugins.InstallAsync(settings, _none));
            Assert.Equal(code, error.Code);
            Assert.Contains(words, error.Message, StringComparison.Ordinal);
            Assert.Empty(site.Installed);
        }
    }

    [SkippableFact]
    public void Without_systemd_or_the_executable_it_says_why_not()
    {
        using var site = Start();

        Assert.Null(site.Plugins.WhyNot());
        Assert.Contains(
            "systemd does not run this machine",
            new ServicePlugins(site.File("hosts"), engineAddress: null, site.Paths with { Mark = site.File("none") }).WhyNot(),
            StringComparison.Ordinal);
        Assert.Contains(
            "hv-plugin", new ServicePlugins(site.File("none"), engineAddress: null, site.Paths).WhyNot(), StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("/srv/my volumes")]
    [InlineData("/srv/50% \"off\" 'x' $HOME ${HOME} `id` \\ \\n ; # é")]
    [InlineData("/srv/two\nlines=\"1\"")]
    [InlineData("")]
    public void Settings_are_read_as_they_were_written_whatever_is_in_them(string value)
    {
        var settings = new ServiceSettings(Driver, value, value, "web1", value, value, SkipCertificateCheck: true);

        Assert.Equal(settings, ServiceSettings.Parse(Driver, settings.ToText("/usr/share/dotnet")));
    }

    private static ServiceSite Start()
    {
        Skip.If(!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess, "Installing a service needs root on Linux.");
        return new ServiceSite(Driver);
    }
}
