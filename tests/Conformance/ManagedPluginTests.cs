using System.Diagnostics;
using System.Text.Json;

namespace HedvigStorage.Conformance;

/// <summary>
/// What moby asks of a managed plugin that is a volume driver, and what its operators ask. Source of the cases: moby,
/// integration-cli/docker_cli_plugins_test.go.
/// </summary>
[Collection(EngineCollection.Name)]
public sealed class ManagedPluginTests(ManagedPluginFixture plugin) : IAsyncLifetime
{
    private Site Site => plugin.Site;

    public Task InitializeAsync() => plugin.StartAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [SkippableFact]
    public async Task What_a_container_writes_the_next_one_reads()
    {
        (await Site.ShellAsync("kept", "echo kept > /volume/file", "/volume")).Expect(0);
        Assert.Equal("kept\n", (await Site.ShellAsync("kept", "cat /volume/file", "/volume")).Expect(0).Output);
        Assert.Equal(
            $"{plugin.Name}:latest", (await Site.DockerAsync("volume", "inspect", "-f", "{{.Driver}}", "kept")).Expect(0).Output.Trim());
        Assert.Empty(Site.Mounts());
        (await Site.DockerAsync("volume", "rm", "kept")).Expect(0);
    }

    [SkippableFact]
    public async Task A_file_system_of_each_kind_is_made_and_grown()
    {
        foreach (var fileSystem in new[] { "ext4", "xfs" })
        {
            (await Site.DockerAsync("volume", "create", "-d", plugin.Name, "-o", "size=320MB", "-o", "fs=" + fileSystem, fileSystem))
                .Expect(0);
            (await Site.ShellAsync(fileSystem, "echo before > /volume/file", "/volume")).Expect(0);
            using (var cluster = Site.Cluster())
            {
                _ = await cluster.ResizeVolumeAsync(fileSystem, ByteSize.Parse("640MB"), default);
            }

            var grown = (await Site.ShellAsync(fileSystem, "cat /volume/file && df -m /volume | tail -n 1 | awk '{ print $2 }'", "/volume"))
                .Expect(0).Output.Split('\n');
            Assert.Equal("before", grown[0]);
            Assert.InRange(int.Parse(grown[1], null), 500, 640);
            (await Site.DockerAsync("volume", "rm", fileSystem)).Expect(0);
        }
    }

    [SkippableFact]
    public async Task While_a_container_uses_a_volume_it_is_neither_disabled_nor_replaced_nor_removed_and_the_refusals_name_both()
    {
        var container = await plugin.RunAsync("busy");
        Assert.Contains("is in use", (await Site.DockerAsync("plugin", "disable", plugin.Name)).Expect(1).Errors, StringComparison.Ordinal);
        foreach (var refused in new[]
        {
            await plugin.PluginAsync("uninstall"), await plugin.PluginAsync("stop"), await plugin.PluginAsync(
                "update"), await plugin.InstallAsync(plugin.Name, "another", []),
        })
        {
            Assert.Contains($"busy (by the container {container})", refused.Expect(1).Output, StringComparison.Ordinal);
            Assert.Contains("\"Busy\"", refused.Output, StringComparison.Ordinal);
        }

        Assert.Equal("""["busy"]""", await plugin.StatusAsync("volumes"));
        (await Site.DockerAsync("exec", container, "sh", "-c", "echo on > /volume/file")).Expect(0);
        await plugin.RemoveAsync(container, "busy");
    }

    [SkippableFact]
    public async Task An_update_keeps_the_settings_the_volumes_and_their_data()
    {
        (await Site.ShellAsync("lasting", "echo before > /volume/file", "/volume")).Expect(0);
        var process = await plugin.ProcessAsync();
        Assert.Contains(
            "must be disabled",
            (await Site.DockerAsync("plugin", "upgrade", "--skip-remote-check", plugin.Name, plugin.Name)).Expect(1).Errors,
            StringComparison.Ordinal);

        (await plugin.PluginAsync("update")).Expect(0);

        Assert.False(ManagedPluginFixture.Runs(process));
        Assert.Equal("conformance", await plugin.StatusAsync("host"));
        Assert.Equal("before\n", (await Site.ShellAsync("lasting", "cat /volume/file", "/volume")).Expect(0).Output);
        (await Site.DockerAsync("volume", "rm", "lasting")).Expect(0);
    }

    [SkippableFact]
    public async Task One_made_of_the_portable_program_brings_the_NET_that_it_needs_and_an_update_puts_the_other_form_in_its_place()
    {
        var name = plugin.Name + "-portable";
        (await Site.HvOfAsync(
            Programs.PortableDirectory,
            "plugin",
            "install",
            "--name",
            name,
            "--mode",
            "managed",
            "--state",
            Path.Combine(Site.Folder, name),
            "--host",
            "portable",
            "--json")).Expect(0);
        Task<Ended> RunAsync(string command) =>
            Site.DockerAsync(
                "run",
                "--rm",
                "--network",
                "none",
                "--volume-driver",
                name,
                "-v",
                "moved:/volume",
                TestImages.Busybox,
                "sh",
                "-c",
                command);
        (await RunAsync("echo portable > /volume/file")).Expect(0);

        (await Site.HvAsync("plugin", "update", "--name", name, "--json")).Expect(0);

        Assert.Equal("portable\n", (await RunAsync("cat /volume/file")).Expect(0).Output);
        (await Site.DockerAsync("volume", "rm", "moved")).Expect(0);
        (await Site.HvAsync("plugin", "uninstall", "--name", name)).Expect(0);
    }

    [SkippableFact]
    public async Task It_is_installed_once_and_a_name_that_is_taken_is_refused()
    {
        var id = await IdAsync(plugin.Name);
        (await plugin.InstallAsync(plugin.Name)).Expect(0);
        Assert.Equal(id, await IdAsync(plugin.Name));

        var folder = Path.Combine(Site.Folder, "foreign");
        _ = Directory.CreateDirectory(Path.Combine(folder, "rootfs"));
        await File.WriteAllTextAsync(
            Path.Combine(folder, "config.json"),
            """{"description":"another","entrypoint":["/x"],"interface":{"types":["docker.volumedriver/1.0"],"socket":"x.sock"}}""");
        Assert.Contains(
            "already exists", (await Site.DockerAsync("plugin", "create", plugin.Name, folder)).Expect(1).Errors, StringComparison.Ordinal);

        var foreign = plugin.Name + "-foreign";
        (await Site.DockerAsync("plugin", "create", foreign, folder)).Expect(0);
        Assert.Contains(
            "another managed plugin with the name", (await plugin.InstallAsync(foreign)).Expect(1).Output, StringComparison.Ordinal);
        (await Site.HvAsync("plugin", "uninstall", "--name", foreign)).Expect(0);
        (await Site.DockerAsync("plugin", "rm", foreign)).Expect(0);
    }

    [SkippableFact]
    public async Task It_is_enabled_and_disabled_once_and_enabling_takes_a_part_of_the_time_that_the_engine_gives()
    {
        Assert.Contains(
            "already enabled", (await Site.DockerAsync("plugin", "enable", plugin.Name)).Expect(1).Errors, StringComparison.Ordinal);
        (await Site.DockerAsync("plugin", "disable", plugin.Name)).Expect(0);
        Assert.Contains(
            "already disabled", (await Site.DockerAsync("plugin", "disable", plugin.Name)).Expect(1).Errors, StringComparison.Ordinal);

        // The engine gives 9.5 s: it tries the socket after half a second and then every three.
        var elapsed = Stopwatch.StartNew();
        (await Site.DockerAsync("plugin", "enable", plugin.Name)).Expect(0);
        Assert.InRange(elapsed.Elapsed.TotalSeconds, 0, 5);
        Assert.Equal("True", await plugin.StatusAsync("running"));
    }

    [SkippableFact]
    public async Task Volumes_are_listed_within_a_second_while_it_is_disabled()
    {
        (await Site.DockerAsync("plugin", "disable", plugin.Name)).Expect(0);
        Assert.Equal("False", await plugin.StatusAsync("running"));

        // Another engine's driver that is being stopped on this machine delays a listing, so the best of some counts.
        await Wait.UntilAsync("volumes are listed within a second", async () =>
        {
            var elapsed = Stopwatch.StartNew();
            (await Site.DockerAsync("volume", "ls")).Expect(0);
            return elapsed.Elapsed < TimeSpan.FromSeconds(1);
        });
        Assert.Contains(
            "found but disabled",
            (await Site.DockerAsync("volume", "create", "-d", plugin.Name, "none")).Expect(1).Errors,
            StringComparison.Ordinal);

        // Installing it with the settings that it has enables it again, and leaves it as it is otherwise.
        var id = await IdAsync(plugin.Name);
        (await plugin.InstallAsync(plugin.Name)).Expect(0);
        Assert.Equal("True", await plugin.StatusAsync("running"));
        Assert.Equal(id, await IdAsync(plugin.Name));
    }

    [SkippableFact]
    public async Task Variables_arguments_and_folders_are_set_while_it_is_disabled()
    {
        var cluster = await plugin.StatusAsync("cluster");
        var credential = Path.Combine(Site.Folder, "credential-copy.json");
        File.Copy(Path.Combine(Site.Folder, ".hedvig/cluster/credential.json"), credential);
        Assert.Contains("cannot set on an active plugin", (await SetAsync("args=--managed")).Expect(1).Errors, StringComparison.Ordinal);
        (await Site.DockerAsync("plugin", "disable", plugin.Name)).Expect(0);
        Assert.Contains("is not settable", (await SetAsync("HEDVIGSTORAGE_VERSION=9")).Expect(1).Errors, StringComparison.Ordinal);

        (await SetAsync($"HV_CLUSTER={cluster},http://127.0.0.1:1", "args=--host elsewhere", $"credential.source={credential}")).Expect(0);
        (await Site.DockerAsync("plugin", "enable", plugin.Name)).Expect(0);

        Assert.Equal($"{cluster},http://127.0.0.1:1", await plugin.StatusAsync("cluster"));
        Assert.Equal("elsewhere", await plugin.StatusAsync("host"));
        (await Site.ShellAsync("set", "true", "/volume")).Expect(0);
        (await Site.DockerAsync("volume", "rm", "set")).Expect(0);

        // What differs from what is asked for is put right.
        (await plugin.InstallAsync(plugin.Name)).Expect(0);
        Assert.Equal(cluster, await plugin.StatusAsync("cluster"));
        Assert.Equal("conformance", await plugin.StatusAsync("host"));
    }

    [SkippableFact]
    public async Task It_is_found_by_its_name_its_id_and_the_beginning_of_its_id_and_listed_by_what_it_is()
    {
        var id = await IdAsync(plugin.Name);
        Assert.Equal(id, await IdAsync(plugin.Name + ":latest"));
        Assert.Equal(id, await IdAsync(id));
        Assert.Equal(id, await IdAsync(id[..5]));
        foreach (var (filter, listed) in new[] { (
            "capability=volumedriver", true), ("enabled=true", true), ("enabled=false", false), ("capability=authz", false) })
        {
            var names = (await Site.DockerAsync("plugin", "ls", "--filter", filter, "--format", "{{.Name}}")).Expect(0).Output;
            Assert.True(names.Contains(plugin.Name, StringComparison.Ordinal) == listed, $"{filter}: {names}");
        }
    }

    [SkippableFact]
    public async Task A_test_of_it_passes_and_says_what_fails_once_the_cluster_is_gone()
    {
        using (var passed = JsonDocument.Parse((await plugin.PluginAsync("test")).Expect(0).Output))
        {
            Assert.Equal(6, passed.RootElement.GetProperty("checks").GetArrayLength());
        }

        var address = await plugin.StatusAsync("cluster");
        (await Site.HvAsync("cluster", "stop")).Expect(0);
        try
        {
            var failed = (await plugin.PluginAsync("test")).Expect(1).Output;
            Assert.Contains($"The cluster {address} does not answer the plugin host", failed, StringComparison.Ordinal);
        }
        finally
        {
            (await Site.HvAsync("cluster", "start", "--listen", address, "--reserve", "0", "--overcommit", "0")).Expect(0);
        }
    }

    [SkippableFact]
    public async Task A_document_whose_container_uses_it_is_as_desired_after_it_was_applied()
    {
        const string Document = """
            { "volumes": [ { "name": "desired", "size": "64MB" } ],
              "docker": { "plugin": { "name": "DRIVER" }, "containers": [
                { "name": "DRIVER-desired", "image": "busybox:stable", "command": [ "sleep", "1000" ], "mounts": [ { "volume": "desired", "target": "/volume" } ] } ] } }
            """;
        (await Site.ApplyAsync(Document)).Expect(0);
        (await Site.PlanAsync(Document)).Expect(0);

        // The document made the volume, so no engine removes it: it forgets it.
        (await Site.DockerAsync("rm", "-f", plugin.Name + "-desired")).Expect(0);
        Assert.Contains(
            "was not made through a plugin host",
            (await Site.DockerAsync("volume", "rm", "-f", "desired")).Errors,
            StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task What_cannot_be_started_is_not_left_behind()
    {
        var name = plugin.Name + "-bad";
        var failed =
            (await plugin.InstallAsync(
                name,
                "--cluster",
                "ftp://nowhere",
                "--credential-file",
                Path.Combine(Site.Folder, ".hedvig/cluster/credential.json"))).Expect(1);
        Assert.Contains("ftp://nowhere", failed.Output, StringComparison.Ordinal);
        Assert.Contains(
            "--credential-file",
            (await plugin.InstallAsync(name, "--cluster", "http://127.0.0.1:1")).Expect(1).Output,
            StringComparison.Ordinal);
        Assert.DoesNotContain(
            name, (await Site.DockerAsync("plugin", "ls", "--format", "{{.Name}}")).Expect(0).Output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task It_asks_for_the_right_to_grow_mounted_file_systems_where_that_is_wanted_and_an_update_keeps_it_with_other_options()
    {
        var name = plugin.Name + "-growing";
        var installed = await plugin.InstallAsync(name, "--online-growth");
        if (!Capabilities.MayGrantSystemResource)
        {
            Assert.Contains("CAP_SYS_RESOURCE", installed.Expect(1).Output, StringComparison.Ordinal);
            Assert.DoesNotContain(
                name, (await Site.DockerAsync("plugin", "ls", "--format", "{{.Name}}")).Expect(0).Output, StringComparison.Ordinal);

            // One that is there goes on with the settings that it had.
            _ = (await plugin.InstallAsync(plugin.Name, "--online-growth")).Expect(1);
            Assert.Equal("[CAP_SYS_ADMIN CAP_SYS_PTRACE] [--host conformance]", await RightsAsync(plugin.Name));
            Assert.Equal("True", await plugin.StatusAsync("running"));
            return;
        }

        _ = installed.Expect(0);
        (await Site.DockerAsync("plugin", "disable", name)).Expect(0);
        (await Site.DockerAsync("plugin", "set", name, "args=--host conformance --remove Any")).Expect(0);
        (await Site.HvAsync("plugin", "update", "--name", name)).Expect(0);
        Assert.Equal("[CAP_SYS_ADMIN CAP_SYS_PTRACE CAP_SYS_RESOURCE] [--host conformance --remove Any]", await RightsAsync(name));

        (await plugin.InstallAsync(name, "--online-growth", "false")).Expect(0);
        Assert.Equal("[CAP_SYS_ADMIN CAP_SYS_PTRACE] [--host conformance --remove Any]", await RightsAsync(name));
        (await Site.HvAsync("plugin", "uninstall", "--name", name)).Expect(0);
    }

    private async Task<string> RightsAsync(string name) =>
        (await Site.DockerAsync("plugin", "inspect", "-f", "{{.Config.Linux.Capabilities}} {{.Settings.Args}}", name))
            .Expect(0).Output.Trim();

    private Task<Ended> SetAsync(params string[] settings) => Site.DockerAsync(["plugin", "set", plugin.Name, .. settings]);

    private async Task<string> IdAsync(string nameOrId) =>
        (await Site.DockerAsync("plugin", "inspect", "-f", "{{.Id}}", nameOrId)).Expect(0).Output.Trim();
}
