using System.Threading.Tasks;
using HedvigStorage.Conformance.Parts;

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
        Assert.Equal("999 998 750\n", (await site.DockerAsync("exec", site.Driver + "-owner", "stat", "-c", "%u %g %a", "/data")).Expect(0).Output);
        (await site.TestAsync(document)).Expect(0);
    }
}
