using System.Text.Json.Nodes;

namespace HedvigStorage.ClusterHost.Tests;

/// <summary>The texts as Hedvig's Terraform provider and Cinder driver write them, and what each reads of the answers.</summary>
public sealed class AccessWireTests : IAsyncLifetime
{
    private const string Iqn = "iqn.1993-08.org.debian:01:web1";
    private InProcessHost _host = null!;

    private RestClient Client => _host.Client;

    public async Task InitializeAsync()
    {
        _host = await InProcessHost.StartAsync();
        await Client.OkAsync("AddTarget", new JsonObject { ["name"] = "proxy1.example.com", ["protocol"] = "block" });
        await Client.OkAsync("AddTarget", new JsonObject { ["name"] = "nas1.example.com", ["protocol"] = "nfs" });
        await Client.CreateAsync("disk", "1GB");
        await Client.OkAsync("AddVirtualDisk", new JsonObject { ["name"] = "share", ["size"] = "1GB", ["diskType"] = "NFS" });
    }

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    [Fact]
    public async Task Terraforms_lun()
    {
        const string Add =
            "{type:AddLun, category:VirtualDiskManagement, params:{virtualDisks:['disk'], targets:['proxy1.example.com'], readonly:false}, "
                + "sessionId:'SESSION'}";
        const string Read = "{type:VirtualDiskDetails,category:VirtualDiskManagement,params:{virtualDisk:'disk'},sessionId:'SESSION'}";
        const string Unmap =
            "{type:UnmapLun, category:VirtualDiskManagement, params:{virtualDisk:'disk', target:'proxy1.example.com'}, sessionId: "
                + "'SESSION'}";
        const string Delete = "{type:DeleteVDisk, category:VirtualDiskManagement, params:{virtualDisks:['disk']}, sessionId:'SESSION'}}";
        var added = await GetAsync(Add);
        Assert.Equal("ok", Text(added["result"]![0]!["targets"]![0]!["status"]));
        Assert.Equal("proxy1.example.com", Text(added["result"]![0]!["targets"]![0]!["name"]));
        Assert.Equal("disk", Text(added["result"]![0]!["name"]));
        Assert.Equal("AddLun", Text(added["type"]));
        Assert.StartsWith(
            "proxy1.example.com",
            Text(Assert.Single((await GetAsync(Read))["result"]!["targetLocations"]!.AsArray())),
            StringComparison.Ordinal);

        var refused = await GetAsync(Delete);
        Assert.Equal("failure", Text(refused["result"]![0]!["status"]));
        Assert.Contains("proxy1.example.com", Text(refused["result"]![0]!["message"]), StringComparison.Ordinal);
        Assert.Equal("ok", Text((await GetAsync(Unmap))["status"]));
        Assert.Empty((await GetAsync(Read))["result"]!["targetLocations"]!.AsArray());
        Assert.Equal("ok", Text((await GetAsync(Delete))["result"]![0]!["status"]));

        var gone = await GetAsync(Read);
        Assert.Equal("warning", Text(gone["status"]));
        Assert.EndsWith("t be found", Text(gone["message"]), StringComparison.Ordinal);
        Assert.EndsWith("t be found", Text((await GetAsync(Add))["result"]![0]!["targets"]![0]!["message"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Terraforms_mount()
    {
        const string List = "{type:ListTargets, category:VirtualDiskManagement, sessionId:'SESSION'}";
        const string Mount =
            "{type:Mount, category:VirtualDiskManagement, params:{virtualDisk:'share', targets:['TARGET']}, sessionId:'SESSION'}";
        const string Read = "{type:ListExportedTargets,category:VirtualDiskManagement,params:{virtualDisk:'share'},sessionId:'SESSION'}";
        const string Unmount =
            "{type:Unmount, category:VirtualDiskManagement, params:{virtualDisk:'share', targets:['nas1.example.com']}, sessionId: "
                + "'SESSION'}";
        var wrong = await GetAsync(Mount.Replace("TARGET", "proxy1.example.com", StringComparison.Ordinal));
        Assert.Equal("ok", Text(wrong["status"]));
        var outcome = Assert.Single(wrong["result"]!["exportInfo"]!.AsArray())!;
        Assert.NotEqual("ok", Text(outcome["status"]));
        Assert.Contains("type Block", Text(outcome["message"]), StringComparison.Ordinal);
        Assert.Equal("nfs", Text((await GetAsync(List))["result"]![1]!["protocol"]));

        var mounted = await GetAsync(Mount.Replace("TARGET", "nas1.example.com", StringComparison.Ordinal));
        Assert.Equal("ok", Text(mounted["status"]));
        Assert.Equal("ok", Text(Assert.Single(mounted["result"]!["exportInfo"]!.AsArray())!["status"]));
        Assert.Equal("nas1.example.com", Text(Assert.Single((await GetAsync(Read))["result"]!.AsArray())));
        var unmounted = await GetAsync(Unmount);
        Assert.Equal("ok", Text(unmounted["status"]));
        Assert.True(unmounted["result"] is null or JsonArray);
        Assert.Empty((await GetAsync(Read))["result"]!.AsArray());
    }

    [Fact]
    public async Task Terraforms_access()
    {
        const string Add =
            "{type:PersistACLAccess, category:VirtualDiskManagement, params:{virtualDisks:['disk'], host:'proxy1.example.com', "
                + "address:'ADDRESS', type:'TYPE'}, sessionId:'SESSION'}";
        const string Read = "{type:GetACLInformation,category:VirtualDiskManagement,params:{virtualDisk:'disk'},sessionId:'SESSION'}";
        const string Remove =
            "{type:RemoveACLAccess, category:VirtualDiskManagement, params:{virtualDisk:'disk', host:'proxy1.example.com', "
                + "address:['ADDRESS']}, sessionId: 'SESSION'}";
        foreach (var (type, address) in new[] { ("host", "web1.example.com"), ("ip", "10.20.30.40"), ("iqn", Iqn) })
        {
            var added = await GetAsync(
                Add.Replace("ADDRESS", address, StringComparison.Ordinal).Replace("TYPE", type, StringComparison.Ordinal));
            Assert.Equal("ok", Text(Assert.Single(added["result"]!.AsArray())!["status"]));
            var rule = Assert.Single((await GetAsync(Read))["result"]!.AsArray())!;
            Assert.Equal("proxy1.example.com", Text(rule["host"]));
            var allowed = Assert.Single(rule["initiator"]!.AsArray())!;
            Assert.Equal(address, Text(allowed["ip"]));
            Assert.NotEmpty(Text(allowed["name"]));
            Assert.Equal("ok", Text((await GetAsync(Remove.Replace("ADDRESS", address, StringComparison.Ordinal)))["status"]));
            Assert.Empty((await GetAsync(Read))["result"]!.AsArray());
        }
    }

    [Fact]
    public async Task Cinders_attach_and_detach()
    {
        const string ForHost =
            "{'type': 'ListTargets', 'category': 'VirtualDiskManagement', 'sessionId': 'SESSION', 'params': {'computeHost': 'web1'}}";
        const string All = "{'type': 'ListTargets', 'category': 'VirtualDiskManagement', 'sessionId': 'SESSION'}";
        const string Get =
            "{'type': 'GetLun', 'category': 'VirtualDiskManagement', 'params': {'virtualDisk': 'disk', 'target': 'proxy1.example.com'}, "
                + "'sessionId': 'SESSION'}";
        const string Add =
            "{'type': 'AddLun', 'category': 'VirtualDiskManagement', 'params': {'virtualDisks': ['disk'], 'targets': "
                + "['proxy1.example.com'], 'readonly': False}, 'sessionId': 'SESSION'}";
        const string Persist =
            "{'type': 'PersistACLAccess', 'category': 'VirtualDiskManagement', 'params': {'virtualDisks': ['disk'], 'host': "
                + "'proxy1.example.com', 'type': 'iqn', 'address': 'ADDRESS'}, 'sessionId': 'SESSION'}";
        const string FindIqn =
            "{'type': 'GetIqn', 'category': 'VirtualDiskManagement', 'params': {'host': 'cinder1.example.com'}, 'sessionId': 'SESSION'}";
        const string Unmap =
            "{'type': 'UnmapLun', 'category': 'VirtualDiskManagement', 'params': {'virtualDisk': 'disk', 'target': 'proxy1.example.com'}, "
                + "'sessionId': 'SESSION'}";
        Assert.Empty((await PostAsync(ForHost))["result"]!.AsArray());
        var targets = (await PostAsync(All))["result"]!.AsArray();
        Assert.All(targets, target => Assert.NotEmpty(Text(target!["protocol"])));
        Assert.Equal("proxy1.example.com", Text(targets[0]!["target"]));

        // Twice, as a live migration does it.
        for (var round = 0; round < 2; round++)
        {
            var found = await PostAsync(Get);
            Assert.Equal(round == 0 ? "warning" : "ok", Text(found["status"]));
            var added = await PostAsync(Add);
            Assert.Equal("ok", Text(added["result"]![0]!["status"]));
            Assert.Equal("ok", Text(added["result"]![0]!["targets"]![0]!["status"]));
            Assert.True((await PostAsync(Get))["result"]!["lun"]!.GetValue<int>() >= 0);
            foreach (var address in new[] { Iqn, "ALL" })
            {
                var persisted = await PostAsync(Persist.Replace("ADDRESS", address, StringComparison.Ordinal));
                Assert.Equal("ok", Text(persisted["status"]));
                Assert.Equal("ok", Text(persisted["result"]![0]!["status"]));
            }
        }

        var unknown = await PostAsync(FindIqn);
        Assert.Equal("warning", Text(unknown["status"]));
        Assert.Contains("IQN not found", Text(unknown["message"]), StringComparison.Ordinal);
        await Client.OkAsync("RegisterIqn", new JsonObject { ["host"] = "cinder1.example.com", ["iqn"] = Iqn });
        Assert.Equal(Iqn, Text((await PostAsync(FindIqn))["result"]!["iqn"]));

        Assert.Equal("ok", Text((await PostAsync(Unmap))["status"]));
        var again = await PostAsync(Unmap);
        Assert.Equal("warning", Text(again["status"]));
        Assert.Contains("is not mapped to the specified controller", Text(again["message"]), StringComparison.Ordinal);
    }

    private static string Text(JsonNode? node) => node!.GetValue<string>();

    private async Task<JsonNode> GetAsync(string request) =>
        JsonNode.Parse(await Client.Http.GetStringAsync("/rest/?request=" + Uri.EscapeDataString(WithSession(request))))!;

    private async Task<JsonNode> PostAsync(string request) => await Client.SendAsync(WithSession(request));

    private string WithSession(string request) => request.Replace("SESSION", Client.SessionId, StringComparison.Ordinal);
}
