using HedvigStorage.PluginHost.Mounts;

namespace HedvigStorage.PluginHost.Tests;

/// <summary>
/// What CSI's conformance list asks of whoever mounts volumes on a machine, in the calls of this protocol. What the tests of mounting, use
/// counts and growth show is not repeated here.
/// </summary>
public sealed class NodeContractTests
{
    [SkippableFact]
    public async Task A_volume_that_is_not_there_is_not_mounted_and_leaves_nothing()
    {
        await using var plugin = await PluginFixture.StartAsync();
        Assert.Contains("couldn't be found", await plugin.MountErrorAsync("none", "one"), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateDirectories(plugin.MountRoot));
        Assert.Empty(plugin.LoopDevices());
        Assert.Empty(MountTable.Load(plugin.State).All);
        Assert.Equal(string.Empty, await plugin.UnmountAsync("none", "one"));
    }

    [SkippableFact]
    public async Task A_use_without_an_ID_is_a_use_of_its_own()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data");
        var answer = await plugin.CallAsync("VolumeDriver.Mount", """{"Name":"data"}""");
        Assert.Equal(string.Empty, answer.GetProperty("Err").GetString());
        Assert.Equal(await plugin.MountAsync("data", "one"), answer.GetProperty("Mountpoint").GetString());
        Assert.Equal(string.Empty, await plugin.UnmountAsync("data", "one"));
        Assert.True(plugin.IsMounted("data"));
        Assert.Equal(string.Empty, await plugin.ErrorOfAsync("VolumeDriver.Unmount", """{"Name":"data"}"""));
        Assert.False(plugin.IsMounted("data"));
    }

    [SkippableFact]
    public async Task All_uses_of_a_volume_have_one_path_and_see_the_same_files()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data");
        var path = await plugin.MountAsync("data", "one");
        await File.WriteAllTextAsync(Path.Combine(path, "file"), "content");
        Assert.Equal(path, await plugin.MountAsync("data", "two"));
        Assert.Equal("content", await File.ReadAllTextAsync(Path.Combine(path, "file")));
        Assert.Single(plugin.LoopDevices());
        _ = await plugin.UnmountAsync("data", "one");
        _ = await plugin.UnmountAsync("data", "two");
    }

    [SkippableFact]
    public async Task A_volume_that_is_mounted_elsewhere_can_be_mounted_as_soon_as_it_is_given_back_there()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data");
        plugin.Cluster.HoldBy("data", "elsewhere");
        Assert.Contains("elsewhere", await plugin.MountErrorAsync("data", "one"), StringComparison.Ordinal);
        plugin.Cluster.LoseLease("data");
        _ = await plugin.MountAsync("data", "one");
        Assert.Equal(string.Empty, await plugin.UnmountAsync("data", "one"));
    }

    [SkippableFact]
    public async Task Where_a_volume_is_mounted_is_told_while_it_is_and_nothing_otherwise()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data");
        Assert.Equal(string.Empty, await PathAsync(plugin));
        var path = await plugin.MountAsync("data", "one");
        Assert.Equal(path, await PathAsync(plugin));
        Assert.Equal(path, (
            await plugin.CallAsync("VolumeDriver.Get", """{"Name":"data"}""")).GetProperty("Volume").GetProperty("Mountpoint").GetString());
        _ = await plugin.UnmountAsync("data", "one");
        Assert.Equal(string.Empty, await PathAsync(plugin));
        Assert.False(Directory.Exists(path));
    }

    [SkippableFact]
    public async Task Each_volume_is_mounted_at_a_place_of_its_own_and_the_end_of_one_leaves_the_others()
    {
        const int Volumes = 8;
        await using var plugin = await PluginFixture.StartAsync();
        var names = Enumerable.Range(0, Volumes).Select(number => string.Create(CultureInfo.InvariantCulture, $"v{number}")).ToArray();
        var paths = await Task.WhenAll(names.Select(async name =>
        {
            _ = await plugin.CreateAsync(name);
            var path = await plugin.MountAsync(name, "one");
            await File.WriteAllTextAsync(Path.Combine(path, "name"), name);
            return path;
        }));
        Assert.Equal(string.Empty, await plugin.UnmountAsync(names[3], "one"));
        Assert.False(Directory.Exists(paths[3]));
        foreach (var (name, path) in names.Zip(paths).Where(pair => pair.First != names[3]))
        {
            Assert.Equal(name, await File.ReadAllTextAsync(Path.Combine(path, "name")));
            Assert.Equal(string.Empty, await plugin.UnmountAsync(name, "one"));
        }
    }

    [SkippableFact]
    public async Task A_volume_that_is_made_again_under_its_name_has_nothing_of_the_one_before()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data");
        await File.WriteAllTextAsync(Path.Combine(await plugin.MountAsync("data", "one"), "file"), "content");
        _ = await plugin.UnmountAsync("data", "one");
        Assert.Equal(string.Empty, await plugin.RemoveAsync("data"));
        _ = await plugin.CreateAsync("data");
        Assert.Empty(Directory.EnumerateFileSystemEntries(await plugin.MountAsync("data", "one")));
        Assert.Equal(string.Empty, await plugin.UnmountAsync("data", "one"));
    }

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_whole_life_goes_well_however_often_each_call_is_repeated(int times)
    {
        await using var plugin = await PluginFixture.StartAsync();
        await RepeatAsync(() => plugin.CreateAsync("data"));
        var path = Path.Combine(plugin.MountRoot, "data");
        await RepeatAsync(
            async () =>
                string.Equals(path, await plugin.MountAsync("data", "one"), StringComparison.Ordinal) ? string.Empty : "another path");

        // Each Mount has an Unmount of its own; more of them change nothing.
        await RepeatAsync(() => plugin.UnmountAsync("data", "one"));
        await RepeatAsync(() => plugin.UnmountAsync("data", "one"));
        Assert.False(Directory.Exists(path));
        await RepeatAsync(() => plugin.RemoveAsync("data"));
        Assert.Null(plugin.Cluster.Volume("data"));

        async Task RepeatAsync(Func<Task<string>> call)
        {
            for (var time = 0; time < times; time++)
            {
                Assert.Equal(string.Empty, await call());
            }
        }
    }

    private static async Task<string?> PathAsync(PluginFixture plugin) =>
        (await plugin.CallAsync("VolumeDriver.Path", """{"Name":"data"}""")).GetProperty("Mountpoint").GetString();
}
