namespace HedvigStorage.Conformance;

/// <summary>
/// <c>hv cluster backup</c>, of a cluster that runs and of one that is stopped, and the way back that docs/operating.md tells.
/// </summary>
public sealed class ClusterBackupTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hedvigstorage-backup-").FullName;

    private string Data => Path.Combine(_folder, ".hedvig", "cluster");

    public async Task InitializeAsync()
    {
        (await HvAsync("cluster", "start", "--listen", "http://127.0.0.1:0", "--reserve", "0")).Expect(0);
        (await HvAsync("volume", "create", "kept", "--size", "64MB")).Expect(0);
    }

    public async Task DisposeAsync()
    {
        var stopped = await HvAsync("cluster", "stop");
        Directory.Delete(_folder, recursive: true);
        _ = stopped.Expect(0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_backup_is_put_back_as_the_documentation_says(bool runs)
    {
        var file = Path.Combine(_folder, "catalog.backup");
        if (!runs)
        {
            (await HvAsync("cluster", "stop")).Expect(0);
        }

        var made = (await HvAsync("cluster", "backup", file, "--json")).Expect(0).Output;
        Assert.Contains($"\"running\":{(runs ? "true" : "false")}", made, StringComparison.Ordinal);
        Assert.Equal("600\n", (await Programs.RunAsync("stat", _folder, environment: null, "-c", "%a", file)).Expect(0).Output);
        Assert.Equal(["catalog.backup"], Directory.GetFiles(_folder).Select(Path.GetFileName));
        (await HvAsync("cluster", "start")).Expect(0);
        (await HvAsync("volume", "create", "later", "--size", "64MB")).Expect(0);

        (await HvAsync("cluster", "stop")).Expect(0);
        File.Delete(Path.Combine(Data, "catalog.db-wal"));
        File.Delete(Path.Combine(Data, "catalog.db-shm"));
        File.Copy(file, Path.Combine(Data, "catalog.db"), overwrite: true);
        var accepted = (await HvAsync("cluster", "check", "--accept")).Expect(2).Output;
        Assert.Contains("none of the catalog's", accepted, StringComparison.Ordinal);
        (await HvAsync("cluster", "start")).Expect(0);
        var listed = (await HvAsync("volume", "list")).Expect(0).Output;
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
            (await HvAsync("cluster", "stop")).Expect(0);
        }

        var file = Path.Combine(_folder, "mine");
        await File.WriteAllTextAsync(file, "mine");
        Assert.Contains("already exists", (await HvAsync("cluster", "backup", file)).Expect(1).Errors, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(file));
        var nowhere = await HvAsync("cluster", "backup", Path.Combine(_folder, "nowhere", "file"));
        Assert.Contains("cannot be written", nowhere.Expect(1).Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", nowhere.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Data, "catalog-backup*"));
    }

    private Task<Ended> HvAsync(params string[] arguments) =>
        Programs.RunAsync(
            Programs.Path("hv"),
            _folder,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["DOCKER_HOST"] = "unix:///nonexistent/docker.sock" },
            arguments);
}
