namespace HedvigStorage.Conformance;

/// <summary>
/// <c>hv cluster backup</c>, of a cluster that runs and of one that is stopped, and the way back that docs/operating.md tells.
/// </summary>
public sealed class ClusterBackupTests : IAsyncLifetime
{
    private ClusterFolder _cluster = null!;

    public async Task InitializeAsync()
    {
        _cluster = await ClusterFolder.StartAsync("--reserve", "0");
        (await _cluster.HvAsync("volume", "create", "kept", "--size", "64MB")).Expect(0);
    }

    public Task DisposeAsync() => _cluster.DisposeAsync().AsTask();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_backup_is_put_back_as_the_documentation_says(bool runs)
    {
        var file = Path.Combine(_cluster.Folder, "catalog.backup");
        if (!runs)
        {
            (await _cluster.HvAsync("cluster", "stop")).Expect(0);
        }

        var made = (await _cluster.HvAsync("cluster", "backup", file, "--json")).Expect(0).Output;
        Assert.Contains($"\"running\":{(runs ? "true" : "false")}", made, StringComparison.Ordinal);
        Assert.Equal("600\n", (await Programs.RunAsync("stat", _cluster.Folder, environment: null, "-c", "%a", file)).Expect(0).Output);
        Assert.Equal(["catalog.backup"], Directory.GetFiles(_cluster.Folder).Select(Path.GetFileName));
        (await _cluster.HvAsync("cluster", "start")).Expect(0);
        (await _cluster.HvAsync("volume", "create", "later", "--size", "64MB")).Expect(0);

        (await _cluster.HvAsync("cluster", "stop")).Expect(0);
        File.Delete(Path.Combine(_cluster.Data, "catalog.db-wal"));
        File.Delete(Path.Combine(_cluster.Data, "catalog.db-shm"));
        File.Copy(file, Path.Combine(_cluster.Data, "catalog.db"), overwrite: true);
        var accepted = (await _cluster.HvAsync("cluster", "check", "--accept")).Expect(2).Output;
        Assert.Contains("none of the catalog's", accepted, StringComparison.Ordinal);
        (await _cluster.HvAsync("cluster", "start")).Expect(0);
        var listed = (await _cluster.HvAsync("volume", "list")).Expect(0).Output;
        Assert.Contains("kept", listed, StringComparison.Ordinal);
        Assert.DoesNotContain("later", listed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_that_is_there_is_not_written_over_nor_one_where_none_can_be(bool runs)
    {
        if (!runs)
        {
            (await _cluster.HvAsync("cluster", "stop")).Expect(0);
        }

        var file = Path.Combine(_cluster.Folder, "mine");
        await File.WriteAllTextAsync(file, "mine");
        Assert.Contains("already exists", (await _cluster.HvAsync("cluster", "backup", file)).Expect(1).Errors, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(file));
        var nowhere = await _cluster.HvAsync("cluster", "backup", Path.Combine(_cluster.Folder, "nowhere", "file"));
        Assert.Contains("cannot be written", nowhere.Expect(1).Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", nowhere.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_cluster.Data, "catalog-backup*"));
    }
}
