using System.Net.Http;

namespace HedvigStorage.Conformance;

/// <summary>What moby's own tests ask of a volume driver when volumes are made, shown and removed, asked of the real plugin host.</summary>
[Collection(EngineCollection.Name)]
public sealed class DriverVolumeTests(EngineFixture engine)
{
    [SkippableFact]
    public async Task A_name_that_another_driver_has_is_refused_in_both_directions()
    {
        await using var site = await StartAsync();
        (await site.DockerAsync("volume", "create", "-d", site.Driver, "ours")).Expect(0);
        Assert.Contains(
            "must be unique",
            (await site.DockerAsync("volume", "create", "-d", "local", "ours")).Expect(1).Errors,
            StringComparison.Ordinal);
        var local = site.Driver + "-local";
        (await site.DockerAsync("volume", "create", "-d", "local", local)).Expect(0);
        try
        {
            Assert.Contains(
                "must be unique",
                (await site.DockerAsync("volume", "create", "-d", site.Driver, local)).Expect(1).Errors,
                StringComparison.Ordinal);
            Assert.Empty(site.Calls.Of("Create", local));
        }
        finally
        {
            (await site.DockerAsync("volume", "rm", local)).Expect(0);
        }

        Assert.Equal(site.Driver, (await site.DockerAsync("volume", "inspect", "-f", "{{.Driver}}", "ours")).Expect(0).Output.Trim());
    }

    [SkippableFact]
    public async Task A_container_shows_the_driver_and_the_name_of_its_volume()
    {
        await using var site = await StartAsync();
        var name = site.Driver + "-shown";
        (
            await site.DockerAsync(
                "create",
                "--name",
                name,
                "--network",
                "none",
                "--volume-driver",
                site.Driver,
                "-v",
                "shown:/data",
                TestImages.Busybox,
                "true")).Expect(0);
        Assert.Equal(
            $"volume {site.Driver} shown /data",
            (await site.DockerAsync("inspect", "-f", "{{range .Mounts}}{{.Type}} {{.Driver}} {{.Name}} {{.Destination}}{{end}}", name))
                .Expect(0).Output.Trim());
    }

    [SkippableTheory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{ "Name": "" }""")]
    public async Task A_call_without_a_name_is_one_clear_error_and_changes_nothing(string body)
    {
        await using var site = await StartAsync();
        foreach (var call in new[] { "Create", "Mount", "Unmount", "Remove", "Get", "Path" })
        {
            if (call is "Get" && body.Length == 0)
            {
                // An engine's repetition of a lost Get: any answer would be taken for "no such volume".
                _ = await Assert.ThrowsAsync<HttpRequestException>(() => site.Calls.AskAsync(call, body));
                continue;
            }

            var answered = await site.Calls.AskAsync(call, body);
            Assert.Equal(500, answered.Status);
            Assert.NotEmpty(answered.Error);
            Assert.DoesNotContain("   at ", answered.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("unexpected", answered.Error, StringComparison.Ordinal);
        }

        Assert.Contains("\"Volumes\":[]", (await site.Calls.AskAsync("List", "{}")).Answer, StringComparison.Ordinal);
        Assert.Empty(site.Mounts());
    }

    [SkippableFact]
    public async Task An_engine_asks_for_the_capabilities_once_however_many_volumes_it_makes()
    {
        await using var site = await StartAsync();
        foreach (var name in new[] { "first", "second", "third" })
        {
            (await site.DockerAsync("volume", "create", "-d", site.Driver, name)).Expect(0);
            Assert.Single(site.Calls.Of("Create", name));
        }

        Assert.All(site.Calls.PerEngine("Capabilities"), count => Assert.Equal(1, count));
        Assert.All(site.Calls.PerEngine("Activate"), count => Assert.Equal(1, count));
        Assert.NotEmpty(site.Calls.PerEngine("Capabilities"));
    }

    [SkippableFact]
    public async Task A_volume_that_was_removed_in_the_cluster_can_be_made_again_otherwise()
    {
        await using var site = await StartAsync();
        using var cluster = site.Cluster();
        var name = site.Driver + "-gone";
        (await site.DockerAsync("volume", "create", "-d", site.Driver, "-o", "size=64MB", name)).Expect(0);
        await cluster.DeleteVolumeAsync(name, CancellationToken.None);
        (await site.DockerAsync("volume", "create", "-d", site.Driver, "-o", "size=128MB", name)).Expect(0);
        Assert.Equal("128MB", (await site.DockerAsync("volume", "inspect", "-f", "{{.Status.size}}", name)).Expect(0).Output.Trim());

        await cluster.DeleteVolumeAsync(name, CancellationToken.None);
        (await site.DockerAsync("volume", "create", "-d", "local", name)).Expect(0);
        try
        {
            Assert.Equal("local", (await site.DockerAsync("volume", "inspect", "-f", "{{.Driver}}", name)).Expect(0).Output.Trim());
            Assert.Null(await cluster.FindVolumeAsync(name, CancellationToken.None));
        }
        finally
        {
            (await site.DockerAsync("volume", "rm", name)).Expect(0);
        }
    }

    private Task<Site> StartAsync()
    {
        Skip.If(engine.Missing is not null, engine.Missing);
        return Site.StartRecordedAsync(engine.DockerHost);
    }
}
