using System.Text.Json.Nodes;
using HedvigStorage.ClusterHost.Common;

namespace HedvigStorage.ClusterHost.Tests;

/// <summary>
/// What is missing, short, another's or changed in the data directory is told and refused, and nothing is begun again beside it.
/// </summary>
public sealed class DataDamageTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();

    private string Data => _directory["data"];

    private string Catalog => Path.Combine(Data, "catalog.db");

    private string Image { get; set; } = string.Empty;

    public async Task InitializeAsync()
    {
        await using var host = await InProcessHost.StartAsync(Data);
        await host.Client.CreateAsync("v");
        await AttachAsync(host, "v");
        Image = await PathAsync(host, "v");
        await File.WriteAllBytesAsync(Image, Content());
        await DetachAsync(host, "v");
        await host.Client.SnapshotAsync("v", "s");
    }

    public Task DisposeAsync()
    {
        _directory.Dispose();
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData("missing", "is missing")]
    [InlineData("short", "bytes of")]
    [InlineData("empty", "bytes of")]
    [InlineData("zeroed", "is blank")]
    [InlineData("punched", "has lost")]
    [InlineData("another", "put in its place")]
    public async Task A_volume_whose_image_is_damaged_is_told_and_neither_attached_nor_copied(string damage, string told)
    {
        await DamageAsync(Image, damage);
        await using var host = await InProcessHost.StartAsync(Data);
        await AssertDamagedAsync(host, told);
    }

    [Theory]
    [InlineData("missing", "is missing")]
    [InlineData("short", "bytes of")]
    [InlineData("zeroed", "is blank")]
    public async Task A_volume_that_is_damaged_while_the_host_runs_is_told_and_refused(string damage, string told)
    {
        await using var host = await InProcessHost.StartAsync(Data);
        await DamageAsync(Image, damage);
        await AssertDamagedAsync(host, told);
    }

    [Fact]
    public async Task Damage_is_found_without_anybody_asking_for_the_volume()
    {
        await using var host = await InProcessHost.StartAsync(
            Data, options => options with { DamageInterval = TimeSpan.FromMilliseconds(20) });
        Assert.Empty(await ProblemsAsync(host));
        await DamageAsync(Image, "punched");
        await Eventually.TrueAsync(
            async () => (await ProblemsAsync(host)).Contains("has lost", StringComparison.Ordinal), "the loss is told");
    }

    [Fact]
    public async Task The_same_create_again_of_a_volume_whose_image_is_missing_is_refused()
    {
        await using var host = await InProcessHost.StartAsync(Data);
        await host.Client.CreateAsync("v");
        File.Delete(Image);
        var message = await host.Client.FailAsync("Refused", "AddVirtualDisk", new JsonObject { ["name"] = "v", ["size"] = "16MB" });
        Assert.Contains("is missing", message, StringComparison.Ordinal);
        Assert.False(File.Exists(Image));
    }

    [Fact]
    public async Task A_damaged_image_that_was_put_back_is_well_again()
    {
        var copy = _directory["copy"];
        File.Copy(Image, copy);
        await DamageAsync(Image, "short");
        await using var host = await InProcessHost.StartAsync(Data);
        Assert.Contains("'v'", await ProblemsAsync(host), StringComparison.Ordinal);
        File.Copy(copy, Image, overwrite: true);
        await AttachAsync(host, "v");
        Assert.Empty(await ProblemsAsync(host));
    }

    [Fact]
    public async Task A_damaged_volume_is_reverted_to_a_snapshot_that_is_well_and_is_well_again()
    {
        await DamageAsync(Image, "zeroed");
        await using var host = await InProcessHost.StartAsync(Data);
        await host.Client.OkAsync("RevertVolume", new JsonObject { ["virtualDisk"] = "v", ["snapshotName"] = "s" });
        await AttachAsync(host, "v");
        Assert.Equal(Content(), await File.ReadAllBytesAsync(Image));
        Assert.Empty(await ProblemsAsync(host));
    }

    [Fact]
    public async Task A_damaged_volume_can_be_removed()
    {
        await DamageAsync(Image, "short");
        await using var host = await InProcessHost.StartAsync(Data);
        await host.Client.DeleteAsync("v");
        Assert.Empty(await ProblemsAsync(host));
    }

    [Theory]
    [InlineData("missing", "is missing")]
    [InlineData("short", "bytes of")]
    [InlineData("zeroed", "is blank")]
    public async Task A_damaged_snapshot_is_told_and_neither_cloned_nor_reverted_to(string damage, string told)
    {
        await DamageAsync(Directory.GetFiles(Path.Combine(Data, "snapshots")).Single(), damage);
        await using var host = await InProcessHost.StartAsync(Data);
        var clone = await host.Client.FailAsync(
            "Refused", "CloneVdisk", new JsonObject { ["srcVolName"] = "v", ["cloneVolName"] = "c", ["snapshotName"] = "s" });
        Assert.Contains(told, clone, StringComparison.Ordinal);
        Assert.Contains(
            told,
            await host.Client.FailAsync("Refused", "RevertVolume", new JsonObject { ["virtualDisk"] = "v", ["snapshotName"] = "s" }),
            StringComparison.Ordinal);
        Assert.Contains(
            told,
            await host.Client.FailAsync(
                "Refused", "MakeSnapshot", new JsonObject { ["virtualDisks"] = new JsonArray("v"), ["snapshotName"] = "s" }),
            StringComparison.Ordinal);
        Assert.Contains(told, await ProblemsAsync(host), StringComparison.Ordinal);
        await AttachAsync(host, "v");
        Assert.Equal(Content(), await File.ReadAllBytesAsync(Image));
    }

    [Fact]
    public async Task What_a_holder_writes_and_discards_is_not_damage()
    {
        await using var host = await InProcessHost.StartAsync(
            Data, options => options with { DamageInterval = TimeSpan.FromMilliseconds(5) });
        for (var round = 0; round < 20; round++)
        {
            await AttachAsync(host, "v");
            Shell.Run("fallocate", "--punch-hole", "--offset", "0", "--length", "16M", Image);
            Shell.Run("dd", "if=/dev/urandom", "of=" + Image, "bs=4096", "count=64", $"seek={round * 7}", "conv=notrunc", "status=none");
            await DetachAsync(host, "v");
            Assert.Empty(await ProblemsAsync(host));
        }
    }

    [Fact]
    public async Task A_copy_of_the_directory_without_its_holes_and_notes_is_well()
    {
        var copy = _directory["copy"];
        Shell.Run("cp", "--recursive", "--sparse=never", Data, copy);
        await using var host = await InProcessHost.StartAsync(copy);
        Assert.Empty(await ProblemsAsync(host));
        await AttachAsync(host, "v");
        await host.Client.CloneAsync("v", "c", "s");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_is_begun_again_where_the_catalog_is_gone(bool markerIsThere)
    {
        foreach (var file in Directory.GetFiles(Data, markerIsThere ? "catalog.db*" : "catalog.*"))
        {
            File.Delete(file);
        }

        var error = await Assert.ThrowsAsync<StartException>(() => InProcessHost.StartAsync(Data));
        Assert.Contains("is gone", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Catalog));
    }

    [Fact]
    public async Task An_empty_file_is_not_taken_for_a_new_catalog()
    {
        await File.WriteAllBytesAsync(Catalog, []);
        var error = await Assert.ThrowsAsync<StartException>(() => InProcessHost.StartAsync(Data));
        Assert.Contains("is gone", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, new FileInfo(Catalog).Length);
    }

    [Fact]
    public async Task A_zeroed_page_of_the_catalog_is_refused_at_a_start()
    {
        for (var page = 0; page < new FileInfo(Catalog).Length / 4096; page++)
        {
            var before = await File.ReadAllBytesAsync(Catalog);
            ZeroPage(page);
            if (Enumerable.SequenceEqual(before, await File.ReadAllBytesAsync(Catalog)))
            {
                continue;
            }

            var error = await Assert.ThrowsAsync<StartException>(() => InProcessHost.StartAsync(Data));
            Assert.Contains($"page {page + 1} ", error.Message, StringComparison.Ordinal);
            await File.WriteAllBytesAsync(Catalog, before);
        }

        await using var host = await InProcessHost.StartAsync(Data);
        Assert.Empty(await ProblemsAsync(host));
    }

    [Fact]
    public async Task A_page_of_the_catalog_that_is_zeroed_while_the_host_runs_is_told_and_nothing_is_answered_from_it()
    {
        await using var host = await InProcessHost.StartAsync(
            Data, options => options with { DamageInterval = TimeSpan.FromMilliseconds(20) });
        ZeroPage(3);
        await Eventually.TrueAsync(
            async () => (await ProblemsAsync(host)).Contains("is damaged: page 4", StringComparison.Ordinal), "the damage is told");
        Assert.Contains("is damaged", await host.Client.FailAsync("Internal", "ListVolumes"), StringComparison.Ordinal);
        Assert.Contains(
            "is damaged",
            await host.Client.FailAsync("Internal", "AddVirtualDisk", new JsonObject { ["name"] = "new", ["size"] = "16MB" }),
            StringComparison.Ordinal);
        Assert.Contains("hedvig_catalog_damaged 1", await host.Client.Http.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_older_copy_of_the_catalog_is_refused()
    {
        var older = Directory.GetFiles(Data, "catalog.*").Where(file => !file.EndsWith(".marker", StringComparison.Ordinal))
            .ToDictionary(file => file, File.ReadAllBytes, StringComparer.Ordinal);
        await using (var host = await InProcessHost.StartAsync(Data))
        {
            await host.Client.CreateAsync("newer");
        }

        foreach (var (file, content) in older)
        {
            await File.WriteAllBytesAsync(file, content);
        }

        var error = await Assert.ThrowsAsync<StartException>(() => InProcessHost.StartAsync(Data));
        Assert.Contains("lost its newest changes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_catalog_of_another_cluster_is_refused()
    {
        var other = _directory["other"];
        await using (await InProcessHost.StartAsync(other))
        {
            // Made, and that is all.
        }

        foreach (var name in new[] { "catalog.db", "catalog.sums" })
        {
            File.Copy(Path.Combine(other, name), Path.Combine(Data, name), overwrite: true);
        }

        var error = await Assert.ThrowsAsync<StartException>(() => InProcessHost.StartAsync(Data));
        Assert.Contains("another cluster", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("gone")]
    [InlineData("flipped")]
    public async Task A_log_of_the_catalog_that_lacks_acknowledged_changes_is_refused(string damage)
    {
        await using (var host = await HostProcess.StartAsync(Data))
        {
            await host.Client.CreateAsync("acknowledged");
            await host.KillAsync();
        }

        var log = Catalog + "-wal";
        using (var file = File.Open(log, FileMode.Open))
        {
            if (damage == "cut")
            {
                file.SetLength(file.Length - 1);
            }
            else if (damage == "flipped")
            {
                file.Position = 2000;
                file.WriteByte(0xA5);
            }
        }

        if (damage == "gone")
        {
            File.Delete(log);
        }

        var error = await Assert.ThrowsAsync<StartException>(() => InProcessHost.StartAsync(Data));
        Assert.Matches("lost its newest changes|is damaged", error.Message);
    }

    [Theory]
    [InlineData("catalog.marker")]
    [InlineData("catalog.sums")]
    public async Task What_is_missing_or_damaged_beside_a_catalog_that_is_well_is_made_again(string name)
    {
        foreach (var content in new[] { null, "nonsense" })
        {
            var file = Path.Combine(Data, name);
            File.Delete(file);
            if (content is not null)
            {
                await File.WriteAllTextAsync(file, content);
            }

            await using var host = await InProcessHost.StartAsync(Data);
            Assert.Equal("v", Assert.Single(await host.Client.ListVolumesAsync())!["name"]!.GetValue<string>());
            Assert.True(new FileInfo(file).Length > 20);
        }
    }

    [Fact]
    public async Task A_file_that_the_catalog_does_not_know_is_told()
    {
        var stranger = Path.Combine(Data, "volumes", Guid.NewGuid().ToString("D") + ".img");
        await File.WriteAllTextAsync(stranger, "mine");
        await using var host = await InProcessHost.StartAsync(Data);
        Assert.Contains(stranger, await ProblemsAsync(host), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Probes_of_starts_that_were_killed_are_removed()
    {
        var left = new[] { "probe-00112233445566778899aabbccddeeff.tmp", "probe-00112233445566778899aabbccddeeff.tmp2" }.Select(
            name => Path.Combine(Data, "volumes", name)).ToArray();
        foreach (var path in left)
        {
            await File.WriteAllTextAsync(path, "probe");
        }

        await using var host = await InProcessHost.StartAsync(Data);
        Assert.All(left, path => Assert.False(File.Exists(path)));
    }

    internal static async Task<string> ProblemsAsync(InProcessHost host)
    {
        using var answer = await host.Client.Http.GetAsync(new Uri("/healthz", UriKind.Relative));
        var problems = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["problems"]?.AsArray() ?? [];
        Assert.Equal(problems.Count == 0, answer.IsSuccessStatusCode);
        return string.Join('\n', problems.Select(problem => problem!.GetValue<string>()));
    }

    private static byte[] Content()
    {
        var content = new byte[16 << 20];
        new Random(1).NextBytes(content.AsSpan(0, 1 << 20));
        return content;
    }

    private async Task DamageAsync(string image, string damage)
    {
        switch (damage)
        {
            case "missing":
                File.Delete(image);
                break;
            case "short":
                Shell.Run("truncate", "--size", "1M", image);
                break;
            case "empty":
                Shell.Run("truncate", "--size", "0", image);
                break;
            case "zeroed":
                Shell.Run("dd", "if=/dev/zero", "of=" + image, "bs=1M", "count=16", "conv=notrunc", "status=none");
                break;
            case "punched":
                Shell.Run("fallocate", "--punch-hole", "--offset", "512K", "--length", "512K", image);
                break;
            case "another":
                await using (var host = await InProcessHost.StartAsync(Data))
                {
                    await host.Client.CreateAsync("w");
                }

                File.Move(Directory.GetFiles(Path.Combine(Data, "volumes")).Single(file => file != image), image, overwrite: true);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(damage));
        }
    }

    private void ZeroPage(int page)
    {
        using var file = File.OpenHandle(Catalog, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        RandomAccess.Write(file, new byte[4096], page * 4096L);
    }

    private static async Task AssertDamagedAsync(InProcessHost host, string told)
    {
        var attach = await host.Client.AttachAsync("v");
        Assert.Contains(told, attach["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains(
            told,
            await host.Client.FailAsync(
                "Refused", "MakeSnapshot", new JsonObject { ["virtualDisks"] = new JsonArray("v"), ["snapshotName"] = "new" }),
            StringComparison.Ordinal);
        Assert.Contains(
            told,
            await host.Client.FailAsync("Refused", "CloneVdisk", new JsonObject { ["srcVolName"] = "v", ["cloneVolName"] = "new" }),
            StringComparison.Ordinal);
        Assert.Contains(
            told,
            await host.Client.FailAsync("Refused", "AddVirtualDisk", new JsonObject { ["name"] = "v", ["size"] = "16MB" }),
            StringComparison.Ordinal);
        Assert.Contains(
            told,
            await host.Client.FailAsync(
                "Refused", "ResizeDisks", new JsonObject { ["virtualDisks"] = new JsonArray("v"), ["size"] = "32MB" }),
            StringComparison.Ordinal);
        Assert.Contains(told, await ProblemsAsync(host), StringComparison.Ordinal);
        Assert.Contains(
            told,
            (await host.Client.ListVolumesAsync())
                .Single(volume => volume!["name"]!.GetValue<string>() == "v")!["damage"]!.GetValue<string>(),
            StringComparison.Ordinal);
        Assert.Contains(told, (await host.Client.OkAsync("ClusterInformation"))!["problems"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Matches("hedvig_damaged_volumes [12]\n", await host.Client.Http.GetStringAsync("/metrics"));
    }

    private static async Task AttachAsync(InProcessHost host, string volume) =>
        Assert.Equal("ok", (await host.Client.AttachAsync(volume))["status"]!.GetValue<string>());

    private static async Task<string> PathAsync(InProcessHost host, string volume) =>
        (await host.Client.AttachAsync(volume))["result"]!["device"]!["path"]!.GetValue<string>();

    private static async Task DetachAsync(InProcessHost host, string volume) =>
        await host.Client.OkAsync("Detach", new JsonObject { ["virtualDisk"] = volume, ["host"] = "host1" });
}
