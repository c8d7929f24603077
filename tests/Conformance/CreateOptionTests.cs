using System.Text.Json;

namespace HedvigStorage.Conformance;

/// <summary>What the options of <c>docker volume create -o</c> do to the containers that use the volume.</summary>
[Collection(EngineCollection.Name)]
public sealed class CreateOptionTests(EngineFixture engine)
{
    [SkippableTheory]
    [InlineData("ext4", "128MB")]
    [InlineData("xfs", "320MB")]
    public async Task A_user_that_is_not_root_writes_a_volume_that_was_made_for_it_and_no_other_does(string fileSystem, string size)
    {
        Skip.If(engine.Missing is not null, engine.Missing);
        await using var site = await Site.StartAsync(engine.DockerHost);
        (
            await site.DockerAsync(
                "volume",
                "create",
                "-d",
                site.Driver,
                "-o",
                $"fs={fileSystem}",
                "-o",
                $"size={size}",
                "-o",
                "uid=1234",
                "-o",
                "gid=5678",
                "-o",
                "mode=0750",
                "theirs")).Expect(0);
        var shown =
            (await AsUserAsync(site, "1234:5678", "theirs", "echo mine > /own/file && stat -c '%a %u %g' /own /own/file && grep ' /own ' "
                + "/proc/mounts")).Expect(0).Output;
        Assert.Contains("750 1234 5678\n", shown, StringComparison.Ordinal);
        Assert.Contains("644 1234 5678\n", shown, StringComparison.Ordinal);
        Assert.Contains($" /own {fileSystem} rw", shown, StringComparison.Ordinal);
        Assert.Contains(
            "Permission denied", (await AsUserAsync(site, "4321:4321", "theirs", "cat /own/file")).Errors, StringComparison.Ordinal);
        Assert.Equal("mine", (await AsUserAsync(site, "4321:5678", "theirs", "cat /own/file")).Expect(0).Output.Trim());
    }

    [SkippableFact]
    public async Task A_volume_that_was_made_for_nobody_in_particular_is_roots()
    {
        Skip.If(engine.Missing is not null, engine.Missing);
        await using var site = await Site.StartAsync(engine.DockerHost);
        (await site.DockerAsync("volume", "create", "-d", site.Driver, "-o", "size=128MB", "roots")).Expect(0);
        Assert.Contains(
            "Permission denied", (await AsUserAsync(site, "1234:5678", "roots", "echo x > /own/file")).Errors, StringComparison.Ordinal);
        Assert.Equal("755 0 0", (await AsUserAsync(site, "0:0", "roots", "stat -c '%a %u %g' /own")).Expect(0).Output.Trim());
    }

    [SkippableFact]
    public async Task A_volume_is_made_from_another_and_from_its_snapshot_and_tells_so()
    {
        Skip.If(engine.Missing is not null, engine.Missing);
        await using var site = await Site.StartAsync(engine.DockerHost);
        using var cluster = site.Cluster();
        (await site.DockerAsync("volume", "create", "-d", site.Driver, "-o", "size=128MB", "source")).Expect(0);
        (await site.ShellAsync("source", "echo first > /own/file", "/own")).Expect(0);
        _ = await cluster.CreateSnapshotAsync("source", "monday", default);
        (await site.ShellAsync("source", "echo second > /own/file", "/own")).Expect(0);
        (await site.DockerAsync("volume", "create", "-d", site.Driver, "-o", "from=source", "now")).Expect(0);
        (
            await site.DockerAsync(
                "volume", "create", "-d", site.Driver, "-o", "from=source", "-o", "snapshot=monday", "-o", "size=256MB", "then")).Expect(0);
        Assert.Equal("second", (await site.ShellAsync("now", "cat /own/file", "/own")).Expect(0).Output.Trim());
        Assert.Equal("first", (await site.ShellAsync("then", "cat /own/file", "/own")).Expect(0).Output.Trim());

        var status = await StatusAsync(site, "source");
        Assert.Equal(
            ("128MB", "ext4", "1", "monday"),
            (Text(status, "size"), Text(status, "fs"), Text(status, "snapshotCount"), Text(status, "snapshots")));
        Assert.Equal("256MB", Text(await StatusAsync(site, "then"), "size"));
        Assert.All(status.EnumerateObject(), property => Assert.Equal(JsonValueKind.String, property.Value.ValueKind));
    }

    [SkippableFact]
    public async Task A_running_container_shows_in_docker_inspect_who_has_its_volume_and_since_when()
    {
        Skip.If(engine.Missing is not null, engine.Missing);
        await using var site = await Site.StartAsync(engine.DockerHost);
        var name = site.Driver + "-holder";
        (
            await site.DockerAsync(
                "run",
                "-d",
                "--name",
                name,
                "--network",
                "none",
                "--volume-driver",
                site.Driver,
                "-v",
                "held:/own",
                TestImages.Busybox,
                "sleep",
                "1000")).Expect(0);
        var status = await StatusAsync(site, "held");
        Assert.Equal("conformance", Text(status, "attachedHost"));
        Assert.InRange(
            DateTimeOffset.Parse(Text(status, "attachedSince"), null),
            DateTimeOffset.UtcNow.AddMinutes(-5),
            DateTimeOffset.UtcNow.AddSeconds(1));
        Assert.Equal("1", Text(status, "generation"));
        Assert.NotEmpty(Text(status, "used"));
        (await site.DockerAsync("rm", "-f", name)).Expect(0);
        await Wait.UntilAsync(
            "the volume is given back", async () => !(await StatusAsync(site, "held")).TryGetProperty("attachedHost", out _));
    }

    [SkippableFact]
    public async Task Help_lists_the_options_and_makes_no_volume()
    {
        Skip.If(engine.Missing is not null, engine.Missing);
        await using var site = await Site.StartAsync(engine.DockerHost);
        var help = (await site.DockerAsync("volume", "create", "-d", site.Driver, "-o", "help", "none")).Expect(1).Errors;
        Assert.All(
            new[] { "size", "policy", "type", "fs", "from", "snapshot", "uid", "gid", "mode", "replicationFactor", "encryption" },
            option => Assert.Contains($"\n  {option} ", help, StringComparison.Ordinal));
        Assert.DoesNotContain(
            "none",
            (await site.DockerAsync("volume", "ls", "-q")).Expect(0).Output.Split('\n').Select(line => line.Trim()),
            StringComparer.Ordinal);
    }

    private static Task<Ended> AsUserAsync(Site site, string user, string volume, string command) => site.DockerAsync(
        "run",
        "--rm",
        "--network",
        "none",
        "--user",
        user,
        "--volume-driver",
        site.Driver,
        "-v",
        $"{volume}:/own",
        TestImages.Busybox,
        "sh",
        "-c",
        command);

    private static async Task<JsonElement> StatusAsync(Site site, string volume)
    {
        using var document = JsonDocument.Parse((await site.DockerAsync("volume", "inspect", volume)).Expect(0).Output);
        return document.RootElement[0].GetProperty("Status").Clone();
    }

    private static string Text(JsonElement status, string name) => status.GetProperty(name).GetString()!;
}
