namespace HedvigStorage.Conformance;

/// <summary>What a container writes is there for the next one, whatever happens in between.</summary>
[Collection(EngineCollection.Name)]
public sealed class ContainerDataTests(EngineFixture engine)
{
    [SkippableFact]
    public async Task A_second_container_reads_what_the_first_wrote_though_the_plugin_host_was_killed_in_between()
    {
        Skip.If(engine.Missing is not null, engine.Missing);
        await using var site = await Site.StartAsync(engine.DockerHost);
        (await site.DockerAsync("volume", "create", "-d", site.Driver, "-o", "size=128MB", "keep")).Expect(0);
        var written = (await site.ShellAsync("keep", "head -c 5000000 /dev/urandom > /data/bytes; sha256sum < /data/bytes"))
            .Expect(0).Output;
        await site.KillPluginAsync();
        await site.StartPluginAsync();
        Assert.Equal(written, (await site.ShellAsync("keep", "sha256sum < /data/bytes")).Expect(0).Output);
        (await site.DockerAsync("volume", "rm", "keep")).Expect(0);
    }

    [SkippableFact]
    public async Task A_running_container_keeps_its_volume_while_the_plugin_host_is_killed_and_started()
    {
        Skip.If(engine.Missing is not null, engine.Missing);
        await using var site = await Site.StartAsync(engine.DockerHost);
        var name = site.Driver + "-writer";
        (await site.DockerAsync(
            "run", "-d", "--name", name, "--network", "none", "--volume-driver", site.Driver, "-v", "live:/data", TestImages.Busybox,
            "sh",
            "-c",
            "trap 'exit 0' TERM; i=0; while :; do i=$((i+1)); echo $i > /data/count || exit 1; sync; sleep 0.01; done")).Expect(0);
        await site.KillPluginAsync();
        await site.StartPluginAsync();
        (await site.DockerAsync("stop", name)).Expect(0);
        Assert.Equal("0", (await site.DockerAsync("inspect", "-f", "{{.State.ExitCode}}", name)).Expect(0).Output.Trim());
        await Wait.UntilAsync("the volume is unmounted", () => Task.FromResult(site.Mounts().Count == 0));
        Assert.True(int.Parse((await site.ShellAsync("live", "cat /data/count")).Expect(0).Output.Trim(), null) > 0);
        (await site.DockerAsync("rm", name)).Expect(0);
    }

    [SkippableFact]
    public async Task A_64MB_volume_refuses_the_65th_megabyte_with_ENOSPC()
    {
        Skip.If(engine.Missing is not null, engine.Missing);
        await using var site = await Site.StartAsync(engine.DockerHost);
        (await site.DockerAsync("volume", "create", "-d", site.Driver, "-o", "size=64MB", "small")).Expect(0);
        var ended = await site.ShellAsync("small", "dd if=/dev/zero of=/data/fill bs=1M count=65; echo status $?; stat -c %s /data/fill");
        Assert.Contains("No space left on device", ended.Errors, StringComparison.Ordinal);
        Assert.Contains("status 1", ended.Output, StringComparison.Ordinal);
        Assert.InRange(long.Parse(ended.Expect(0).Output.Trim().Split('\n').Last(), null), 40L << 20, 64L << 20);
    }

    [SkippableFact]
    public async Task A_copy_out_of_a_running_container_leaves_its_volume_mounted()
    {
        Skip.If(engine.Missing is not null, engine.Missing);
        await using var site = await Site.StartAsync(engine.DockerHost);
        var name = site.Driver + "-copied";
        (await site.DockerAsync(
            "run", "-d", "--name", name, "--network", "none", "--volume-driver", site.Driver, "-v", "copied:/data", TestImages.Busybox,
            "sh", "-c", "trap 'exit 0' TERM; echo inside > /data/file; sleep 1000 & wait")).Expect(0);
        var target = Path.Combine(site.Folder, "copy");
        await Wait.UntilAsync(
            "the file is copied out", async () => (await site.DockerAsync("cp", $"{name}:/data/file", target)).Status == 0);
        Assert.Equal("inside\n", await File.ReadAllTextAsync(target));
        Assert.Single(site.Mounts());
        (await site.DockerAsync("exec", name, "sh", "-c", "echo still > /data/other && sync")).Expect(0);
        (await site.DockerAsync("stop", name)).Expect(0);
        await Wait.UntilAsync("the volume is unmounted", () => Task.FromResult(site.Mounts().Count == 0));
        Assert.Equal("still", (await site.ShellAsync("copied", "cat /data/other")).Expect(0).Output.Trim());
        (await site.DockerAsync("rm", name)).Expect(0);
    }
}
