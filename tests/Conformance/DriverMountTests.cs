namespace HedvigStorage.Conformance;

/// <summary>
/// What moby's own tests ask of a volume driver when containers come and go, asked of the real plugin host and counted on the wire.
/// </summary>
[Collection(EngineCollection.Name)]
public sealed class DriverMountTests(EngineFixture engine)
{
    [SkippableFact]
    public async Task A_named_volume_is_made_mounted_unmounted_and_removed_once()
    {
        await using var site = await StartAsync();
        (await site.ShellAsync("named", "echo in > /volume/file", "/volume")).Expect(0);
        Assert.Equal((1, 0, 1, 1), site.Calls.Count("named"));
        Assert.Empty(site.Mounts());
        (await site.DockerAsync("volume", "rm", "named")).Expect(0);
        Assert.Equal((1, 1, 1, 1), site.Calls.Count("named"));
        Assert.All(site.Calls.PerEngine("Activate"), count => Assert.Equal(1, count));
        AssertNoError(site);
    }

    [SkippableFact]
    public async Task An_unnamed_volume_goes_with_its_container()
    {
        await using var site = await StartAsync();
        (
            await site.DockerAsync(
                "run",
                "--rm",
                "--network",
                "none",
                "--volume-driver",
                site.Driver,
                "-v",
                "/volume",
                TestImages.Busybox,
                "sh",
                "-c",
                "echo in > /volume/file")).Expect(0);
        var name = Assert.Single(site.Calls.All, call => call.Call == "Create").Volume;
        Assert.Matches("^[0-9a-f]{64}$", name);
        await Wait.UntilAsync("the volume is removed", () => Task.FromResult(site.Calls.Of("Remove", name).Count > 0));
        Assert.Equal((1, 1, 1, 1), site.Calls.Count(name));
        await AssertNothingLeftAsync(site);
    }

    [SkippableFact]
    public async Task Two_containers_share_a_volume_by_volumes_from()
    {
        await using var site = await StartAsync();
        var (first, second) = (site.Driver + "-first", site.Driver + "-second");
        (
            await site.DockerAsync(
                "run",
                "--name",
                first,
                "--network",
                "none",
                "--volume-driver",
                site.Driver,
                "-v",
                "/volume",
                TestImages.Busybox,
                "sh",
                "-c",
                "echo shared > /volume/file")).Expect(0);
        var read =
            (
                await site.DockerAsync(
                    "run",
                    "--rm",
                    "--name",
                    second,
                    "--network",
                    "none",
                    "--volumes-from",
                    first,
                    TestImages.Busybox,
                    "cat",
                    "/volume/file")).Expect(0);
        Assert.Equal("shared\n", read.Output);
        var name = Assert.Single(site.Calls.All, call => call.Call == "Create").Volume;
        await Wait.UntilAsync("the second use has ended", () => Task.FromResult(site.Calls.Of("Unmount", name).Count == 2));
        (await site.DockerAsync("rm", "-fv", first)).Expect(0);
        Assert.Equal((1, 1, 2, 2), site.Calls.Count(name));
        Assert.Equal(2, site.Calls.Of("Mount", name).Select(call => call.Id).Distinct(StringComparer.Ordinal).Count());
        await AssertNothingLeftAsync(site);
    }

    [SkippableFact]
    public async Task A_running_container_that_is_removed_with_its_volumes_leaves_nothing()
    {
        await using var site = await StartAsync();
        var container = site.Driver + "-removed";
        (
            await site.DockerAsync(
                "run",
                "-d",
                "--name",
                container,
                "--network",
                "none",
                "--volume-driver",
                site.Driver,
                "-v",
                "/volume",
                TestImages.Busybox,
                "sleep",
                "1000")).Expect(0);
        var name = Assert.Single(site.Calls.All, call => call.Call == "Create").Volume;
        Assert.Equal((1, 0, 1, 0), site.Calls.Count(name));
        (await site.DockerAsync("rm", "-fv", container)).Expect(0);
        Assert.Equal((1, 1, 1, 1), site.Calls.Count(name));
        await AssertNothingLeftAsync(site);
    }

    [SkippableFact]
    public async Task A_mount_and_its_unmount_carry_the_same_id_and_the_answer_is_the_mountpoint()
    {
        await using var site = await StartAsync();
        (await site.ShellAsync("marked", "true", "/volume")).Expect(0);
        var mount = Assert.Single(site.Calls.Of("Mount", "marked"));
        Assert.NotEmpty(mount.Id);
        Assert.Equal(Path.Combine(site.MountRoot, "marked"), mount.Mountpoint);
        Assert.Equal(mount.Id, Assert.Single(site.Calls.Of("Unmount", "marked")).Id);
    }

    [SkippableFact]
    public async Task A_mount_that_fails_is_not_unmounted_and_leaves_nothing()
    {
        await using var site = await StartAsync();
        using var cluster = site.Cluster();
        (await site.DockerAsync("volume", "create", "-d", site.Driver, "-o", "size=64MB", "foreign")).Expect(0);
        var image = Directory.EnumerateFiles(Path.Combine(site.Folder, ".hedvig/cluster"), "*.img", SearchOption.AllDirectories)
            .Single(file => new FileInfo(file).Length == 64L << 20);
        await using (var stream = File.OpenWrite(image))
        {
            stream.Position = 100_000;
            await stream.WriteAsync("someone else's data"u8.ToArray());
        }

        var before = await File.ReadAllBytesAsync(image);
        var container = site.Driver + "-failed";
        var ended = await site.DockerAsync(
            "run",
            "--name",
            container,
            "--network",
            "none",
            "--volume-driver",
            site.Driver,
            "-v",
            "foreign:/volume",
            TestImages.Busybox,
            "true");
        Assert.NotEqual(0, ended.Status);
        Assert.Contains("holds neither ext4 nor XFS and is not blank (first data at byte 100000)", ended.Errors, StringComparison.Ordinal);
        Assert.NotEmpty(Assert.Single(site.Calls.Of("Mount", "foreign")).Error);
        Assert.Empty(site.Calls.Of("Unmount", "foreign"));
        Assert.Equal(before, await File.ReadAllBytesAsync(image));
        Assert.Null((await cluster.FindVolumeAsync("foreign", CancellationToken.None))!.Attachment);
        (await site.DockerAsync("rm", container)).Expect(0);
        (await site.DockerAsync("volume", "rm", "foreign")).Expect(0);
        await AssertNothingLeftAsync(site);
    }

    [SkippableFact]
    public async Task A_copy_out_of_a_running_container_is_a_second_use_of_the_same_id_and_the_container_writes_on()
    {
        await using var site = await StartAsync();
        var container = site.Driver + "-copied";
        (await site.DockerAsync(
            "run", "-d", "--name", container, "--network", "none", "--volume-driver", site.Driver, "-v", "copied:/volume",
            TestImages.Busybox,
            "sh", "-c", "echo inside > /volume/file; sync; sleep 1000")).Expect(0);
        await Wait.UntilAsync(
            "the file is written", async () => (await site.DockerAsync("exec", container, "cat", "/volume/file")).Output == "inside\n");
        Assert.Equal((1, 0, 1, 0), site.Calls.Count("copied"));

        (await site.DockerAsync("cp", container + ":/volume/file", Path.Combine(site.Folder, "copy"))).Expect(0);
        await Wait.UntilAsync("the copy's use has ended", () => Task.FromResult(site.Calls.Of("Unmount", "copied").Count > 0));
        Assert.Equal((1, 0, 2, 1), site.Calls.Count("copied"));
        Assert.Single(site.Calls.Of("Mount", "copied").Select(call => call.Id).Distinct(StringComparer.Ordinal));
        Assert.Single(site.Mounts());
        (await site.DockerAsync("exec", container, "sh", "-c", "echo still > /volume/other && sync")).Expect(0);

        (await site.DockerAsync("rm", "-f", container)).Expect(0);
        Assert.Equal((1, 0, 2, 2), site.Calls.Count("copied"));
        Assert.Equal("still\n", (await site.ShellAsync("copied", "cat /volume/other", "/volume")).Expect(0).Output);
        (await site.DockerAsync("volume", "rm", "copied")).Expect(0);
        AssertNoError(site);
        await AssertNothingLeftAsync(site);
    }

    [SkippableFact]
    public async Task An_id_that_mounts_twice_has_two_uses()
    {
        await using var site = await StartAsync();
        (await site.DockerAsync("volume", "create", "-d", site.Driver, "twice")).Expect(0);
        const string Use = """{ "Name": "twice", "ID": "the-same" }""";
        var first = await site.Calls.AskAsync("Mount", Use);
        var second = await site.Calls.AskAsync("Mount", Use);
        Assert.Equal((Path.Combine(site.MountRoot, "twice"), first.Mountpoint), (first.Mountpoint, second.Mountpoint));
        Assert.Empty((await site.Calls.AskAsync("Unmount", Use)).Error);
        Assert.Single(site.Mounts());
        Assert.Empty((await site.Calls.AskAsync("Unmount", Use)).Error);
        Assert.Empty(site.Mounts());
        (await site.DockerAsync("volume", "rm", "twice")).Expect(0);
    }

    private static void AssertNoError(Site site) =>
        Assert.DoesNotContain(
            site.Calls.All,
            call => call.Call is "Create" or "Mount" or "Unmount" or "Remove" && (call.Status != 200 || call.Error.Length > 0));

    private static async Task AssertNothingLeftAsync(Site site)
    {
        Assert.Empty(site.Mounts());
        Assert.DoesNotContain(
            site.Folder, (await Programs.RunAsync("losetup", "/", environment: null, "-a")).Output, StringComparison.Ordinal);
        Assert.Contains("\"Volumes\":[]", (await site.Calls.AskAsync("List", "{}")).Answer, StringComparison.Ordinal);
    }

    private Task<Site> StartAsync()
    {
        Skip.If(engine.Missing is not null, engine.Missing);
        return Site.StartRecordedAsync(engine.DockerHost);
    }
}
