using System.Net;
using System.Text.Json.Nodes;

namespace HedvigStorage.ClusterHost.Tests;

public sealed class CapacityTests
{
    [SkippableFact]
    public async Task Promises_beyond_the_ratio_are_refused_with_the_figures_and_concurrent_ones_cannot_pass_together()
    {
        await using var host = await InProcessHost.StartAsync(configure: options => options with { Overcommit = 0.001 });
        var information = await host.Client.OkAsync("ClusterInformation");
        var total = information!["capacity"]!["total"]!["value"]!.GetValue<long>();
        var fits = (long)(total * 0.001) / (16L << 20);
        Skip.If(fits > 200, "The file system is too large for this test.");
        var answers = await Task.WhenAll(Enumerable.Range(0, (int)fits + 8).Select(index =>
            host.Client.CallAsync("AddVirtualDisk", new JsonObject { ["name"] = $"v{index}", ["size"] = "16MB" })));
        var refused = answers.Where(answer => answer["status"]!.GetValue<string>() is not "ok").ToArray();
        Assert.All(refused, answer => Assert.Equal("NoSpace", answer["code"]!.GetValue<string>()));
        Assert.Contains("promised already", refused[0]["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("--overcommit", refused[0]["message"]!.GetValue<string>(), StringComparison.Ordinal);
        var after = await host.Client.OkAsync("ClusterInformation");
        var provisioned = after!["provisionedBytes"]!.GetValue<long>();
        Assert.Equal((answers.Length - refused.Length) * (16L << 20), provisioned);
        Assert.Equal(answers.Length - refused.Length, after["volumeCount"]!.GetValue<int>());
        Assert.InRange(provisioned, 1, (long)(total * 0.0011));
        // Which ones were first is chance.
        var made = $"v{Array.FindIndex(answers, answer => answer["status"]!.GetValue<string>() is "ok")}";
        await host.Client.FailAsync("NoSpace", "ResizeDisks", new JsonObject { ["virtualDisks"] = new JsonArray(made), ["size"] = "1GB" });
        await host.Client.DeleteAsync(made);
        Assert.Equal(provisioned - (16L << 20), (await host.Client.OkAsync("ClusterInformation"))!["provisionedBytes"]!.GetValue<long>());
    }

    [Fact]
    public async Task Storage_that_has_not_told_its_size_yet_is_not_called_full_and_serves_once_it_has()
    {
        FaultyEngine? engine = null;
        await using var host = await InProcessHost.StartAsync(configure: options => options with
        {
            OpenEngine = site => engine = new FaultyEngine(options.OpenEngine(site)) { HidesSize = true },
        });
        var message = await host.Client.FailAsync(
            "Unreachable", "AddVirtualDisk", new JsonObject { ["name"] = "v", ["size"] = "16MB" });
        Assert.Contains("not known yet how much", message, StringComparison.Ordinal);
        Assert.Null(await host.Connect().FindVolumeAsync("v", default));
        engine!.HidesSize = false;
        await host.Client.CreateAsync("v");
    }

    [Fact]
    public async Task Without_a_limit_more_is_promised_than_there_is()
    {
        await using var host = await InProcessHost.StartAsync(configure: options => options with { Overcommit = 0 });
        await host.Client.CreateAsync("huge", "2TB");
        await host.Client.CreateAsync("huger", "2TB");
    }

    [Fact]
    public async Task Below_the_reserve_creates_clones_and_snapshots_stop_and_health_says_so()
    {
        using var directory = new TemporaryDirectory();
        await using (var before = await InProcessHost.StartAsync(directory["data"]))
        {
            await before.Client.CreateAsync("v");
        }

        await using var host = await InProcessHost.StartAsync(
            directory["data"], options => options with { Reserve = 1L << 50, Overcommit = 0 });
        foreach (var (type, parameters) in new (string, JsonObject)[]
        {
            ("AddVirtualDisk", new JsonObject { ["name"] = "w", ["size"] = "16MB" }),
            ("CloneVdisk", new JsonObject { ["srcVolName"] = "v", ["cloneVolName"] = "w" }),
            ("MakeSnapshot", new JsonObject { ["virtualDisks"] = new JsonArray("v") }),
        })
        {
            Assert.Contains("1 PB", await host.Client.FailAsync("NoSpace", type, parameters), StringComparison.Ordinal);
        }

        using var health = await host.Client.Http.GetAsync("/healthz");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
        Assert.Contains("reserve", await health.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var information = await host.Client.OkAsync("ClusterInformation");
        Assert.False(information!["healthy"]!.GetValue<bool>());
        Assert.Single(information["problems"]!.AsArray());
    }

    [Fact]
    public async Task Used_is_what_the_images_take_up()
    {
        await using var host = await InProcessHost.StartAsync();
        await host.Client.CreateAsync("v");
        var image = await host.Client.ImagePathAsync("v");
        using (var file = System.IO.File.OpenWrite(image))
        {
            file.Write(Enumerable.Repeat((byte)1, 1 << 20).ToArray());
            file.Flush(flushToDisk: true);
        }

        var information = await host.Client.OkAsync("ClusterInformation");
        Assert.InRange(information!["capacity"]!["used"]!["value"]!.GetValue<long>(), 1 << 20, (1 << 20) + 65536);
        Assert.InRange(
            Assert.Single(await host.Client.ListVolumesAsync())!["allocatedBytes"]!.GetValue<long>(), 1 << 20, (1 << 20) + 65536);
    }
}
