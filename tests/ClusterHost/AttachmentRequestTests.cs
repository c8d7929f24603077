using System.Diagnostics;
using System.Text.Json.Nodes;
using HedvigStorage.Linux;

namespace HedvigStorage.ClusterHost.Tests;

public sealed class AttachmentRequestTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private InProcessHost _host = null!;

    private RestClient Client => _host.Client;

    public async Task InitializeAsync()
    {
        _host = await InProcessHost.StartAsync(configure: options => options with { Time = _time });
        await Client.CreateAsync("v");
    }

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    [Fact]
    public async Task The_holder_attaches_again_with_the_same_generation_and_gets_the_image()
    {
        var first = (await Client.AttachAsync("v"))["result"]!;
        var second = (await Client.AttachAsync("v"))["result"]!;
        Assert.Equal(1, first["attachment"]!["generation"]!.GetValue<long>());
        Assert.Equal(1, second["attachment"]!["generation"]!.GetValue<long>());
        Assert.Equal("image", second["device"]!["kind"]!.GetValue<string>());
        Assert.True(Path.IsPathRooted(second["device"]!["path"]!.GetValue<string>()));
        Assert.True(File.Exists(second["device"]!["path"]!.GetValue<string>()));
        Assert.Equal("host1", second["volume"]!["attachment"]!["host"]!.GetValue<string>());
    }

    [Fact]
    public async Task Another_host_is_refused_with_the_holder_and_since_when_even_after_the_lease_ran_out()
    {
        await Client.AttachAsync("v");
        _time.Advance(TimeSpan.FromMinutes(5));
        var answer = await Client.AttachAsync("v", "host2");
        Assert.Equal("Busy", answer["code"]!.GetValue<string>());
        Assert.Contains("'host1' since 2026-11-22T12:00:00Z", answer["message"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_new_lease_raises_the_generation()
    {
        await Client.AttachAsync("v");
        await Client.OkAsync("Detach", new JsonObject { ["virtualDisk"] = "v", ["host"] = "host1", ["generation"] = 1 });
        await Client.OkAsync("Detach", new JsonObject { ["virtualDisk"] = "v", ["host"] = "host1", ["generation"] = 1 });
        var second = await Client.AttachAsync("v", "host2");
        Assert.Equal(2, second["result"]!["attachment"]!["generation"]!.GetValue<long>());
    }

    [Fact]
    public async Task A_detach_by_another_host_is_refused_and_one_of_an_old_generation_changes_nothing()
    {
        await Client.AttachAsync("v");
        await Client.FailAsync("Busy", "Detach", new JsonObject { ["virtualDisk"] = "v", ["host"] = "host2", ["generation"] = 1 });
        await Client.OkAsync("Detach", new JsonObject { ["virtualDisk"] = "v", ["host"] = "host1", ["generation"] = 0 });
        var listed = await Client.OkAsync("ListAttachments");
        Assert.Equal("host1", Assert.Single(listed!["attachments"]!.AsArray())!["host"]!.GetValue<string>());
    }

    [Fact]
    public async Task Another_machine_is_refused()
    {
        var answer = await Client.AttachAsync("v", machineId: "another", bootId: "another");
        Assert.Equal("Refused", answer["code"]!.GetValue<string>());
        Assert.Contains("own machine only", answer["message"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lease_of_an_earlier_boot_is_taken_over_with_a_higher_generation_and_does_not_hold_a_removal_back()
    {
        await Client.AttachAsync("v", "host1", bootId: "an-earlier-boot");
        var taken = await Client.AttachAsync("v", "host2");
        Assert.Equal(2, taken["result"]!["attachment"]!["generation"]!.GetValue<long>());
        await Client.CreateAsync("w");
        await Client.AttachAsync("w", "host1", bootId: "an-earlier-boot");
        await Client.DeleteAsync("w");
    }

    [Fact]
    public async Task Renewing_moves_the_end_of_the_leases_that_still_hold_and_leaves_the_others_out()
    {
        await Client.CreateAsync("w");
        await Client.AttachAsync("v");
        await Client.AttachAsync("w", "host2");
        _time.Advance(TimeSpan.FromSeconds(30));
        var renewed = await Client.OkAsync(
            "RenewAttachments",
            new JsonObject { ["host"] = "host1", ["bootId"] = RestClient.BootId, ["virtualDisks"] = new JsonArray("v", "w", "none") });
        var lease = Assert.Single(renewed!["attachments"]!.AsArray())!;
        Assert.Equal("v", lease["volume"]!.GetValue<string>());
        Assert.Equal(_time.GetUtcNow().AddSeconds(60), lease["expiresAt"]!.GetValue<DateTimeOffset>());
        var other = await Client.OkAsync("ListAttachments", new JsonObject { ["host"] = "host2" });
        Assert.Equal("w", Assert.Single(other!["attachments"]!.AsArray())!["volume"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_second_host_of_a_name_is_refused_in_words_that_name_both_and_renews_and_detaches_nothing()
    {
        Assert.Equal("ok", (await AttachAsync("first"))["status"]!.GetValue<string>());
        var refusal = await AttachAsync("second");
        Assert.Equal("Busy", refusal["code"]!.GetValue<string>());
        foreach (var part in new[] { "named 'host1' too", "the id first", "the id second", "2026-11-22T12:00:00Z", "--host", "Remove-HvAttachment" })
        {
            Assert.Contains(part, refusal["message"]!.GetValue<string>(), StringComparison.Ordinal);
        }

        Assert.Empty((await RenewAsync("second"))["attachments"]!.AsArray());
        await Client.FailAsync(
            "Busy", "Detach", new JsonObject { ["virtualDisk"] = "v", ["host"] = "host1", ["hostId"] = "second", ["generation"] = 1 });
        var lease = Assert.Single((await RenewAsync("first"))["attachments"]!.AsArray())!;
        Assert.Equal("first", lease["hostId"]!.GetValue<string>());
        await Client.OkAsync(
            "Detach", new JsonObject { ["virtualDisk"] = "v", ["host"] = "host1", ["hostId"] = "first", ["generation"] = 1 });
        Assert.Equal("second", (await AttachAsync("second"))["result"]!["attachment"]!["hostId"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_host_that_tells_no_id_is_served_as_before_and_its_lease_gets_the_id_that_it_tells_later()
    {
        await Client.AttachAsync("v");
        Assert.Single((await RenewAsync("first"))["attachments"]!.AsArray());
        Assert.Equal("Busy", (await AttachAsync("second"))["code"]!.GetValue<string>());
        Assert.Equal("ok", (await Client.AttachAsync("v"))["status"]!.GetValue<string>());
        await Client.OkAsync("Detach", new JsonObject { ["virtualDisk"] = "v", ["host"] = "host1", ["generation"] = 1 });
    }

    [SkippableTheory]
    [InlineData(null)]
    [InlineData("same")]
    public async Task Of_two_processes_that_run_under_one_name_the_second_is_refused_whatever_id_it_tells(string? id)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Processes are told apart by /proc.");
        using var other = Process.Start(new ProcessStartInfo("sleep", ["60"]) { UseShellExecute = false })!;
        try
        {
            await AttachAsync(id, ProcessIdentity.Of(other.Id)!.ToString());
            var refusal = await AttachAsync(id, ProcessIdentity.Of(Environment.ProcessId)!.ToString());
            Assert.Equal("Busy", refusal["code"]!.GetValue<string>());
            Assert.Contains($"(process {other.Id})", refusal["message"]!.GetValue<string>(), StringComparison.Ordinal);
        }
        finally
        {
            other.Kill();
            await other.WaitForExitAsync();
        }

        Assert.Equal("ok", (await AttachAsync(id, ProcessIdentity.Of(Environment.ProcessId)!.ToString()))["status"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("no id!")]
    [InlineData("../x")]
    public async Task A_host_id_that_is_not_one_is_refused(string id) =>
        Assert.Equal("InvalidArgument", (await AttachAsync(id))["code"]!.GetValue<string>());

    [Fact]
    public async Task An_attached_volume_is_not_removed_and_the_refusal_names_the_host()
    {
        await Client.AttachAsync("v");
        var message = await Client.FailAsync("Busy", "DeleteVDisk", new JsonObject { ["virtualDisks"] = new JsonArray("v") });
        Assert.Contains("'host1' since 2026-11-22T12:00:00Z", message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_volume_behind_a_loop_device_is_not_removed_though_no_lease_says_so()
    {
        Skip.IfNot(Shell.IsRoot, "Loop devices need root.");
        var image = await Client.ImagePathAsync("v");
        var device = Shell.Run("losetup", "--find", "--show", image).Trim();
        try
        {
            Assert.Contains(
                device,
                await Client.FailAsync("Busy", "DeleteVDisk", new JsonObject { ["virtualDisks"] = new JsonArray("v") }),
                StringComparison.Ordinal);
            Assert.True(File.Exists(image));
        }
        finally
        {
            Shell.Run("losetup", "--detach", device);
        }

        await Eventually.TrueAsync(() => Shell.Run("losetup", "--associated", image).Length == 0, "the loop device is gone");
        await Client.DeleteAsync("v");
        await Eventually.TrueAsync(() => !File.Exists(image), "the image has gone");
    }

    private Task<JsonObject> AttachAsync(string? id, string? process = null) => Client.CallAsync(
        "Attach",
        new JsonObject
        {
            ["virtualDisk"] = "v",
            ["host"] = "host1",
            ["hostId"] = id,
            ["bootId"] = RestClient.BootId,
            ["machineId"] = RestClient.BootId,
            ["process"] = process,
        });

    private async Task<JsonNode> RenewAsync(string id) => (await Client.OkAsync(
        "RenewAttachments",
        new JsonObject { ["host"] = "host1", ["hostId"] = id, ["bootId"] = RestClient.BootId, ["virtualDisks"] = new JsonArray("v") }))!;
}
