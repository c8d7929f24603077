namespace HedvigStorage.ClusterHost.Tests;

/// <summary>Each state that a crash can leave is put together by hand; the next start must end it.</summary>
public sealed class RecoveryTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();

    private string Data => _directory["data"];

    private string Volumes => Path.Combine(Data, "volumes");

    private string Snapshots => Path.Combine(Data, "snapshots");

    public async Task InitializeAsync()
    {
        await using var host = await InProcessHost.StartAsync(Data);
        await host.Client.CreateAsync("v");
        await host.Client.SnapshotAsync("v", "s");
    }

    public Task DisposeAsync()
    {
        _directory.Dispose();
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData(".img")]
    [InlineData(".img.tmp")]
    [InlineData(null)]
    public async Task A_clone_that_was_begun_is_taken_back(string? file)
    {
        var id = Guid.NewGuid().ToString("D");
        Change(
            """
            INSERT INTO volumes (id, name, state, type, size, file_system, attributes, protected, description, created_at, source_id, source_volume)
            SELECT $1, 'half', 1, type, size, file_system, attributes, 0, '', created_at, id, name FROM volumes WHERE name = 'v'
            """,
            id);
        Touch(Volumes, id, file);
        await AssertOnlyVolumeAndSnapshotAsync();
    }

    [Fact]
    public async Task A_file_of_a_reserved_id_is_taken_back()
    {
        var id = Guid.NewGuid().ToString("D");
        Change("INSERT INTO reserved VALUES ($1)", id);
        Touch(Volumes, id, ".img");
        await AssertOnlyVolumeAndSnapshotAsync();
    }

    [Fact]
    public async Task A_volume_whose_id_is_still_in_the_reserve_is_kept()
    {
        Change("INSERT OR REPLACE INTO reserved SELECT id FROM volumes");
        await AssertOnlyVolumeAndSnapshotAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public async Task An_image_that_lost_its_size_gets_it_back_and_keeps_its_content(int length)
    {
        var image = Directory.GetFiles(Volumes).Single();
        await File.WriteAllBytesAsync(image, new byte[] { 1, 2, 3, 4, 5 }[..length]);
        await AssertOnlyVolumeAndSnapshotAsync();
        Assert.Equal(16L << 20, new FileInfo(image).Length);
        var content = await File.ReadAllBytesAsync(image);
        Assert.Equal(new byte[] { 1, 2, 3, 4, 5 }[..length], content[..length]);
        Assert.All(content[length..], value => Assert.Equal(0, value));
    }

    [Theory]
    [InlineData(".img")]
    [InlineData(".img.tmp")]
    [InlineData(null)]
    public async Task A_snapshot_that_was_begun_is_taken_back(string? file)
    {
        var id = Guid.NewGuid().ToString("D");
        Change(
            """
            INSERT INTO snapshots (id, volume_id, name, state, size, allocated, created_at)
            SELECT $1, volume_id, 'half', 1, size, 0, created_at FROM snapshots WHERE name = 's'
            """,
            id);
        Touch(Snapshots, id, file);
        await AssertOnlyVolumeAndSnapshotAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_removal_of_a_volume_that_was_begun_is_finished(bool fileIsThere)
    {
        Change("UPDATE snapshots SET state = 2");
        Change("UPDATE volumes SET state = 2");
        if (!fileIsThere)
        {
            File.Delete(Directory.GetFiles(Volumes).Single());
        }

        await using var host = await InProcessHost.StartAsync(Data);
        Assert.Empty(await host.Client.ListVolumesAsync());
        Assert.Empty(Directory.GetFiles(Volumes));
        Assert.Empty(Directory.GetFiles(Snapshots));
        Assert.Equal(0, (await host.Client.OkAsync("ClusterInformation"))!["provisionedBytes"]!.GetValue<long>());
        await host.Client.CreateAsync("v", "32MB");
    }

    [Fact]
    public async Task A_removal_of_a_snapshot_that_was_begun_is_finished()
    {
        Change("UPDATE snapshots SET state = 2");
        await using var host = await InProcessHost.StartAsync(Data);
        Assert.Empty((await host.Client.OkAsync("ListSnapshots"))!["snapshots"]!.AsArray());
        Assert.Empty(Directory.GetFiles(Snapshots));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_resize_that_was_begun_is_finished(bool fileHasGrown)
    {
        Change("UPDATE volumes SET pending_size = $1", 32L << 20);
        if (fileHasGrown)
        {
            using var file = File.OpenWrite(Directory.GetFiles(Volumes).Single());
            file.SetLength(32L << 20);
        }

        await using var host = await InProcessHost.StartAsync(Data);
        Assert.Equal(32L << 20, Assert.Single(await host.Client.ListVolumesAsync())!["sizeBytes"]!.GetValue<long>());
        Assert.Equal(32L << 20, new FileInfo(Directory.GetFiles(Volumes).Single()).Length);
    }

    [Fact]
    public async Task A_revert_that_was_begun_leaves_the_old_content_and_no_file()
    {
        Change("UPDATE volumes SET reverting_to = (SELECT id FROM snapshots)");
        var image = Directory.GetFiles(Volumes).Single();
        await File.WriteAllTextAsync(image + ".tmp", "half");
        await AssertOnlyVolumeAndSnapshotAsync();
    }

    [Fact]
    public async Task Files_that_are_not_the_catalogs_are_left_alone()
    {
        var stranger = Path.Combine(Volumes, Guid.NewGuid().ToString("D") + ".img");
        await File.WriteAllTextAsync(stranger, "mine");
        await using var host = await InProcessHost.StartAsync(Data);
        Assert.Equal("mine", await File.ReadAllTextAsync(stranger));
    }

    private async Task AssertOnlyVolumeAndSnapshotAsync()
    {
        await using var host = await InProcessHost.StartAsync(Data);
        Assert.Equal("v", Assert.Single(await host.Client.ListVolumesAsync())!["name"]!.GetValue<string>());
        Assert.Equal(
            "s", Assert.Single((await host.Client.OkAsync("ListSnapshots"))!["snapshots"]!.AsArray())!["name"]!.GetValue<string>());
        Assert.Single(Directory.GetFiles(Volumes));
        Assert.Single(Directory.GetFiles(Snapshots));
        Assert.Equal(16L << 20, (await host.Client.OkAsync("ClusterInformation"))!["provisionedBytes"]!.GetValue<long>());
        await host.Client.CreateAsync("half");
    }

    private void Change(string sql, params object?[] values) => CatalogFile.Change(Data, sql, values);

    private static void Touch(string directory, string id, string? extension)
    {
        if (extension is not null)
        {
            File.WriteAllText(Path.Combine(directory, id + extension), "half");
        }
    }
}
