using System.Text.Json.Nodes;

namespace HedvigStorage.Conformance;

/// <summary>
/// Podman with the plugin host as its volume plugin. It tells an error by the status of an answer alone, and its prune asks for the removal
/// of all that the driver lists.
/// </summary>
[Collection(EngineCollection.Name)]
public sealed class PodmanTests(PodmanFixture fixture) : IClassFixture<PodmanFixture>
{
    [SkippableFact]
    public async Task A_volume_is_made_with_its_options_and_a_wrong_one_is_refused_in_words()
    {
        Skip.If(fixture.Missing is not null, fixture.Missing);
        using var cluster = fixture.Site.Cluster();
        (await CreateAsync("optioned", "size=64MB")).Expect(0);
        Assert.Equal(64L << 20, (await cluster.FindVolumeAsync("optioned", CancellationToken.None))!.Size);
        Assert.Contains("'siez'", (await CreateAsync("wrong", "siez=64MB")).Expect(125).Errors, StringComparison.Ordinal);
        Assert.Contains("replicationFactor", (await CreateAsync("help", "help=")).Expect(125).Errors, StringComparison.Ordinal);
        Assert.Null(await cluster.FindVolumeAsync("wrong", CancellationToken.None));
        Assert.Null(await cluster.FindVolumeAsync("help", CancellationToken.None));
    }

    [SkippableFact]
    public async Task What_a_container_writes_is_on_the_volume_and_nothing_stays_mounted()
    {
        Skip.If(fixture.Missing is not null, fixture.Missing);
        (await CreateAsync("written", "size=64MB")).Expect(0);
        (await ShellAsync("written", "echo kept > /volume/file; sync")).Expect(0);
        Assert.Empty(fixture.Site.Mounts());
        Assert.Equal("kept\n", (await ShellAsync("written", "cat /volume/file")).Expect(0).Output);
        Assert.Empty(fixture.Site.Mounts());
    }

    [SkippableFact]
    public async Task A_mount_that_is_refused_starts_no_container()
    {
        Skip.If(fixture.Missing is not null, fixture.Missing);
        using var cluster = fixture.Site.Cluster();
        (await CreateAsync("refused", "size=64MB")).Expect(0);
        var boot = (await File.ReadAllTextAsync("/proc/sys/kernel/random/boot_id")).Trim();
        var lease =
            (
                await cluster.AttachAsync(
                    new AttachmentRequest { Volume = "refused", Host = "elsewhere", BootId = boot, MachineId = boot },
                    CancellationToken.None)).Attachment;

        var refused = await ShellAsync("refused", "echo lost > /volume/file; echo started");
        Assert.NotEqual(0, refused.Status);
        Assert.Contains("attached to the host 'elsewhere'", refused.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("started", refused.Output, StringComparison.Ordinal);

        await cluster.DetachAsync(
            "refused", new AttachmentHolder { Host = "elsewhere", BootId = boot }, lease.Generation, CancellationToken.None);
        Assert.Equal("started\n", (await ShellAsync("refused", "cat /volume/file 2>/dev/null; echo started")).Expect(0).Output);
    }

    [SkippableFact]
    public async Task A_volume_is_removed_unless_a_container_has_it()
    {
        Skip.If(fixture.Missing is not null, fixture.Missing);
        using var cluster = fixture.Site.Cluster();
        (await CreateAsync("removed", "size=64MB")).Expect(0);
        (await fixture.Podman.RunAsync("run", "-d", "--name", "holder", "-v", "removed:/volume", PodmanEngine.Image, "sleep", "1000"))
            .Expect(0);
        Assert.NotEqual(0, (await fixture.Podman.RunAsync("volume", "rm", "removed")).Status);
        Assert.NotNull(await cluster.FindVolumeAsync("removed", CancellationToken.None));
        (await fixture.Podman.RunAsync("rm", "--force", "--time", "0", "holder")).Expect(0);
        (await fixture.Podman.RunAsync("volume", "rm", "removed")).Expect(0);
        Assert.Null(await cluster.FindVolumeAsync("removed", CancellationToken.None));
    }

    [SkippableFact]
    public async Task A_prune_removes_what_was_made_through_plugin_hosts_and_nothing_of_a_document_or_a_person()
    {
        Skip.If(fixture.Missing is not null, fixture.Missing);
        using var cluster = fixture.Site.Cluster();
        (await fixture.Site.ApplyAsync("""{ "name": "shop", "volumes": [ { "name": "described", "size": "64MB" } ] }""")).Expect(0);
        _ = await cluster.CreateVolumeAsync(
            new VolumeSpecification { Name = "byhand", Size = new ByteSize("64MB") }, CancellationToken.None);
        (await CreateAsync("made", "size=64MB")).Expect(0);

        _ = await fixture.Podman.RunAsync("volume", "reload");
        var pruned = await fixture.Podman.RunAsync("volume", "prune", "--force");

        string[] names = ["byhand", "described", "made"];
        Assert.Equal(["byhand", "described"], (
            await cluster.ListVolumesAsync(new VolumeQuery { Names = names }, CancellationToken.None)).Items.Select(volume => volume.Name));
        Assert.Contains("belongs to the document 'shop'", pruned.Errors + pruned.Output, StringComparison.Ordinal);
        Assert.Contains(
            "'byhand' was not made through a plugin host",
            (await fixture.Podman.RunAsync("volume", "rm", "byhand")).Errors,
            StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task An_apply_through_Podmans_Docker_API_fails_where_the_data_would_lie_elsewhere_and_succeeds_where_the_volume_is_described_to_it()
    {
        Skip.If(fixture.Missing is not null, fixture.Missing);
        const string Mount = """ "containers": [ { "name": "web", "image": "localhost/busybox:test", "command": ["sh", "-c", "echo kept > /volume/file; sleep 1000"], "network": "none", "mounts": [ { "volume": "site", "target": "/volume" } ] } ] """;
        var plugin = $$""" "plugin": { "name": "DRIVER", "host": "conformance", "stateDirectory": "{{fixture.Site.Folder}}/state", "mountRoot": "{{fixture.Site.MountRoot}}" } """;
        var failed = (await fixture.Site.ApplyAsync($$"""{ "name": "podman", "volumes": [ { "name": "site", "size": "64MB" } ], "docker": { {{plugin}}, {{Mount}} } }""")).Expect(1);
        Assert.Contains("the volume 'site' of the driver 'local'", failed.Errors + failed.Output, StringComparison.Ordinal);
        Assert.Empty((await fixture.Podman.RunAsync("ps", "-aq")).Expect(0).Output.Trim());
        Assert.Empty(fixture.Site.Mounts());

        (await fixture.Podman.RunAsync("volume", "rm", "site")).Expect(0);
        var document = $$"""{ "name": "podman", "volumes": [ { "name": "site", "size": "64MB" } ], "docker": { {{plugin}}, "volumes": [ { "name": "site", "driver": "DRIVER" } ], {{Mount}} } }""";
        (await fixture.Site.ApplyAsync(document)).Expect(0);
        Assert.Equal("kept\n", (await fixture.Podman.RunAsync("exec", "web", "cat", "/volume/file")).Expect(0).Output);
        Assert.Single(fixture.Site.Mounts());
        (await fixture.Site.TestAsync(document)).Expect(0);
        (await fixture.Podman.RunAsync("rm", "--force", "--time", "0", "web")).Expect(0);
    }

    [SkippableFact]
    public async Task A_container_that_Podman_has_made_is_exported_through_its_Docker_API_and_a_plan_of_that_has_nothing_to_do()
    {
        Skip.If(fixture.Missing is not null, fixture.Missing);
        (await CreateAsync("exported", "size=32MB")).Expect(0);
        (await fixture.Podman.RunAsync(
            "create",
            "--name",
            "by-podman",
            "--network",
            "none",
            "-v",
            "exported:/srv/",
            "--tmpfs",
            "/run/:size=1m",
            "-e",
            "A=",
            "-l",
            "team=x",
            "-w",
            "/srv/",
            "--user",
            "0",
            "--stop-timeout",
            "3",
            PodmanEngine.Image,
            "sleep",
            "1000")).Expect(0);
        try
        {
            var exported = (await fixture.Site.HvAsync("export", "--containers", "--environment")).Expect(0).Output;
            var container = JsonNode.Parse(exported)!["docker"]!["containers"]!.AsArray()
                .Single(item => item!["name"]!.GetValue<string>() == "by-podman")!;
            Assert.Equal("""{"volume":"exported","target":"/srv"}""", container["mounts"]![0]!.ToJsonString());
            Assert.Contains("As desired", (await fixture.Site.TestAsync(exported)).Expect(0).Output, StringComparison.Ordinal);
        }
        finally
        {
            _ = await fixture.Podman.RunAsync("rm", "--force", "by-podman");
            _ = await fixture.Podman.RunAsync("volume", "rm", "exported");
        }
    }

    private Task<Ended> CreateAsync(string name, string option) =>
        fixture.Podman.RunAsync("volume", "create", "--driver", fixture.Site.Driver, "-o", option, name);

    private Task<Ended> ShellAsync(string volume, string command) =>
        fixture.Podman.RunAsync("run", "--rm", "-v", volume + ":/volume", PodmanEngine.Image, "sh", "-c", command);
}
