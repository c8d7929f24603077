using System.Text.Json;

namespace HedvigStorage.Conformance;

/// <summary><c>hv volume</c> and <c>hv snapshot</c>, and <c>hv help</c>, as a person types them.</summary>
public sealed class StorageCommandTests : IAsyncLifetime
{
    private ClusterFolder _cluster = null!;

    public async Task InitializeAsync() => _cluster = await ClusterFolder.StartAsync("--reserve", "0");

    public Task DisposeAsync() => _cluster.DisposeAsync().AsTask();

    [Fact]
    public async Task One_volume_is_made_listed_shown_grown_and_removed()
    {
        Assert.Contains("There are no such volumes", (await HvAsync("volume list")).Expect(0).Output, StringComparison.Ordinal);
        (await HvAsync("volume create data --size 320MB --fs xfs --description some")).Expect(0);
        (await HvAsync("volume create data --size 320MB --fs xfs --description some")).Expect(0);
        (await HvAsync("volume create other --size 1GB")).Expect(0);

        using var shown = JsonDocument.Parse((await HvAsync("volume show data --json")).Expect(0).Output);
        Assert.Equal(
            ("data", "320MB", 320L << 20, "xfs", "some"),
            (
                shown.RootElement.GetProperty("name").GetString(),
                shown.RootElement.GetProperty("size").GetString(),
                shown.RootElement.GetProperty("sizeBytes").GetInt64(),
                shown.RootElement.GetProperty("fileSystem").GetString(),
                shown.RootElement.GetProperty("description").GetString()));
        Assert.Equal(
            ["NAME", "data"], (await HvAsync("volume list d*")).Expect(0).Output.TrimEnd().Split('\n').Select(line => line.Split(' ')[0]));

        Assert.Contains("512 MB", (await HvAsync("volume resize data 512MB")).Expect(0).Output, StringComparison.Ordinal);
        Assert.Contains("The volume data is removed.", (await HvAsync("volume remove data")).Expect(0).Output, StringComparison.Ordinal);
        Assert.Contains("There is no volume 'data'", (await HvAsync("volume remove data")).Expect(1).Errors, StringComparison.Ordinal);
        Assert.Contains("There is no volume 'data'", (await HvAsync("volume show data")).Expect(1).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_snapshot_is_made_listed_reverted_to_cloned_and_removed()
    {
        (await HvAsync("volume create data --size 64MB")).Expect(0);
        (await HvAsync("snapshot create data before")).Expect(0);
        Assert.Contains("data", (await HvAsync("snapshot list")).Expect(0).Output, StringComparison.Ordinal);
        Assert.Contains("before", (await HvAsync("snapshot list data")).Expect(0).Output, StringComparison.Ordinal);
        (await HvAsync("snapshot revert data before")).Expect(0);
        (await HvAsync("volume create copy --from data --snapshot before")).Expect(0);
        Assert.Contains("data@before", (await HvAsync("volume show copy --json")).Expect(0).Output, StringComparison.Ordinal);
        (await HvAsync("snapshot remove data before")).Expect(0);
        Assert.Contains("There are no such snapshots", (await HvAsync("snapshot list data")).Expect(0).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("volume create data", "--size 20GB")]
    [InlineData("volume create data --size many", "'many' is not a size")]
    [InlineData("volume create data --size 1GB --fs ext3", "Did you mean 'Ext4'?")]
    [InlineData("volume create data --size 1GB --snapshot s", "--from")]
    [InlineData("volume create a/b --size 1GB", "a/b")]
    [InlineData("volume resize none 1GB", "none")]
    [InlineData("plan .", "is a folder")]
    public async Task What_is_wrong_is_one_error_with_what_would_be_right(string arguments, string expected)
    {
        var ended = (await HvAsync(arguments)).Expect(1);
        Assert.Contains(expected, ended.Errors, StringComparison.Ordinal);
        Assert.Single(ended.Errors.TrimEnd().Split('\n'));
        Assert.Contains("There are no such volumes", (await HvAsync("volume list")).Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_is_given_in_the_way_that_many_try_first()
    {
        Assert.Contains("--prune", (await HvAsync("help plan")).Expect(0).Output, StringComparison.Ordinal);
        Assert.Contains("Did you mean 'plan'?", (await HvAsync("help plam")).Expect(64).Errors, StringComparison.Ordinal);
    }

    private Task<Ended> HvAsync(string arguments) => _cluster.HvAsync(arguments.Split(' '));
}
