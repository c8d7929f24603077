namespace HedvigStorage.Conformance;

/// <summary>The owner and the mode that a volume asks for, where the image has the folder that it is mounted at.</summary>
[Collection(EngineCollection.Name)]
public sealed class VolumeOwnerTests(EngineFixture engine)
{
    [SkippableFact]
    public async Task The_container_of_a_document_finds_the_owner_and_the_mode_that_the_volume_asks_for()
    {
        Skip.If(engine.Missing is not null, engine.Missing);
        await using var site = await Site.StartAsync(engine.DockerHost);
        var document = $$"""
            {
              "name": "DRIVER",
              "volumes": [ { "name": "DRIVER-owned", "size": "64MB", "uid": 999, "gid": 998, "mode": "0750" } ],
              "docker": {
                "plugin": { "name": "DRIVER", "host": "conformance", "stateDirectory": "{{site.Folder}}/state", "mountRoot": "{{site.MountRoot}}" },
                "containers": [ { "name": "DRIVER-owner", "image": "{{TestImages.Busybox}}", "command": ["sleep", "1000"], "network": "none", "mounts": [ { "volume": "DRIVER-owned", "target": "/data" } ] } ]
              }
            }
            """;
        (await site.ApplyAsync(document)).Expect(0);
        Assert.Equal(
            "999 998 750\n", (await site.DockerAsync("exec", site.Driver + "-owner", "stat", "-c", "%u %g %a", "/data")).Expect(0).Output);
        (await site.TestAsync(document)).Expect(0);

        // What is mounted counts, not what was asked for when the volume was made.
        (await site.DockerAsync("exec", site.Driver + "-owner", "sh", "-c", "echo kept > /data/file; chown 70:70 /data; chmod 1777 /data"))
            .Expect(0);
        Assert.Contains("70:70 1777", (await site.TestAsync(document)).Expect(2).Output, StringComparison.Ordinal);
        Assert.Contains("would be interrupted", (await site.ApplyAsync(document)).Expect(1).Errors, StringComparison.Ordinal);
        (await site.ApplyAsync(document, "--allow-replace")).Expect(0);
        Assert.Equal(
            "999 998 750\n", (await site.DockerAsync("exec", site.Driver + "-owner", "stat", "-c", "%u %g %a", "/data")).Expect(0).Output);
        Assert.Equal("kept\n", (await site.DockerAsync("exec", site.Driver + "-owner", "cat", "/data/file")).Expect(0).Output);
        (await site.TestAsync(document)).Expect(0);
    }

    [SkippableFact]
    public async Task A_container_that_sets_the_owner_itself_is_told_of_and_keeps_running()
    {
        Skip.If(engine.Missing is not null, engine.Missing);
        await using var site = await Site.StartAsync(engine.DockerHost);
        var document = $$"""
            {
              "name": "DRIVER",
              "volumes": [ { "name": "DRIVER-own", "size": "64MB", "uid": 999 } ],
              "docker": {
                "plugin": { "name": "DRIVER", "host": "conformance", "stateDirectory": "{{site.Folder}}/state", "mountRoot": "{{site.MountRoot}}" },
                "containers": [ { "name": "DRIVER-own", "image": "{{TestImages.Busybox}}", "command": ["sh", "-c", "chown 70 /data; touch /ready/yes; sleep 1000"], "network": "none", "tmpfs": { "/ready": "" },
                                  "health": { "test": ["CMD", "test", "-e", "/ready/yes"], "interval": "100ms" }, "waitHealthy": "60s", "mounts": [ { "volume": "DRIVER-own", "target": "/data" } ] } ]
              }
            }
            """;
        (await site.ApplyAsync(document)).Expect(0);
        Assert.Contains("70:0 0755", (await site.TestAsync(document)).Expect(2).Output, StringComparison.Ordinal);
        Assert.Contains(
            "sets the owner of /data itself, to 70:0 0755",
            (await site.ApplyAsync(document, "--allow-replace")).Expect(1).Errors,
            StringComparison.Ordinal);
        Assert.Equal("true\n", (await site.DockerAsync("inspect", "-f", "{{.State.Running}}", site.Driver + "-own")).Expect(0).Output);
    }
}
