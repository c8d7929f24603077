using HedvigStorage.ClusterHost.Catalog;

namespace HedvigStorage.ClusterHost.Tests;

/// <summary><c>hv-cluster --check</c>, of a folder that no host serves.</summary>
public sealed class DataCheckTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();

    private string Data => _directory["data"];

    private string Catalog => Path.Combine(Data, "catalog.db");

    public async Task InitializeAsync()
    {
        await using var host = await InProcessHost.StartAsync(Data);
        await host.Client.CreateAsync("v");
        var image = (await host.Client.AttachAsync("v"))["result"]!["device"]!["path"]!.GetValue<string>();
        await File.WriteAllBytesAsync(image, Enumerable.Repeat((byte)1, 16 << 20).ToArray());
        await host.Client.OkAsync("Detach", new System.Text.Json.Nodes.JsonObject { ["virtualDisk"] = "v", ["host"] = "host1" });
        await host.Client.SnapshotAsync("v", "s");
    }

    public Task DisposeAsync()
    {
        _directory.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public void A_folder_that_is_well_is_told_to_be_and_stays_as_it_is()
    {
        var before = Fingerprint();
        var (status, output, error) = Check();
        Assert.Equal((0, "Nothing is wrong.\n", string.Empty), (status, output, error));
        Assert.Equal(before, Fingerprint());
    }

    [Fact]
    public void What_is_damaged_is_told_with_status_2()
    {
        var image = Directory.GetFiles(Path.Combine(Data, "volumes")).Single();
        Shell.Run("truncate", "--size", "1M", image);
        File.Delete(Directory.GetFiles(Path.Combine(Data, "snapshots")).Single());
        File.WriteAllText(Path.Combine(Data, "volumes", "stranger.img"), "mine");
        var (status, output, _) = Check();
        Assert.Equal(2, status);
        Assert.Contains($"The volume 'v' is damaged: Its image {image} has 1048576 bytes of 16777216.", output, StringComparison.Ordinal);
        Assert.Contains("The snapshot 'v@s' is damaged", output, StringComparison.Ordinal);
        Assert.Contains("stranger.img", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_catalog_that_is_gone_or_damaged_is_told_with_status_2()
    {
        using (var file = File.OpenHandle(Catalog, FileMode.Open, FileAccess.Write))
        {
            RandomAccess.Write(file, new byte[4096], 8192);
        }

        var (status, output, _) = Check();
        Assert.Equal(2, status);
        Assert.Contains("page 3 is not as it was written", output, StringComparison.Ordinal);
        File.Delete(Catalog);
        (status, output, _) = Check();
        Assert.Equal(2, status);
        Assert.Contains("is gone", output, StringComparison.Ordinal);
        Assert.False(File.Exists(Catalog));
    }

    [Fact]
    public async Task What_was_changed_on_purpose_is_accepted_and_served()
    {
        using (var connection = new CatalogConnection(Catalog, readOnly: false))
        {
            connection.Execute("UPDATE volumes SET description = 'by hand'");
            connection.Execute("UPDATE totals SET commits = 0");
        }

        var image = Directory.GetFiles(Path.Combine(Data, "volumes")).Single();
        Shell.Run("fallocate", "--punch-hole", "--offset", "1M", "--length", "1M", image);
        Assert.Equal(2, Check().Status);
        Assert.Equal(0, Check("--accept").Status);
        Assert.Equal(0, Check().Status);
        await using var host = await InProcessHost.StartAsync(Data);
        Assert.Equal("by hand", Assert.Single(await host.Client.ListVolumesAsync())!["description"]!.GetValue<string>());
        Assert.Equal("ok", (await host.Client.AttachAsync("v"))["status"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_older_catalog_of_a_running_host_that_is_accepted_or_has_no_marker_removes_nothing_that_was_made_since(bool accepted)
    {
        string[] images;
        await using (var host = await InProcessHost.StartAsync(Data))
        {
            await host.Client.CreateAsync("first");
            foreach (var file in Directory.GetFiles(Data, "catalog.db*"))
            {
                File.Copy(file, _directory[Path.GetFileName(file)]);
            }

            await host.Client.CreateAsync("later");
            images = [await host.Client.ImagePathAsync("first"), await host.Client.ImagePathAsync("later")];
        }

        foreach (var file in Directory.GetFiles(Data, "catalog.db*"))
        {
            File.Delete(file);
        }

        File.Copy(_directory["catalog.db"], Catalog);
        File.Copy(_directory["catalog.db-wal"], Catalog + "-wal");
        if (accepted)
        {
            Assert.Equal(2, Check("--accept").Status);
        }
        else
        {
            File.Delete(CatalogMarker.PathOf(Catalog));
            File.Delete(PageSums.PathOf(Catalog));
        }

        await using (await InProcessHost.StartAsync(Data))
        {
            Assert.All(images, image => Assert.True(File.Exists(image)));
        }
    }

    [Fact]
    public async Task An_id_in_the_reserve_that_somebody_has_written_to_is_not_removed_as_unused()
    {
        var written = Path.Combine(Data, "volumes", "written.img");
        var blank = Path.Combine(Data, "volumes", "blank.img");
        await File.WriteAllBytesAsync(written, Enumerable.Repeat((byte)1, 1 << 20).ToArray());
        Shell.Run("truncate", "--size", "1M", blank);
        CatalogFile.Change(Data, "INSERT INTO reserved VALUES ('written'), ('blank')");
        await using var host = await InProcessHost.StartAsync(Data);
        Assert.True(File.Exists(written));
        Assert.False(File.Exists(blank));
        Assert.Contains("written.img", (await host.Client.OkAsync("Health"))!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_right_is_not_accepted()
    {
        using (var file = File.OpenHandle(Catalog, FileMode.Open, FileAccess.Write))
        {
            RandomAccess.Write(file, new byte[4096], 8192);
        }

        var (status, output, _) = Check("--accept");
        Assert.Equal(2, status);
        Assert.Contains("is damaged", output, StringComparison.Ordinal);
        Assert.True(File.Exists(CatalogMarker.PathOf(Catalog)));
    }

    [Fact]
    public async Task A_folder_that_is_served_or_is_not_there_cannot_be_checked()
    {
        await using (await InProcessHost.StartAsync(Data))
        {
            var (served, _, error) = Check();
            Assert.Equal(1, served);
            Assert.Contains("another hv-cluster", error, StringComparison.Ordinal);
        }

        var (status, _, missing) = Shell.Try(HostProcess.Program, "--data", _directory["nowhere"], "--check");
        Assert.Equal(1, status);
        Assert.Contains("There is no data directory", missing, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_directory["nowhere"]));
        Assert.Equal(64, Shell.Try(HostProcess.Program, "--data", Data, "--accept").Status);
    }

    [Fact]
    public async Task A_running_host_checks_itself_when_it_is_asked()
    {
        await using var host = await InProcessHost.StartAsync(Data);
        using var cluster = host.Connect();
        Assert.True((await cluster.Administration.CheckAsync(default)).Healthy);
        Shell.Run(
            "fallocate",
            "--punch-hole",
            "--offset",
            "1M",
            "--length",
            "1M",
            Directory.GetFiles(Path.Combine(Data, "volumes")).Single(file => new FileInfo(file).Length > 0));
        var health = await cluster.Administration.CheckAsync(default);
        Assert.False(health.Healthy);
        Assert.Contains("has lost 1048576 bytes", Assert.Single(health.Problems), StringComparison.Ordinal);
        Assert.Contains("has lost", (await cluster.FindVolumeAsync("v", default))!.Damage, StringComparison.Ordinal);
    }

    private (int Status, string Output, string Error) Check(params string[] more) =>
        Shell.Try(HostProcess.Program, ["--data", Data, "--check", .. more]);

    private string Fingerprint() =>
        Shell.Run(
            "sh",
            "-c",
            $"cd {Data} && find . -name '*.img' -o -name 'catalog.db' -o -name 'catalog.marker' -o -name 'catalog.sums' | sort | xargs "
                + "sha256sum");
}
