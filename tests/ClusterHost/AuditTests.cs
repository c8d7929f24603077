using System.Text.Json.Nodes;

namespace HedvigStorage.ClusterHost.Tests;

public sealed class AuditTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private InProcessHost _host = null!;

    public async Task InitializeAsync() => _host = await InProcessHost.StartAsync(configure: options => options with { Time = _time });

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    [Fact]
    public async Task A_change_is_kept_with_who_what_from_where_and_the_outcome()
    {
        await _host.Client.OkAsync(
            "AddVirtualDisk", new JsonObject { ["name"] = "data", ["size"] = "16MB", ["unknownSecret"] = "hunter2" });
        await _host.Client.FailAsync("Conflict", "AddVirtualDisk", new JsonObject { ["name"] = "data", ["size"] = "32MB" });
        await _host.Client.OkAsync("ListVolumes");
        var events = await EventsAsync();
        Assert.Equal(2, events.Count);
        var refused = events[0]!;
        Assert.Equal("failure", refused["outcome"]!.GetValue<string>());
        Assert.Contains("not 32", refused["message"]!.GetValue<string>(), StringComparison.Ordinal);
        var made = events[1]!;
        Assert.Equal("AddVirtualDisk", made["type"]!.GetValue<string>());
        Assert.Equal("HedvigAdmin", made["userName"]!.GetValue<string>());
        Assert.Equal("127.0.0.1", made["address"]!.GetValue<string>());
        Assert.Equal("ok", made["outcome"]!.GetValue<string>());
        Assert.Equal("""{"name":"data","size":"16MB"}""", made["parameters"]!.GetValue<string>());
        Assert.Equal(_time.GetUtcNow(), made["at"]!.GetValue<DateTimeOffset>());
        Assert.NotEmpty(made["requestId"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_refusal_for_the_role_is_kept_too()
    {
        await _host.Client.OkAsync(
            "AddUser", new JsonObject { ["userName"] = "ann", ["role"] = "ReadOnly", ["password"] = "not to be seen" });
        using var ann = new RestClient(_host.Address);
        await ann.LoginAsync("ann", "not to be seen");
        await ann.FailAsync("Unauthorized", "DeleteVDisk", new JsonObject { ["virtualDisks"] = new JsonArray("v") });
        var events = await EventsAsync();
        Assert.Equal("ann", events[0]!["userName"]!.GetValue<string>());
        Assert.Equal("failure", events[0]!["outcome"]!.GetValue<string>());
        Assert.DoesNotContain("not to be seen", events.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_inside_an_answer_that_is_ok_is_kept_as_one()
    {
        await _host.Client.OkAsync("AddVirtualDisk", new JsonObject { ["name"] = "data", ["size"] = "16MB", ["diskType"] = "NFS" });
        await _host.Client.CallAsync("Mount", new JsonObject { ["virtualDisk"] = "data", ["targets"] = new JsonArray("nowhere.example") });
        var mount = (await EventsAsync())[0]!;
        Assert.Equal("Mount", mount["type"]!.GetValue<string>());
        Assert.Equal("failure", mount["outcome"]!.GetValue<string>());
        Assert.Contains("nowhere.example", mount["message"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_are_listed_page_by_page_and_by_user_type_and_time()
    {
        for (var index = 0; index < 5; index++)
        {
            await _host.Client.CreateAsync($"v{index}");
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        await _host.Client.DeleteAsync("v0");
        var first = (await _host.Client.OkAsync("ListAuditEvents", new JsonObject { ["pageSize"] = 4 }))!;
        var second = (
            await _host.Client.OkAsync(
                "ListAuditEvents", new JsonObject { ["pageSize"] = 4, ["pageToken"] = first["nextPageToken"]!.GetValue<string>() }))!;
        Assert.Null(second["nextPageToken"]);
        var ids = first["events"]!.AsArray().Concat(second["events"]!.AsArray()).Select(item => item!["id"]!.GetValue<long>()).ToArray();
        Assert.Equal(ids.OrderDescending().Distinct(), ids);
        Assert.Equal(6, ids.Length);
        Assert.Single(await EventsAsync(new JsonObject { ["type"] = "DeleteVDisk" }));
        Assert.Empty(await EventsAsync(new JsonObject { ["userName"] = "nobody" }));
        Assert.Equal(
            2, (await EventsAsync(new JsonObject { ["since"] = (_time.GetUtcNow() - TimeSpan.FromMinutes(1)).ToString("O") })).Count);
        await _host.Client.FailAsync("InvalidArgument", "ListAuditEvents", new JsonObject { ["since"] = "yesterday" });
        await _host.Client.FailAsync("InvalidArgument", "ListAuditEvents", new JsonObject { ["pageToken"] = "x" });
    }

    [Fact]
    public async Task A_change_is_in_the_audit_even_if_the_host_is_killed_at_once()
    {
        using var directory = new TemporaryDirectory();
        await using (var host = await HostProcess.StartAsync(directory["data"]))
        {
            await host.Client.CreateAsync("data");
            await host.KillAsync();
        }

        await using var again = await HostProcess.StartAsync(directory["data"]);
        var item = Assert.Single((await again.Client.OkAsync("ListAuditEvents"))!["events"]!.AsArray());
        Assert.Equal("AddVirtualDisk", item!["type"]!.GetValue<string>());
        Assert.Contains(item["outcome"]!.GetValue<string>(), new[] { "begun", "ok" });
    }

    private async Task<JsonArray> EventsAsync(JsonObject? parameters = null) =>
        (await _host.Client.OkAsync("ListAuditEvents", parameters ?? []))!["events"]!.AsArray();
}
