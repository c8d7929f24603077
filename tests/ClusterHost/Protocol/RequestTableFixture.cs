using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HedvigStorage.ClusterHost.Startup;

namespace HedvigStorage.ClusterHost.Tests.Protocol;

/// <summary>A host with a block volume, a file volume, and a client. It starts with the first request.</summary>
public partial class RequestTableFixture : IAsyncLifetime
{
    private IHostSite? _site;
    private string _password = string.Empty;
    private int _names;

    internal RestClient Client => _site!.Host.Client;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_site is not null)
        {
            await _site.DisposeAsync();
        }
    }

    internal async Task<(RequestCase Item, JsonObject Parameters)> PrepareAsync(RequestCase item)
    {
        if (_site is null)
        {
            await StartAsync();
        }

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
        if (session is null && item.Type != "Login")
        {
            // A login takes longer than all the rest; only what ends the session has one of its own.
            session = item.Type == "Logout" ? await LoginAsync() : Client.SessionId;
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

    /// <summary>
    /// All that a request could have changed, in one text, but for where volumes lie and what they take up: both follow in the background.
    /// </summary>
    internal async Task<string> StateAsync()
    {
        var state = new List<string>();
        foreach (var list in new[] { "ListVolumes", "ListSnapshots", "ListPolicies", "ListAttachments", "ListUsers", "ListTargets", "ListIqns", "ListAccess" })
        {
            var request = new JsonObject { ["type"] = list, ["category"] = "HedvigStorage", ["sessionId"] = Client.SessionId };
            using var answer = JsonDocument.Parse(await Client.SendRawAsync(request.ToJsonString()));
            state.Add(Following().Replace(answer.RootElement.GetProperty("result").GetRawText(), string.Empty));
        }

        return string.Join('\n', state);
    }

    [GeneratedRegex(
        "\"effective\":\\{[^}]*\\},?|\"allocatedBytes\":[0-9]+,?|,\"movedPercent\":[0-9]+", RegexOptions.None,
        matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Following();

    private async Task<string?> LoginAsync()
    {
        using var client = new RestClient(_site!.Host.Address);
        await client.LoginAsync("HedvigAdmin", _password);
        return client.SessionId;
    }

    /// <summary>Starts the host.</summary>
    private protected virtual async Task<IHostSite> StartAsync(Func<HostOptions, HostOptions> configure) =>
        await InProcessHost.StartAsync(configure: configure);

    private async Task StartAsync()
    {
        _site = await StartAsync(options => options with { Overcommit = 0 });
        _password = DataDirectory.ReadCredential(Path.Combine(_site.Host.Directory, "credential.json")).Password;
        await Client.OkAsync("AddVirtualDisk", new JsonObject { ["name"] = "table-block", ["size"] = "1GB", ["diskType"] = "BLOCK" });
        await Client.OkAsync("AddVirtualDisk", new JsonObject { ["name"] = "table-file", ["size"] = "1GB", ["diskType"] = "NFS" });
        await Client.OkAsync(
            "AddTarget",
            new JsonObject { ["name"] = "block.example", ["protocol"] = "block", ["computeHosts"] = new JsonArray("compute.example") });
        await Client.OkAsync("AddTarget", new JsonObject { ["name"] = "nfs.example", ["protocol"] = "nfs" });
    }
}
