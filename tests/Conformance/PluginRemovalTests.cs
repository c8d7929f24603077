namespace HedvigStorage.Conformance;

/// <summary>The removal of a plugin host that runs as a process.</summary>
[Collection(EngineCollection.Name)]
public sealed class PluginRemovalTests(EngineFixture engine)
{
    [SkippableFact]
    public async Task It_is_refused_while_volumes_are_mounted_and_names_them_and_their_containers()
    {
        Skip.If(engine.Missing is not null, engine.Missing);
        await using var site = await Site.StartAsync(engine.DockerHost);
        var container = site.Driver + "-user";
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
                $"{site.Driver}-held:/volume",
                TestImages.Busybox,
                "sleep",
                "1000")).Expect(0);

        var refused = (await site.HvAsync("plugin", "uninstall", "--name", site.Driver)).Expect(1);

        Assert.Contains($"{site.Driver}-held (by the container {container})", refused.Errors, StringComparison.Ordinal);
        (await site.HvAsync("plugin", "status", "--name", site.Driver)).Expect(0);
        (await site.DockerAsync("rm", "-f", container)).Expect(0);
        (await site.DockerAsync("volume", "rm", site.Driver + "-held")).Expect(0);
        (await site.HvAsync("plugin", "uninstall", "--name", site.Driver)).Expect(0);
        (await site.HvAsync("plugin", "status", "--name", site.Driver)).Expect(1);
    }
}
