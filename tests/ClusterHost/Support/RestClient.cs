using System.Net.Http;
using System.Text.Json.Nodes;

namespace HedvigStorage.ClusterHost.Tests.Support;

/// <summary>Speaks the protocol as plainly as can be, so that tests see what is on the wire.</summary>
internal sealed class RestClient(Uri address, HttpClient? http = null) : IDisposable
{
    public static string BootId { get; } = System.IO.File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    public HttpClient Http { get; } = http ?? new() { BaseAddress = address, Timeout = TimeSpan.FromSeconds(100) };

    public string? SessionId { get; set; }

    public async Task LoginAsync(string userName, string password)
    {
        var answer = await CallAsync(
            "Login", new JsonObject { ["userName"] = userName, ["password"] = password, ["cluster"] = string.Empty });
        SessionId = answer["result"]!["sessionId"]!.GetValue<string>();
    }

    public Task<JsonObject> CallAsync(string type, JsonObject? parameters = null)
    {
        var request = new JsonObject { ["type"] = type, ["category"] = "HedvigStorage" };
        if (parameters is not null)
        {
            request["params"] = parameters;
        }

        if (SessionId is not null)
        {
            request["sessionId"] = SessionId;
        }

        return SendAsync(request.ToJsonString());
    }

    /// <summary>Sends a text as it is.</summary>
    public async Task<JsonObject> SendAsync(string text) => JsonNode.Parse(await SendRawAsync(text))!.AsObject();

    /// <summary>Sends a text as it is, and returns the answer as it is.</summary>
    public async Task<string> SendRawAsync(string text)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal) { ["request"] = text });
        using var response = await Http.PostAsync("/rest/", form);
        return await response.Content.ReadAsStringAsync();
    }

    /// <summary>Calls, and expects success.</summary>
    public async Task<JsonNode?> OkAsync(string type, JsonObject? parameters = null)
    {
        var answer = await CallAsync(type, parameters);
        Assert.True(string.Equals(Status(answer), "ok", StringComparison.Ordinal), answer.ToJsonString());
        return answer["result"];
    }

    /// <summary>Calls, and expects a failure of that code.</summary>
    /// <returns>The message.</returns>
    public async Task<string> FailAsync(string code, string type, JsonObject? parameters = null)
    {
        var answer = await CallAsync(type, parameters);
        Assert.True(string.Equals(answer["code"]?.GetValue<string>(), code, StringComparison.Ordinal), answer.ToJsonString());
        Assert.NotEqual("ok", Status(answer));
        return answer["message"]!.GetValue<string>();
    }

    public Task<JsonNode?> CreateAsync(string name, string size = "16MB", string? fileSystem = null)
    {
        var parameters = new JsonObject { ["name"] = name, ["size"] = size, ["diskType"] = "BLOCK" };
        if (fileSystem is not null)
        {
            parameters["fileSystem"] = fileSystem;
        }

        return OkAsync("AddVirtualDisk", parameters);
    }

    public Task<JsonNode?> DeleteAsync(string name) => OkAsync("DeleteVDisk", new JsonObject { ["virtualDisks"] = new JsonArray(name) });

    public Task<JsonNode?> SnapshotAsync(string volume, string name) =>
        OkAsync("MakeSnapshot", new JsonObject { ["virtualDisks"] = new JsonArray(volume), ["snapshotName"] = name });

    public Task<JsonNode?> CloneAsync(string source, string clone, string? snapshot = null)
    {
        var parameters = new JsonObject { ["srcVolName"] = source, ["cloneVolName"] = clone };
        if (snapshot is not null)
        {
            parameters["snapshotName"] = snapshot;
        }

        return OkAsync("CloneVdisk", parameters);
    }

    public Task<JsonObject> AttachAsync(string volume, string host = "host1", string? bootId = null, string? machineId = null) => CallAsync(
        "Attach",
        new JsonObject
        {
            ["virtualDisk"] = volume,
            ["host"] = host,
            ["bootId"] = bootId ?? BootId,
            ["machineId"] = machineId ?? BootId,
            ["mode"] = "ReadWrite",
        });

    public async Task<JsonArray> ListVolumesAsync() => (await OkAsync("ListVolumes"))!["volumes"]!.AsArray();

    public async Task<string> ImagePathAsync(string volume)
    {
        var answer = await AttachAsync(volume);
        await OkAsync("Detach", new JsonObject { ["virtualDisk"] = volume, ["host"] = "host1" });
        return answer["result"]!["device"]!["path"]!.GetValue<string>();
    }

    public void Dispose() => Http.Dispose();

    private static string? Status(JsonObject answer) => answer["status"]?.GetValue<string>();
}
