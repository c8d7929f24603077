using System.Net;
using System.Net.Http;
using System.Text.Json;
using HedvigStorage.Tests.Shared;

namespace HedvigStorage.PluginHost.Tests;

public sealed class ProtocolTests
{
    [SkippableTheory]
    [InlineData("Plugin.Activate", "", """{"Implements":["VolumeDriver"]}""")]
    [InlineData("VolumeDriver.Capabilities", "", """{"Capabilities":{"Scope":"local"},"Err":""}""")]
    [InlineData("VolumeDriver.List", "", """{"Volumes":[],"Err":""}""")]
    [InlineData("VolumeDriver.Get", """{"Name":"x"}""", """{"Err":"no such volume: x"}""")]
    [InlineData("VolumeDriver.Path", """{"Name":"x"}""", """{"Mountpoint":"","Err":""}""")]
    [InlineData("VolumeDriver.Unmount", """{"Name":"x","ID":"y"}""", """{"Err":""}""")]
    [InlineData("VolumeDriver.Remove", """{"Name":"x"}""", """{"Err":""}""")]
    [InlineData("VolumeDriver.Create", """{"Name":"x","Opts":{"size":"64MB"}}""", """{"Err":""}""")]
    public async Task A_call_is_answered_as_the_protocol_says(string call, string body, string answer)
    {
        await using var plugin = await PluginFixture.StartAsync();

        Assert.Equal(answer, (await plugin.CallAsync(call, body)).GetRawText());
    }

    [SkippableFact]
    public async Task A_volume_is_shown_with_its_state()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data", "\"size\":\"64MB\",\"policy\":\"gold\"");

        var volume = (await plugin.CallAsync("VolumeDriver.Get", """{"Name":"data"}""")).GetProperty("Volume");
        Assert.Equal(string.Empty, volume.GetProperty("Mountpoint").GetString());
        Assert.Equal(DateTimeOffset.UnixEpoch, volume.GetProperty("CreatedAt").GetDateTimeOffset());
        Assert.Equal("64MB", volume.GetProperty("Status").GetProperty("size").GetString());
        Assert.Equal("gold", volume.GetProperty("Status").GetProperty("policy").GetString());

        var path = await plugin.MountAsync("data", "one");
        var listed = (await plugin.CallAsync("VolumeDriver.List", "{}")).GetProperty("Volumes")[0];
        Assert.Equal(path, listed.GetProperty("Mountpoint").GetString());
        var status = await plugin.CallAsync("HedvigStorage.Status", string.Empty);
        Assert.Equal(Environment.ProcessId, status.GetProperty("processId").GetInt32());
        Assert.Equal(1, status.GetProperty("volumes")[0].GetProperty("mounts").GetInt32());
        _ = await plugin.UnmountAsync("data", "one");
    }

    [SkippableTheory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"Name\":\"\"}")]
    [InlineData("{\"Name\":null}")]
    [InlineData("{\"Name\":7}")]
    [InlineData("{\"Name\":\"../x\",\"ID\":\"y\"}")]
    [InlineData("{\"Name\":\"a\\nb\",\"ID\":\"y\"}")]
    [InlineData("{\"Name\":\"x\",\"Opts\":7}")]
    [InlineData("half a requ")]
    public async Task A_body_that_is_wrong_gets_an_error_and_changes_nothing(string body)
    {
        await using var plugin = await PluginFixture.StartAsync();

        string[] calls = ["Create", "Remove", "Mount", "Unmount", "Path", .. body.Length > 0 ? ["Get"] : Array.Empty<string>()];
        foreach (var call in calls)
        {
            // A name alone is enough for these.
            var error = await plugin.ErrorOfAsync("VolumeDriver." + call, body);
            Assert.True(error.Length > 0, call);
            Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("Create", plugin.Cluster.Calls, StringComparer.Ordinal);
        Assert.DoesNotContain("Attach", plugin.Cluster.Calls, StringComparer.Ordinal);
    }

    [SkippableFact]
    public async Task A_get_that_dockerd_repeats_without_its_body_is_left_unanswered_for_any_error_would_make_it_forget_the_volume()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await Assert.ThrowsAsync<HttpRequestException>(() => plugin.CallAsync("VolumeDriver.Get", string.Empty));
    }

    [SkippableTheory]
    [InlineData("POST", "VolumeDriver.Mount", """{"Name":"missing","ID":"x"}""", HttpStatusCode.InternalServerError)]
    [InlineData("POST", "VolumeDriver.Create", """{"Name":"x","Opts":{"help":""}}""", HttpStatusCode.InternalServerError)]
    [InlineData("POST", "VolumeDriver.Get", """{"Name":"missing"}""", HttpStatusCode.InternalServerError)]
    [InlineData("POST", "VolumeDriver.Remove", "half a requ", HttpStatusCode.InternalServerError)]
    [InlineData("POST", "VolumeDriver.Unmount", "", HttpStatusCode.InternalServerError)]
    [InlineData("POST", "VolumeDriver.Grow", "{}", HttpStatusCode.NotFound)]
    [InlineData("GET", "VolumeDriver.List", "{}", HttpStatusCode.NotFound)]
    public async Task A_refusal_has_the_status_of_an_error_and_says_why_in_the_body(
        string method, string call, string body, HttpStatusCode status)
    {
        await using var plugin = await PluginFixture.StartAsync();
        using var http = SocketClient.Create(plugin.Socket);
        using var request = new HttpRequestMessage(
            new HttpMethod(method), new Uri(call, UriKind.Relative)) { Content = new StringContent(body) };
        using var response = await http.SendAsync(request);

        Assert.Equal(status, response.StatusCode);
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.NotEmpty(answer.RootElement.GetProperty("Err").GetString()!);
    }

    [SkippableFact]
    public async Task An_unknown_call_is_named()
    {
        await using var plugin = await PluginFixture.StartAsync();

        Assert.Contains("/VolumeDriver.Grow", await plugin.ErrorOfAsync("VolumeDriver.Grow", "{}"), StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("\"siez\":\"1GB\"", "'siez'", "'size'")]
    [InlineData("\"size\":\"10XB\"", "10XB", "512MB")]
    [InlineData("\"size\":\"0\"", "'0'", "512MB")]
    [InlineData("\"size\":\"-1GB\"", "-1GB", "negative")]
    [InlineData("\"fs\":\"zfs\"", "zfs", "Ext4 or Xfs")]
    [InlineData("\"mode\":\"9\"", "'9'", "octal")]
    [InlineData("\"uid\":\"root\"", "root", "number")]
    [InlineData("\"snapshot\":\"s\"", "'snapshot'", "'from'")]
    [InlineData("\"from\":\"x\",\"uid\":\"999\"", "'uid'", "clone")]
    [InlineData("\"replicationFactor\":\"7\"", "replicationFactor", "1 to 6")]
    [InlineData("\"help\":\"\"", "replicationFactor", "default 10GB")]
    public async Task A_wrong_option_is_explained(string options, string what, string right)
    {
        await using var plugin = await PluginFixture.StartAsync();

        var error = await plugin.CreateAsync("data", options);
        Assert.Contains(what, error, StringComparison.Ordinal);
        Assert.Contains(right, error, StringComparison.Ordinal);
        Assert.Null(plugin.Cluster.Volume("data"));
    }

    [SkippableFact]
    public async Task Help_names_every_option_with_its_default_and_makes_nothing()
    {
        await using var plugin = await PluginFixture.StartAsync();
        var help = await plugin.CreateAsync("data", "\"help\":\"\"");
        string[] options =
        [
            "size", "type", "policy", "fs", "uid", "gid", "mode", "takeover", "from", "snapshot",
            .. AttributeTable.All.Select(attribute => attribute.Name),
        ];
        var described = help.Split('\n').Where(line => line.StartsWith("  ", StringComparison.Ordinal))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0]);
        Assert.Equal(options, described);
        Assert.DoesNotContain("Create", plugin.Cluster.Calls, StringComparer.Ordinal);
    }

    [SkippableTheory]
    [InlineData("ext4", "64MB")]
    [InlineData("xfs", "320MB")]
    public async Task A_volume_is_made_from_another_as_it_is_or_as_a_snapshot_has_it(string fileSystem, string size)
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("source", $"\"size\":\"{size}\",\"fs\":\"{fileSystem}\"");
        await WriteAsync(plugin, "source", "first");
        _ = await plugin.Cluster.CreateSnapshotAsync("source", "monday", default);
        await WriteAsync(plugin, "source", "second");

        Assert.Equal(string.Empty, await plugin.CreateAsync("now", "\"from\":\"source\""));
        Assert.Equal(string.Empty, await plugin.CreateAsync("then", "\"from\":\"source\",\"snapshot\":\"monday\",\"size\":\"1GB\""));
        Assert.Equal("second", await ReadAsync(plugin, "now"));
        Assert.Equal("first", await ReadAsync(plugin, "then"));
        Assert.Equal("second", await ReadAsync(plugin, "source"));
    }

    [SkippableFact]
    public async Task Creating_the_same_again_succeeds_and_another_size_is_a_conflict()
    {
        await using var plugin = await PluginFixture.StartAsync();

        Assert.Equal(string.Empty, await plugin.ErrorOfAsync("VolumeDriver.Create", """{"Name":"data","Opts":null}"""));
        Assert.Equal(10L << 30, plugin.Cluster.Volume("data")!.Size);
        Assert.Equal(string.Empty, await plugin.ErrorOfAsync("VolumeDriver.Create", """{"Name":"data"}"""));
        Assert.Equal(string.Empty, await plugin.CreateAsync("data", "\"size\":\"10GB\""));
        Assert.Contains("10GB", await plugin.CreateAsync("data", "\"size\":\"11GB\""), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_second_plugin_host_neither_takes_the_socket_nor_the_state()
    {
        await using var plugin = await PluginFixture.StartAsync();

        var exception = await Assert.ThrowsAsync<ClusterException>(() => plugin.StartHostAsync());
        Assert.Contains("in use", exception.Message, StringComparison.Ordinal);
        Assert.Equal(string.Empty, await plugin.CreateAsync("data"));
    }

    private static async Task WriteAsync(PluginFixture plugin, string name, string content)
    {
        await File.WriteAllTextAsync(Path.Combine(await plugin.MountAsync(name, "one"), "file"), content);
        Assert.Equal(string.Empty, await plugin.UnmountAsync(name, "one"));
    }

    private static async Task<string> ReadAsync(PluginFixture plugin, string name)
    {
        var content = await File.ReadAllTextAsync(Path.Combine(await plugin.MountAsync(name, "one"), "file"));
        Assert.Equal(string.Empty, await plugin.UnmountAsync(name, "one"));
        return content;
    }
}
