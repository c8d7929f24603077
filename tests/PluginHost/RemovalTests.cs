namespace HedvigStorage.PluginHost.Tests;

/// <summary>
/// A container engine removes what was made through a plugin host. <c>podman volume prune</c> asks for the removal of everything that the
/// driver lists.
/// </summary>
public sealed class RemovalTests
{
    [SkippableFact]
    public async Task What_was_made_through_a_plugin_host_is_removed()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("source");
        _ = await plugin.CreateAsync("clone", "\"from\":\"source\"");
        foreach (var name in new[] { "clone", "source" })
        {
            Assert.Equal(string.Empty, await plugin.RemoveAsync(name));
            Assert.Null(plugin.Cluster.Volume(name));
        }
    }

    [SkippableFact]
    public async Task What_was_made_by_hand_is_refused_in_words_that_say_how_it_is_removed()
    {
        await using var plugin = await PluginFixture.StartAsync();
        await MakeAsync(plugin, "byhand");

        // An engine that knows it by name makes it no other's.
        Assert.Equal(string.Empty, await plugin.CreateAsync("byhand"));
        var error = await plugin.RemoveAsync("byhand");
        Assert.Contains("'byhand' was not made through a plugin host", error, StringComparison.Ordinal);
        Assert.Contains("Remove-HvVolume", error, StringComparison.Ordinal);
        Assert.Contains("--remove Any", error, StringComparison.Ordinal);
        Assert.NotNull(plugin.Cluster.Volume("byhand"));
    }

    [SkippableFact]
    public async Task With_the_option_what_was_made_by_hand_is_removed_and_what_a_document_has_is_not()
    {
        await using var plugin = await PluginFixture.StartAsync();
        await plugin.StopHostAsync();
        plugin.Removals = Volumes.RemovalPolicy.Any;
        await plugin.StartHostAsync();
        await MakeAsync(plugin, "byhand");
        await MakeAsync(plugin, "described", (ObjectLabels.Document, "shop"));

        Assert.Equal(string.Empty, await plugin.RemoveAsync("byhand"));
        Assert.Contains("belongs to the document 'shop'", await plugin.RemoveAsync("described"), StringComparison.Ordinal);
        Assert.NotNull(plugin.Cluster.Volume("described"));
    }

    [SkippableFact]
    public async Task What_a_document_has_adopted_is_its_own()
    {
        await using var plugin = await PluginFixture.StartAsync();
        await MakeAsync(plugin, "adopted", (VolumeOrigin.Label, VolumeOrigin.PluginHost), (ObjectLabels.Document, "shop"));
        Assert.Contains("belongs to the document 'shop'", await plugin.RemoveAsync("adopted"), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_cluster_that_keeps_no_labels_cannot_tell_so_all_are_removed()
    {
        await using var plugin = await PluginFixture.StartAsync();
        plugin.Cluster.KeepsLabels = false;
        await MakeAsync(plugin, "data");
        Assert.Equal(string.Empty, await plugin.RemoveAsync("data"));
    }

    [SkippableFact]
    public async Task A_cluster_that_removes_by_labels_is_asked_once_and_refuses_the_same()
    {
        await using var plugin = await PluginFixture.StartAsync();
        plugin.Cluster.KnowsConditions = true;
        _ = await plugin.CreateAsync("mine");
        await MakeAsync(plugin, "byhand");
        await MakeAsync(plugin, "described", (VolumeOrigin.Label, VolumeOrigin.PluginHost), (ObjectLabels.Document, "shop"));

        var looks = plugin.Cluster.Count("Find");
        Assert.Equal(string.Empty, await plugin.RemoveAsync("mine"));
        Assert.Equal(looks, plugin.Cluster.Count("Find"));
        Assert.Equal(string.Empty, await plugin.RemoveAsync("mine"));
        Assert.Contains("'byhand' was not made through a plugin host", await plugin.RemoveAsync("byhand"), StringComparison.Ordinal);
        Assert.Contains("belongs to the document 'shop'", await plugin.RemoveAsync("described"), StringComparison.Ordinal);
        Assert.NotNull(plugin.Cluster.Volume("byhand"));
        Assert.NotNull(plugin.Cluster.Volume("described"));
    }

    [SkippableFact]
    public async Task A_volume_that_a_document_takes_at_the_moment_of_its_removal_stays()
    {
        await using var plugin = await PluginFixture.StartAsync();
        plugin.Cluster.KnowsConditions = true;
        _ = await plugin.CreateAsync("v");
        plugin.Cluster.BeforeDelete = () => plugin.Cluster.Label("v", ObjectLabels.Document, "shop");
        Assert.Contains("belongs to the document 'shop'", await plugin.RemoveAsync("v"), StringComparison.Ordinal);
        Assert.NotNull(plugin.Cluster.Volume("v"));
    }

    private static Task<Volume> MakeAsync(PluginFixture plugin, string name, params (string Name, string Value)[] labels)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (label, value) in labels)
        {
            given[label] = value;
        }

        return plugin.Cluster.CreateVolumeAsync(
            new VolumeSpecification { Name = name, Size = new ByteSize("64MB"), Labels = given }, default);
    }
}
