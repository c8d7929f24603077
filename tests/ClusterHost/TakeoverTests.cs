using System.Diagnostics;
using System.Text.Json.Nodes;
using HedvigStorage.Linux;

namespace HedvigStorage.ClusterHost.Tests;

/// <summary>A lease is taken from its holder only when the engine is sure that the holder cannot write any longer.</summary>
public sealed class TakeoverTests : IAsyncLifetime
{
    private InProcessHost _host = null!;

    private RestClient Client => _host.Client;

    private static string Running => ProcessIdentity.Of(Environment.ProcessId)!.ToString();

    public async Task InitializeAsync()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Processes are told apart by /proc.");
        _host = await InProcessHost.StartAsync();
        await Client.CreateAsync("v");
        await Client.CreateAsync("willing");
        await Client.OkAsync("UpdateVolume", new JsonObject { ["virtualDisk"] = "willing", ["takeover"] = "Fenced" });
    }

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    [SkippableFact]
    public async Task The_lease_of_a_process_that_has_ended_is_ended_and_its_generation_never_comes_again()
    {
        await AttachAsync("v", "host1", await EndedAsync());
        var ended = await Client.OkAsync("FenceAttachment", new JsonObject { ["virtualDisk"] = "v" });
        Assert.Equal(1, ended!["attachment"]!["generation"]!.GetValue<long>());
        Assert.Equal(3, (await AttachAsync("v", "host2", Running))["result"]!["attachment"]!["generation"]!.GetValue<long>());
    }

    [SkippableFact]
    public async Task Without_a_lease_there_is_nothing_to_end() =>
        Assert.Null((await Client.OkAsync("FenceAttachment", new JsonObject { ["virtualDisk"] = "v" }))!["attachment"]);

    [SkippableFact]
    public async Task A_process_that_runs_keeps_its_lease_and_the_refusal_names_it()
    {
        await AttachAsync("v", "host1", Running);
        var message = await Client.FailAsync("Refused", "FenceAttachment", new JsonObject { ["virtualDisk"] = "v" });
        Assert.Contains($"'host1' (process {Environment.ProcessId}) runs", message, StringComparison.Ordinal);
        Assert.Single((await Client.OkAsync("ListAttachments"))!["attachments"]!.AsArray());
    }

    [SkippableTheory]
    [InlineData(null)]
    [InlineData("4711")]
    [InlineData("4711/1/pid:[1]")]
    public async Task A_process_of_which_nothing_is_known_counts_as_running(string? process)
    {
        await AttachAsync("v", "host1", process);
        Assert.Contains(
            "cannot be told",
            await Client.FailAsync("Refused", "FenceAttachment", new JsonObject { ["virtualDisk"] = "v" }),
            StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_volume_that_something_still_has_open_keeps_its_lease_though_its_process_has_ended()
    {
        var image = await Client.ImagePathAsync("v");
        await AttachAsync("v", "host1", await EndedAsync());
        using (File.OpenHandle(image, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            Assert.Contains(
                "still in use",
                await Client.FailAsync("Refused", "FenceAttachment", new JsonObject { ["virtualDisk"] = "v" }),
                StringComparison.Ordinal);
        }

        await Client.OkAsync("FenceAttachment", new JsonObject { ["virtualDisk"] = "v" });
    }

    [SkippableFact]
    public async Task A_process_that_renews_the_lease_holds_it_from_then_on()
    {
        await AttachAsync("v", "host1", await EndedAsync());
        await Client.OkAsync(
            "RenewAttachments",
            new JsonObject
            {
                ["host"] = "host1",
                ["bootId"] = RestClient.BootId,
                ["process"] = Running,
                ["virtualDisks"] = new JsonArray("v"),
            });
        Assert.Contains(
            $"process {Environment.ProcessId}",
            await Client.FailAsync("Refused", "FenceAttachment", new JsonObject { ["virtualDisk"] = "v" }),
            StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Another_host_takes_over_a_volume_that_allows_it_once_its_holder_is_fenced()
    {
        await AttachAsync("willing", "host1", Running);
        var refused = await AttachAsync("willing", "host2", Running);
        Assert.Equal("Busy", refused["code"]!.GetValue<string>());
        Assert.Contains("'host1' since", refused["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains(
            $"It is not taken over: the plugin host of 'host1' (process {Environment.ProcessId}) runs.",
            refused["message"]!.GetValue<string>(),
            StringComparison.Ordinal);

        await AttachAsync("willing", "host1", await EndedAsync());
        Assert.Equal("host2", (await AttachAsync("willing", "host2", Running))["result"]!["attachment"]!["host"]!.GetValue<string>());
        Assert.Equal("Busy", (await AttachAsync("willing", "host1", Running))["code"]!.GetValue<string>());
    }

    [SkippableFact]
    public async Task A_volume_that_does_not_allow_it_is_not_taken_over_though_its_holder_has_ended()
    {
        await AttachAsync("v", "host1", await EndedAsync());
        Assert.Equal("Busy", (await AttachAsync("v", "host2", Running))["code"]!.GetValue<string>());
    }

    private static async Task<string> EndedAsync()
    {
        using var process = Process.Start("sleep", "infinity");
        var identity = ProcessIdentity.Of(process.Id)!.ToString();
        process.Kill();
        await process.WaitForExitAsync();
        return identity;
    }

    private Task<JsonObject> AttachAsync(string volume, string host, string? process) => Client.CallAsync(
        "Attach",
        new JsonObject
        {
            ["virtualDisk"] = volume,
            ["host"] = host,
            ["bootId"] = RestClient.BootId,
            ["machineId"] = RestClient.BootId,
            ["process"] = process,
        });
}
