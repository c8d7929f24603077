using System.Text.Json;
using System.Text.Json.Nodes;
using HedvigStorage.ClusterHost.Startup;

namespace HedvigStorage.ClusterHost.Tests.Protocol;

/// <summary>A host with a block volume, a file volume, and a client.</summary>
public sealed class RequestTableFixture : IAsyncLifetime
{
    private InProcessHost? _host;
    private string _password = string.Empty;
    private int _names;

    internal RestClient Client => _host!.Client;

    public async Task InitializeAsync()
    {
        _host = await InProcessHost.StartAsync(configure: options => options with { Overcommit = 0 });
        _password = DataDirectory.ReadCredential(Path.Combine(_host.Directory, "credential.json")).Password;
        await Client.OkAsync("AddVirtualDisk", new JsonObject { ["name"] = "table-block", ["size"] = "1GB", ["diskType"] = "BLOCK" });
        await Client.OkAsync("AddVirtualDisk", new JsonObject { ["name"] = "table-file", ["size"] = "1GB", ["diskType"] = "NFS" });
        await Client.OkAsync(
            "AddTarget",
            new JsonObject { ["name"] = "block.example", ["protocol"] = "block", ["computeHosts"] = new JsonArray("compute.example") });
        await Client.OkAsync("AddTarget", new JsonObject { ["name"] = "nfs.example", ["protocol"] = "nfs" });
    }

    public Task DisposeAsync() => _host!.DisposeAsync().AsTask();

    internal async Task<(RequestCase Item, JsonObject Parameters)> PrepareAsync(RequestCase item)
    {
        _names++;
        foreach (var (before, parameters) in item.Before)
        {
            await Client.OkAsync(before, JsonNode.Parse(Fill(parameters))!.AsObject());
        }

        return (item, JsonNode.Parse(Fill(item.Parameters))!.AsObject());
    }

    internal string Fill(string text) => text
        .Replace("NAME", $"table-{_names}", StringComparison.Ordinal)
        .Replace("VOLUME", "table-block", StringComparison.Ordinal)
        .Replace("FILE", "table-file", StringComparison.Ordinal)
        .Replace("BOOT", RestClient.BootId, StringComparison.Ordinal)
        .Replace("PASSWORD", _password, StringComparison.Ordinal);

    internal async Task<JsonElement> AskAsync(RequestCase item, JsonObject parameters, string? session = null)
    {
        // Each with a session of its own, for some requests end sessions.
        if (session is null && item.Type != "Login")
        {
            using var client = new RestClient(_host!.Address);
            await client.LoginAsync("HedvigAdmin", _password);
            session = client.SessionId;
        }

        var request = new JsonObject
        {
            ["type"] = item.Type,
            ["category"] = item.Category,
            ["params"] = parameters.DeepClone(),
            ["sessionId"] = session,
        };
        using var document = JsonDocument.Parse(await Client.SendRawAsync(request.ToJsonString()));
        return document.RootElement.Clone();
    }

    /// <summary>All that a request could have changed, in one text.</summary>
    internal async Task<string> StateAsync()
    {
        var state = new List<string>();
        foreach (var list in new[] { "ListVolumes", "ListSnapshots", "ListPolicies", "ListAttachments", "ListUsers", "ListTargets", "ListIqns", "ListAccess" })
        {
            state.Add((await Client.OkAsync(list))!.ToJsonString());
        }

        return string.Join('\n', state);
    }
}
