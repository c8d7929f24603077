namespace HedvigStorage.Conformance;

/// <summary>A driver that is not there, for a while or for good, does not stop the rest.</summary>
[Collection(EngineCollection.Name)]
public sealed class DriverOutageTests(EngineFixture engine)
{
    [SkippableFact]
    public async Task While_the_engine_looks_for_a_missing_driver_volumes_of_this_one_are_made_and_used()
    {
        Skip.If(engine.Missing is not null, engine.Missing);
        await using var site = await Site.StartAsync(engine.DockerHost);
        var missing = site.DockerAsync("volume", "create", "-d", site.Driver + "-missing", "never");
        (await site.ShellAsync("beside", "echo in > /data/file")).Expect(0);
        Assert.Contains(site.Driver + "-missing", (await missing).Expect(1).Errors, StringComparison.Ordinal);
        Assert.Equal("in\n", (await site.ShellAsync("beside", "cat /data/file")).Expect(0).Output);
    }

    [SkippableFact]
    public async Task A_container_starts_when_its_plugin_host_appears_two_seconds_late()
    {
        Skip.If(engine.Missing is not null, engine.Missing);
        await using var site = await Site.StartClusterAsync(engine.DockerHost);
        var run = site.ShellAsync("late", "echo in > /volume/file", "/volume");

        // The scenario itself: the engine looks at 0, 1, 3 and 7 seconds.
        await Task.Delay(TimeSpan.FromSeconds(2));
        Assert.False(run.IsCompleted);
        await site.StartRecordedPluginAsync();
        (await run).Expect(0);
        Assert.Equal((1, 0, 1, 1), site.Calls.Count("late"));
    }
}
