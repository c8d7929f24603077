using System.Text.Json.Nodes;

namespace HedvigStorage.ClusterHost.Tests;

public sealed class PolicyRequestTests : IAsyncLifetime
{
    private InProcessHost _host = null!;

    private RestClient Client => _host.Client;

    public async Task InitializeAsync() => _host = await InProcessHost.StartAsync();

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    [Fact]
    public async Task A_volumes_own_attributes_go_over_those_of_its_policy()
    {
        await Client.OkAsync("AddPolicy", Gold());
        var made = await Client.OkAsync(
            "AddVirtualDisk", new JsonObject { ["name"] = "v", ["size"] = "16MB", ["policy"] = "gold", ["replicationFactor"] = 2 });
        var requested = made![0]!["volume"]!["requested"]!;
        Assert.Equal(2, requested["replicationFactor"]!.GetValue<int>());
        Assert.Equal("RackAware", requested["replicationPolicy"]!.GetValue<string>());
        Assert.True(requested["compressed"]!.GetValue<bool>());
        var effective = made[0]!["volume"]!["effective"]!;
        Assert.Equal(1, effective["replicationFactor"]!.GetValue<int>());
        Assert.False(effective["compressed"]!.GetValue<bool>());
        Assert.Null(effective["cacheEnabled"]);
    }

    [Fact]
    public async Task Changing_a_policy_changes_its_volumes()
    {
        await Client.OkAsync("AddPolicy", Gold());
        await Client.OkAsync("AddVirtualDisk", new JsonObject { ["name"] = "v", ["size"] = "16MB", ["policy"] = "gold" });
        await Client.OkAsync("UpdatePolicy", new JsonObject { ["name"] = "gold", ["replicationFactor"] = 5 });
        var volume = Assert.Single(await Client.ListVolumesAsync())!;
        Assert.Equal(5, volume["requested"]!["replicationFactor"]!.GetValue<int>());
        Assert.Equal("RackAware", volume["requested"]!["replicationPolicy"]!.GetValue<string>());
        await Client.OkAsync("UpdateVolume", new JsonObject { ["virtualDisk"] = "v", ["policy"] = string.Empty });
        Assert.Null(Assert.Single(await Client.ListVolumesAsync())!["policy"]);
    }

    [Fact]
    public async Task The_same_policy_again_succeeds_and_another_under_its_name_is_a_conflict()
    {
        await Client.OkAsync("AddPolicy", Gold());
        await Client.OkAsync("AddPolicy", Gold());
        var message = await Client.FailAsync("Conflict", "AddPolicy", new JsonObject { ["name"] = "gold", ["replicationFactor"] = 1 });
        Assert.Contains("replicationFactor=3", message, StringComparison.Ordinal);
        Assert.Contains("replicationFactor=1", message, StringComparison.Ordinal);
        Assert.Single((await Client.OkAsync("ListPolicies"))!["policies"]!.AsArray());
    }

    [Fact]
    public async Task A_policy_in_use_is_not_removed_and_the_refusal_names_five_volumes_and_the_count()
    {
        await Client.OkAsync("AddPolicy", Gold());
        foreach (var index in Enumerable.Range(1, 6))
        {
            await Client.OkAsync("AddVirtualDisk", new JsonObject { ["name"] = $"v{index}", ["size"] = "16MB", ["policy"] = "gold" });
        }

        var message = await Client.FailAsync("Busy", "DeletePolicy", new JsonObject { ["name"] = "gold" });
        Assert.Contains("6 volumes", message, StringComparison.Ordinal);
        Assert.Contains("'v5' and more", message, StringComparison.Ordinal);
        Assert.DoesNotContain("'v6'", message, StringComparison.Ordinal);
        foreach (var index in Enumerable.Range(1, 6))
        {
            await Client.DeleteAsync($"v{index}");
        }

        await Client.OkAsync("DeletePolicy", new JsonObject { ["name"] = "gold" });
        Assert.EndsWith(
            "couldn't be found",
            await Client.FailAsync("NotFound", "DeletePolicy", new JsonObject { ["name"] = "gold" }),
            StringComparison.Ordinal);
    }

    private static JsonObject Gold() =>
        new() { ["name"] = "gold", ["replicationFactor"] = 3, ["replicationPolicy"] = "rackaware", ["compressed"] = true };
}
