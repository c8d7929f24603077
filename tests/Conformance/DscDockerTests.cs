using System.Text.Json.Nodes;
using HedvigStorage.Conformance.Dsc;

namespace HedvigStorage.Conformance;

/// <summary>The resources of a Docker Engine, run through their manifests as DSC runs them.</summary>
[Collection(EngineCollection.Name)]
public sealed class DscDockerTests(EngineFixture engine)
{
    [SkippableFact]
    public async Task The_plugin_and_a_container_on_a_volume_are_made_changed_and_removed()
    {
        Skip.If(engine.Missing is not null, engine.Missing);
        await using var site = await Site.StartClusterAsync(engine.DockerHost);
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["HV_CLUSTER"] = (await File.ReadAllTextAsync(Path.Combine(site.ClusterData, "last-address"))).Trim(),
            ["HV_CREDENTIAL_FILE"] = Path.Combine(site.ClusterData, "credential.json"),
            ["DOCKER_HOST"] = engine.DockerHost,
        };

        var plugin = DscManifest.Load("HedvigStorage/DockerPlugin", environment);
        var instance = $$"""{ "name": "{{site.Driver}}" }""";
        Assert.False((await plugin.InvokeAsync("get", instance))[0]["_exist"]!.GetValue<bool>());
        Assert.Contains("_exist", Differences(await plugin.InvokeAsync("whatIf", instance)));
        Assert.False((await plugin.InvokeAsync("get", instance))[0]["_exist"]!.GetValue<bool>());
        Assert.Contains("_exist", Differences(await plugin.InvokeAsync("set", instance)));
        Assert.True((await plugin.InvokeAsync("test", instance))[0]["_inDesiredState"]!.GetValue<bool>());
        Assert.Equal(site.Driver, Assert.Single(await plugin.InvokeAsync("export", instance))["name"]!.GetValue<string>());

        _ = await DscManifest.Load("HedvigStorage/Volume", environment).InvokeAsync("set", """{ "name": "data", "size": "64MB" }""");
        await UseContainerAsync(environment, site.Driver);

        // An engine that remembers a volume of a driver that is gone looks for that driver for 15 s whenever the name comes up again.
        _ = await site.DockerAsync("volume", "rm", "-f", "data");
        Assert.Empty(await plugin.InvokeAsync("delete", instance));
        Assert.False((await plugin.InvokeAsync("get", instance))[0]["_exist"]!.GetValue<bool>());
    }

    private static async Task UseContainerAsync(Dictionary<string, string> environment, string driver)
    {
        var container = DscManifest.Load("HedvigStorage/Container", environment);
        var name = $"{driver}-db";
        var instance = JsonNode.Parse($$"""
            { "name": "{{name}}", "image": "{{TestImages.Busybox}}", "command": [ "sleep", "1000" ], "network": "none", "driver": "{{driver}}",
              "mounts": [ { "volume": "data", "target": "/data" } ], "environment": { "PASSWORD": "hunter2" } }
            """)!;
        Assert.False((await container.InvokeAsync("get", instance.ToJsonString()))[0]["_exist"]!.GetValue<bool>());
        Assert.Contains("_exist", Differences(await container.InvokeAsync("whatIf", instance.ToJsonString())));
        Assert.False((await container.InvokeAsync("get", instance.ToJsonString()))[0]["_exist"]!.GetValue<bool>());
        var set = await container.InvokeAsync("set", instance.ToJsonString());
        Assert.Contains("_exist", Differences(set));
        Assert.Equal("Running", set[0]["state"]!.GetValue<string>());
        Assert.DoesNotContain("hunter2", set[0].ToJsonString(), StringComparison.Ordinal);
        var test = await container.InvokeAsync("test", instance.ToJsonString());
        Assert.True(test[0]["_inDesiredState"]!.GetValue<bool>(), test[1].ToJsonString());

        instance["state"] = "Stopped";
        Assert.Equal(["state"], Differences(await container.InvokeAsync("set", instance.ToJsonString())));
        Assert.Equal("Stopped", (await container.InvokeAsync("get", instance.ToJsonString()))[0]["state"]!.GetValue<string>());
        Assert.Equal(
            name, Assert.Single(await container.InvokeAsync("export", $$"""{ "name": "{{driver}}-*" }"""))["name"]!.GetValue<string>());
        Assert.Empty(await container.InvokeAsync("delete", instance.ToJsonString()));
        Assert.Empty(await container.InvokeAsync("delete", instance.ToJsonString()));
        Assert.False((await container.InvokeAsync("get", instance.ToJsonString()))[0]["_exist"]!.GetValue<bool>());
    }

    private static string[] Differences(IReadOnlyList<JsonNode> lines) =>
        lines[1].AsArray().Select(name => name!.GetValue<string>()).ToArray();
}
